"""What to do after a treatment: the clinic's texts in versions, and which of them a patient was given, and when."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from charting.models.plans import PlanVersion
from core.ids import uuid7
from core.models import Keyed
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from scheduling.models import Appointment


class AftercareTextQuerySet(models.QuerySet["AftercareText"]):
    def current(self) -> "AftercareTextQuerySet":
        """Those that are given out from now on."""
        return self.filter(is_current=True, archived_at=None)


class AftercareText(Keyed):
    """One published version. Its words never change; a change is the next version of its family.

    `texts`: {"en": {"title", "body"}, "es": …}, English always, in the small markup of consents.markup.
    """

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    family = models.UUIDField(default=uuid7, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=80)
    services = ArrayField(models.UUIDField(), default=list, blank=True)
    texts = models.JSONField()
    is_current = models.BooleanField(default=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True)

    objects = AftercareTextQuerySet.as_manager()

    class Meta:
        ordering = ["name", "uid"]
        constraints = [
            models.UniqueConstraint(fields=["family", "version"], name="charting_aftercare_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def text_in(self, language: str) -> tuple[str, dict[str, str]]:
        """In the language, or in English where there is none: (language, {"title", "body"})."""
        chosen = language if language in self.texts else "en"
        return chosen, self.texts[chosen]


class SheetState(models.TextChoices):
    WAITING = "waiting", _("Will be sent")
    SENT = "sent", _("Sent")
    READY = "ready", _("In the portal; no message could be sent")
    HANDED = "handed", _("Handed over")
    VOID = "void", _("Taken back, not sent")


class SheetQuerySet(models.QuerySet["AftercareSheet"]):
    def given(self) -> "SheetQuerySet":
        """What the patient may read."""
        return self.filter(state__in=(SheetState.SENT, SheetState.READY, SheetState.HANDED))


class AftercareSheet(Keyed):
    """One version given to one patient after one visit; with what the plan that stood then says besides."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="aftercare", db_index=False)
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="aftercare", null=True, db_index=False
    )
    text = models.ForeignKey(AftercareText, models.PROTECT, related_name="sheets", null=True, db_index=False)
    plan_version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+", null=True, db_index=False)
    state = models.CharField(max_length=8, choices=SheetState.choices, default=SheetState.WAITING)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=100, blank=True)  # blank: by itself, after the visit
    read_at = models.DateTimeField(null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-due_at"], name="charting_sheet_person")]
        constraints = [
            # Exactly once for each visit and version, whoever presses what how often.
            models.UniqueConstraint(
                fields=["appointment", "text"],
                condition=models.Q(appointment__isnull=False),
                name="charting_sheet_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(text__isnull=False) | models.Q(plan_version__isnull=False),
                name="charting_sheet_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"aftercare {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid
