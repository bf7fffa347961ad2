"""The only way to an encounter: its patient's record is opened with it (patients.access.get_record)."""

from uuid import UUID

from accounts.access import Anybody, require_object
from charting.models import Encounter, HistoryEntry
from core.problems import NotFound
from patients.access import get_record


def get_encounter(user: Anybody, uid: UUID, *, to: str = "chart.view") -> Encounter:
    """The encounter, if its patient's record is open to `user`; 404, or BreakGlassNeeded, otherwise."""
    require_object(user, to)
    rows = Encounter.objects.select_related("person", "provider", "location", "service", "appointment")
    encounter = rows.filter(uid=uid).first()
    if encounter is None:
        raise NotFound
    encounter.person = get_record(user, encounter.person.uid, to=to)
    return encounter


def get_history(user: Anybody, line: UUID, *, to: str = "chart.write") -> HistoryEntry:
    """One line of a medical history as it stands now, if its patient's record is open to `user`."""
    require_object(user, to)
    entry = HistoryEntry.objects.filter(line=line).select_related("person").order_by("-number").first()
    if entry is None:
        raise NotFound
    entry.person = get_record(user, entry.person.uid, to=to)
    return entry
