"""A reaction after a treatment: a task for who treated, until somebody has assessed and closed it."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from charting.models.encounters import Encounter
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Provider
from scheduling.models import Appointment
from vault.fields import SealedTextField


class EventState(models.TextChoices):
    OPEN = "open", _("Open")
    ASSESSED = "assessed", _("Assessed")
    CLOSED = "closed", _("Closed")


class Severity(models.TextChoices):
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")


class EventQuerySet(models.QuerySet["AdverseEvent"]):
    def waiting(self) -> "EventQuerySet":
        """Somebody has still to do something."""
        return self.exclude(state=EventState.CLOSED)


class AdverseEvent(Outward):
    """Reported by the patient, by whoever looks after them, or by the staff."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="adverse_events")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", null=True, db_index=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+", null=True, db_index=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+", null=True, db_index=False)
    what = SealedTextField(tag="charting.adverse_event.what/1")
    since = SealedTextField(tag="charting.adverse_event.since/1")
    reported = models.CharField(max_length=10, choices=Severity.choices)
    reported_by = models.CharField(max_length=10)  # patient, guardian or staff
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.OPEN)
    severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    assessment = SealedTextField(tag="charting.adverse_event.assessment/1")
    outcome = SealedTextField(tag="charting.adverse_event.outcome/1")
    assessed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    once = models.UUIDField(
        unique=True
    )  # of the form that was sent, so that a second press reports nothing twice
    version = models.PositiveIntegerField(default=1)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="charting_event_due")]

    def __str__(self) -> str:
        return f"adverse event {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid

    def is_late(self, at: datetime) -> bool:
        return self.state == EventState.OPEN and at > self.due_at

    @property
    def grade(self) -> str:
        """As assessed, or as reported until then."""
        return self.severity or self.reported
