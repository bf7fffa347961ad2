"""One meeting of a patient and a provider: what notes, injections, sessions and exams belong to."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Location, Provider, Service
from scheduling.models import Appointment
from vault.fields import SealedTextField


class EncounterKind(models.TextChoices):
    TREATMENT = "treatment", _("Treatment")
    CONSULTATION = "consultation", _("Consultation")
    EXAM = "exam", _("Good-faith exam")
    FOLLOW_UP = "follow_up", _("Follow-up")


class Modality(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    TELEHEALTH = "telehealth", _("By telehealth")


class Encounter(Outward):
    """It stands by itself: a visit that is cancelled later, or none at all (a walk-in), leaves it as it is."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="encounters", db_index=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="encounters", null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="encounters", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", null=True, db_index=False)
    kind = models.CharField(max_length=14, choices=EncounterKind.choices)
    modality = models.CharField(max_length=12, choices=Modality.choices, default=Modality.IN_PERSON)
    # Where both join by telehealth; a key to the call, so it is sealed.
    join_link = SealedTextField(tag="charting.encounter.join_link/1", null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-began_at"], name="charting_encounter_person"),
            models.Index(fields=["provider", "-began_at"], name="charting_encounter_provider"),
        ]
        constraints = [
            # One encounter of a kind a visit: two people who open the chart at once find the same one.
            models.UniqueConstraint(
                fields=["appointment", "kind"],
                condition=models.Q(appointment__isnull=False),
                name="charting_encounter_once",
            )
        ]

    def __str__(self) -> str:
        return f"encounter {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid
