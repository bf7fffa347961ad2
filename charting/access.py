"""The only way to an encounter or a note: its patient's record is opened with it (patients.access.get_record)."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.trail import note_read
from charting.models import (
    AdverseEvent,
    Encounter,
    HistoryEntry,
    Intake,
    LaserSeries,
    LaserSession,
    Macro,
    Note,
    NoteState,
    NoteTemplate,
    Questionnaire,
)
from charting.queries import notes_of, whole_notes
from core.problems import NotFound
from patients import care
from patients.access import get_record, open_record
from patients.callers import PatientCaller


def get_encounter(user: Anybody, uid: UUID, *, to: str = "chart.view") -> Encounter:
    """The encounter, if its patient's record is open to `user`; 404, or BreakGlassNeeded, otherwise."""
    staff = require_object(user, to)
    rows = Encounter.objects.select_related("person", "provider", "location", "service", "appointment")
    encounter = rows.annotate(in_team=care.in_team(staff, "person")).filter(uid=uid).first()
    if encounter is None:
        raise NotFound
    encounter.person = open_record(user, encounter.person, to=to, in_team=encounter.in_team)
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


def get_note(user: Anybody, uid: UUID, *, to: str = "chart.view") -> Note:
    """The note, as an event of its own in the trail (rulings: notes and photos always are)."""
    staff = require_object(user, to)
    note = whole_notes().filter(uid=uid).first()
    if note is None:
        raise NotFound
    note.encounter.person = get_record(user, note.encounter.person.uid, to=to)
    note_read("note.opened", by=actor_for(staff), on=note, patient=note.encounter.person.uid, alone=True)
    return note


def own_notes(caller: PatientCaller, uid: UUID) -> QuerySet[Note]:
    """What was signed about the patient, for themselves: a draft is not theirs yet."""
    person = caller.reach(uid)
    note_read("note.list_viewed", by=caller.acting_for(person), on=person, patient=person.uid)
    return notes_of(person).filter(state=NoteState.SIGNED)


def own_note(caller: PatientCaller, uid: UUID) -> Note:
    """One of them with its text: an event of its own, and only by the code that comes by mail."""
    note = whole_notes().filter(uid=uid, state=NoteState.SIGNED).first()
    if note is None or not caller.by_mail:
        raise NotFound
    person = note.encounter.person = caller.reach(note.encounter.person.uid)
    note_read("note.opened", by=caller.acting_for(person), on=note, patient=person.uid, alone=True)
    return note


def get_template(user: Anybody, uid: UUID) -> NoteTemplate:
    require_object(user, "chart.manage")
    row = NoteTemplate.objects.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def get_macro(user: Anybody, uid: UUID) -> Macro:
    """One's own for whoever writes notes; the clinic's for whoever keeps the templates."""
    row = Macro.objects.filter(uid=uid).first()
    staff = require_object(user, "chart.write" if row is None or row.owner_id else "chart.manage")
    if row is None or row.owner_id not in {None, staff.pk}:
        raise NotFound
    return row


def get_questionnaire(user: Anybody, uid: UUID, *, to: str = "chart.manage") -> Questionnaire:
    require_object(user, to)
    found = Questionnaire.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def get_series(user: Anybody, uid: UUID, *, to: str = "chart.view") -> LaserSeries:
    """The course of sessions, if its patient's record is open to `user`."""
    require_object(user, to)
    series = LaserSeries.objects.filter(uid=uid).select_related("person", "service").first()
    if series is None:
        raise NotFound
    series.person = get_record(user, series.person.uid, to=to)
    return series


def get_session(user: Anybody, uid: UUID, *, to: str = "chart.view") -> LaserSession:
    """One session, if its patient's record is open to `user`."""
    require_object(user, to)
    rows = LaserSession.objects.select_related(
        "series__person", "series__service", "encounter__person", "encounter__provider", "device"
    )
    session = rows.filter(uid=uid).first()
    if session is None:
        raise NotFound
    session.series.person = get_record(user, session.series.person.uid, to=to)
    return session


def get_event(user: Anybody, uid: UUID, *, to: str = "chart.view") -> AdverseEvent:
    """A reported reaction; opening it is an event of its own, as of a note."""
    staff = require_object(user, to)
    rows = AdverseEvent.objects.select_related("person", "provider", "appointment__service", "encounter")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    found.person = get_record(user, found.person.uid, to=to)
    note_read("adverse_event.opened", by=actor_for(staff), on=found, patient=found.person.uid, alone=True)
    return found
