"""The only way to an encounter: its patient's record is opened with it (patients.access.get_record)."""

from uuid import UUID

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.trail import note_read
from charting.models import Encounter, HistoryEntry, Intake
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


def get_intake(user: Anybody, uid: UUID, *, to: str = "chart.view") -> Intake:
    """Answers that were handed in; opening them is an event of its own, as of a note."""
    staff = require_object(user, to)
    rows = Intake.objects.exclude(completed_at=None).select_related("person", "version__questionnaire")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    found.person = get_record(user, found.person.uid, to=to)
    note_read("intake.opened", by=actor_for(staff), on=found, patient=found.person.uid, alone=True)
    return found
