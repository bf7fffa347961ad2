"""What charting offers for the patient's home: forms to fill in, and the call of an exam."""

from datetime import timedelta

from audit.trail import note_read
from charting import intakes
from charting.actions.events import visits_before
from charting.lasers import showing
from charting.models import Encounter, EncounterKind
from patients.cards import Asked, Card
from scheduling.queries import services_ahead

CALL_FOR = timedelta(days=2)


def forms(asked: Asked) -> Card | None:
    """Until all that the visits ahead ask for is filled in."""
    missing = intakes.missing_for(asked.person, services_ahead(asked.person, at=asked.at), at=asked.at)
    return Card("charting/home/forms.html", {"forms": missing}) if missing else None


def call(asked: Asked) -> Card | None:
    """The way into the video call of an exam that has no result yet."""
    rows = Encounter.objects.filter(
        person=asked.person,
        kind=EncounterKind.EXAM,
        ended_at=None,
        join_link__isnull=False,
        began_at__gte=asked.at - CALL_FOR,
    )
    found = rows.select_related("provider", "person").order_by("-began_at").first()
    if found is None:
        return None
    return Card("charting/home/call.html", {"link": found.join_link, "provider": found.provider.name})


def treatments(asked: Asked) -> Card | None:
    """How far the series have come, and the way to report a reaction; nothing for whom was not treated yet."""
    under_way = [one for one in showing.courses(asked.person, at=asked.at) if one.is_active]
    if not under_way and not visits_before(asked.person, at=asked.at):
        return None
    note_read("laser_series.viewed", by=asked.by, on=asked.person, patient=asked.person.uid)
    return Card("charting/home/treatments.html", {"courses": under_way})
