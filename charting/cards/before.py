"""Before you begin: the gate of the treatment, and the history in short."""

from django.urls import reverse

from charting import gate_reading, intakes
from charting.cards.opened import Opened
from charting.gate_links import Reader, lines
from charting.gate_reading import Treatment
from charting.history import reading, shown
from charting.models import EncounterKind, HistoryKind
from patients.cards import Card
from scheduling.models import Status

BEGUN = (Status.IN_ROOM, Status.DONE)


def gate_card(opened: Opened) -> Card | None:
    """While the treatment has not begun, and afterwards only what is still missing."""
    encounter = opened.encounter
    treatment = Treatment.of_encounter(encounter)
    if treatment is None or encounter.kind == EncounterKind.EXAM or encounter.ended_at:
        return None
    found = gate_reading.read(treatment, at=opened.at)
    begun = encounter.appointment is not None and encounter.appointment.status in BEGUN
    reader = Reader(opened.user, treatment, opens=True, encounter=encounter)
    items = [one for one in lines(found, reader) if one.found.is_missing or not begun]
    if not items:
        return None
    context = {
        "items": items,
        "begun": begun,
        "is_closed": found.is_closed,
        "history_href": reverse("charting:history", args=[encounter.person.uid]),
        "visit_href": reverse("desk:visit", args=[encounter.appointment.uid])
        if encounter.appointment
        else "",
    }
    return Card("charting/gate/_card.html", context)


def history_card(opened: Opened) -> Card:
    rows = reading.lines_of(opened.encounter.person)
    groups = [group for group in shown.groups(rows) if group.standing]
    service = opened.encounter.service
    waiting = intakes.proposals_waiting(opened.encounter.person)
    context = {
        "groups": groups,
        "asked": any(group.kind == HistoryKind.ALLERGY for group in groups),
        "href": reverse("charting:history", args=[opened.encounter.person.uid]),
        "intakes": intakes.wanted_for(opened.encounter.person, [service], at=opened.at) if service else [],
        "waiting": waiting,
    }
    return Card("charting/history/_card.html", context, aside=True)
