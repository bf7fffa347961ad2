"""What charting offers for the patient's home: forms, the call of an exam, plans, aftercare, treatments."""

from datetime import timedelta

from audit.trail import note_read
from charting import intakes
from charting.actions.events import visits_before
from charting.lasers import showing
from charting.models import AftercareSheet, Encounter, EncounterKind, PlanState
from charting.plans import reading
from patients.cards import Asked, Card
from scheduling.coming import services_ahead

CALL_FOR = timedelta(days=2)
MOST = 50


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


def plans(asked: Asked) -> Card | None:
    """Those that wait for an answer, and those under way. Nothing of what they say: a code by text opens the home too."""
    found = [
        one
        for one in reading.released_to(asked.person, at=asked.at)
        if one.state in (PlanState.OFFERED, PlanState.ACCEPTED)
    ]
    return Card("charting/home/plans.html", {"plans": found}) if found else None


def aftercare(asked: Asked) -> Card | None:
    """What was not read yet, and the way to what was."""
    rows = AftercareSheet.objects.given().filter(person=asked.person).order_by("-given_at")
    found = list(rows.values_list("uid", "read_at")[:MOST])
    new = [uid for uid, read_at in found if read_at is None]
    if not found:
        return None
    return Card("charting/home/aftercare.html", {"new": new, "one": new[0] if len(new) == 1 else None})
