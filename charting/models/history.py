"""What is known of somebody's health: one line of it, and every version the line ever had."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from vault.fields import SealedJSONField


class HistoryKind(models.TextChoices):
    ALLERGY = "allergy", _("Allergy")
    NO_ALLERGIES = "no_allergies", _("No known allergies")
    MEDICATION = "medication", _("Medication")
    CONDITION = "condition", _("Condition or contraindication")
    SKIN_TYPE = "skin_type", _("Skin type")
    PATCH_TEST = "patch_test", _("Patch test")


class HistoryStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    MISTAKE = "mistake", _("Entered in error")


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    def newest(self) -> "HistoryQuerySet":
        """Each line as it stands now."""
        return self.order_by("line", "-number").distinct("line")


class HistoryEntry(Outward):
    """One version of one line. A change adds a version, so nothing that was once stated is ever gone."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="history", db_index=False)
    line = models.UUIDField(default=uuid7)
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=14, choices=HistoryKind.choices)
    status = models.CharField(max_length=8, choices=HistoryStatus.choices, default=HistoryStatus.ACTIVE)
    body = SealedJSONField(tag="charting.history.body/1")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=100)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        # Two who change one line at once both want the same number: the second is told.
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="charting_history_version")]
        indexes = [models.Index(fields=["person", "line", "-number"], name="charting_history_person")]

    def __str__(self) -> str:
        return f"history {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid
