"""An encounter begins with a visit, or without one when somebody walks in."""

from datetime import datetime

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from charting.models import Encounter, EncounterKind
from charting.models.encounters import Modality
from patients import care
from patients.models import Person
from practice.models import Location, Provider, Service
from scheduling.models import Appointment


@transaction.atomic
def encounter_of_visit(
    appointment: Appointment, *, by: Actor, at: datetime, kind: str = EncounterKind.TREATMENT
) -> Encounter:
    """The visit's encounter of that kind; made by whoever opens the chart first."""
    encounter, made = Encounter.objects.get_or_create(
        appointment=appointment,
        kind=kind,
        defaults={
            "person": appointment.person,
            "provider": appointment.provider,
            "location": appointment.location,
            "service": appointment.service,
            "began_at": appointment.started_at or at,
        },
    )
    if made:
        record("encounter.begun", by=by, on=encounter, patient=appointment.person.uid, at=at)
    return encounter


@transaction.atomic
def begin_encounter(
    person: Person,
    provider: Provider,
    *,
    location: Location,
    kind: str,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    modality: str = Modality.IN_PERSON,
) -> Encounter:
    """Without a visit: somebody walked in, or called. The provider belongs to the care team from now on."""
    encounter = Encounter.objects.create(
        person=person,
        provider=provider,
        location=location,
        service=service,
        kind=kind,
        modality=modality,
        began_at=at,
    )
    care.join(person, provider.user, at=at)
    record("encounter.begun", by=by, on=encounter, patient=person.uid, at=at)
    return encounter
