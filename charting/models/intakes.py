"""Questionnaires, their versions, and what a patient answered to one."""

from uuid import UUID

from django.db import models
from django.utils.translation import get_language

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Service
from vault.fields import SealedJSONField


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def in_use(self) -> "QuestionnaireQuerySet":
        return self.filter(archived_at=None)


class Questionnaire(Outward):
    """A form about health, asked before the services it is attached to."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    title = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120, blank=True)
    valid_months = models.PositiveSmallIntegerField(default=12)  # then it is asked again
    services = models.ManyToManyField(Service, related_name="+")
    archived_at = models.DateTimeField(null=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def own_title(self) -> str:
        """In the reader's language; in English where it has no other."""
        spanish = (get_language() or "").startswith("es")
        return self.title_es if spanish and self.title_es else self.title

    @property
    def current(self) -> "QuestionnaireVersion":
        return self.versions.order_by("-number")[0]


class QuestionnaireVersion(Outward):
    """The questions as they were asked: never changed, since answers refer to them."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField()  # charting/questions.py says how
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="charting_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} version {self.number}"


class Intake(Outward):
    """The answers of one person to one version: kept as they come, final once handed in."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="intakes", db_index=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+", db_index=False)
    answers = SealedJSONField(tag="charting.intake.answers/1", default=dict)
    # What the provider decided about each proposal for the history, by the question's key.
    decisions = SealedJSONField(tag="charting.intake.decisions/1", default=dict)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version"],
                condition=models.Q(completed_at=None),
                name="charting_intake_open",
            )
        ]
        indexes = [models.Index(fields=["person", "-completed_at"], name="charting_intake_person")]

    def __str__(self) -> str:
        return f"intake {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid
