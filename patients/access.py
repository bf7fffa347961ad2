"""The only way to a person: permission, row and trail in one call."""

from typing import Final
from uuid import UUID

from django.db.models import Q, prefetch_related_objects

from accounts.access import Anybody, require, require_object
from accounts.actors import actor_for
from audit.actors import Actor
from audit.models import Event
from audit.trail import note_list, note_read
from core.clock import now
from core.problems import NotFound
from messaging.models import Message, State
from patients import care, identity
from patients import search as finding
from patients.callers import PatientCaller
from patients.cursors import Cursor, Place, next_cursor, next_place
from patients.letters import WAITING
from patients.models import Person
from patients.rules import Details
from vault.fields import warm_rows

PAGE: Final = 50
NEVER_SENT: Final = (State.QUEUED, State.VOID, State.DROPPED, State.SUPPRESSED)
KIND: Final = "patients.person"
VERBS: Final = {"view": "viewed", "manage": "opened_to_change", "contact": "contact_viewed"}


def get_person(user: Anybody, uid: UUID, *, to: str = "view") -> Person:
    """The person, if `user` may; otherwise 404. Every read of a person passes here."""
    staff = require_object(user, f"patients.{to}")
    person = identity.find(uid)
    if person is None:
        raise NotFound
    prefetch_related_objects([person], "contact_points")
    note_read(f"person.{VERBS[to]}", by=actor_for(staff), on=person, patient=person.uid)
    return person


def get_record(user: Anybody, uid: UUID, *, to: str = "chart.view") -> Person:
    """The person whose clinical record `user` may open: the right, and the care team (patients.care).

    404 without either; the 404 is a BreakGlassNeeded for whoever could open it with a reason.
    """
    staff = require_object(user, to)
    person = identity.find(uid, among=Person.objects.annotate(in_team=care.in_team(staff)))
    if person is None:
        raise NotFound
    return open_record(user, person, to=to, in_team=getattr(person, "in_team", False))


def open_record(user: Anybody, person: Person, *, to: str = "chart.view", in_team: bool = False) -> Person:
    """The same for who came with something of the record: the row leads to the person who stays. `in_team` is what
    `care.in_team` answered together with it; where it said no, the care team and the glass are asked."""
    staff = require_object(user, to)
    if person.merged_into is not None:
        person, in_team = person.merged_into, False
    if in_team:
        care.remember_member(person, staff, at=now())
    prefetch_related_objects([person], "contact_points")
    if not care.is_open(staff, person, at=now()):
        note_read("record.closed", by=actor_for(staff), on=person, patient=person.uid)
        raise care.BreakGlassNeeded(person.uid)
    note_read("record.opened", by=actor_for(staff), on=person, patient=person.uid)
    return person


def search(user: Anybody, text: str, *, region: str = "US", most: int = 20) -> list[Person]:
    """Whom the text finds, the best first; one event names all that were shown."""
    staff = require(user, "patients.view")
    people = finding.find_people(text, region=region, most=most)
    note_list("person.searched", by=actor_for(staff), kind=KIND, shown=[person.uid for person in people])
    return people


def recent(
    user: Anybody, *, after: Cursor | None = None, most: int = PAGE
) -> tuple[list[Person], str | None]:
    """Who was here last, a page at a time, and where the next page begins."""
    staff = require(user, "patients.view")
    rows = Person.objects.present().by_last_visit()
    if after is not None:
        rows = rows.filter(after.condition())
    people = finding.open_people(rows, most + 1)
    more, people = len(people) > most, people[:most]
    note_list("person.listed", by=actor_for(staff), kind=KIND, shown=[person.uid for person in people])
    return people, next_cursor(people[-1]) if more else None


def possible_duplicates(user: Anybody, details: Details) -> list[Person]:
    """Who may be the same as somebody about to be added, shown to the staff and put down as a list."""
    staff = require(user, "patients.manage")
    people = finding.possible_duplicates(details)
    if people:
        note_list("person.compared", by=actor_for(staff), kind=KIND, shown=[person.uid for person in people])
    return people


def messages_of(user: Anybody, uid: UUID, *, before: Place | None = None) -> tuple[list[Message], str | None]:
    """The person's thread, the newest first, a page at a time."""
    require_object(user, "messages.view")
    person = get_person(user, uid)
    rows = Message.objects.filter(subject=person.uid).order_by("-created_at", "-uid")
    if before is not None:
        rows = rows.filter(before.condition("created_at", "uid"))
    found = list(rows[: PAGE + 1])
    warm_rows(found)
    more, found = len(found) > PAGE, found[:PAGE]
    return found, next_place(found[-1].created_at, found[-1].uid) if more else None


def access_log_of(user: Anybody, uid: UUID, *, before: Place | None = None) -> tuple[list[Event], str | None]:
    """Who saw or changed the person, also as one of a list; the newest first, a page at a time."""
    require_object(user, "audit.view")
    person = get_person(user, uid)
    about = _about(person)
    rows = Event.objects.filter(about).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(before.condition("at", "id"))
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, next_place(found[-1].at, found[-1].id) if more else None


def _about(person: Person) -> Q:
    """The trail is never rewritten: what was noted under a merged record's id is of this person too."""
    about = Q()
    for uid in identity.uids_of(person):
        about |= Q(patient_id=uid) | Q(shown__contains=[uid])
    return about


def own_access_log(
    person: Person, *, by: Actor, before: Place | None = None, most: int = PAGE
) -> tuple[list[Event], str | None]:
    """The same for the person themselves, who may know who looked."""
    about = _about(person)
    rows = Event.objects.filter(about).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(before.condition("at", "id"))
    found = list(rows[: most + 1])
    note_read("audit.viewed", by=by, on=person, patient=person.uid)
    more, found = len(found) > most, found[:most]
    return found, next_place(found[-1].at, found[-1].id) if more else None


def own_messages(
    person: Person, *, by: Actor, before: Place | None = None, most: int = 100
) -> tuple[list[Message], str | None]:
    """What the clinic and the person wrote to each other, the newest first; not what was never sent, nor what only
    said that something waits here."""
    rows = Message.objects.filter(subject=person.uid).exclude(state__in=NEVER_SENT).exclude(kind=WAITING)
    if before is not None:
        rows = rows.filter(before.condition("created_at", "uid"))
    found = list(rows.order_by("-created_at", "-uid")[: most + 1])
    more, found = len(found) > most, found[:most]
    warm_rows(found)
    note_read("person.messages_viewed", by=by, on=person, patient=person.uid)
    return found, next_place(found[-1].created_at, found[-1].uid) if more else None


def own_person(caller: PatientCaller, uid: UUID, *, to: str = "view") -> Person:
    """The caller's own record, or one of those they look after; 404 for all others."""
    person = caller.reach(uid)
    note_read(f"person.{VERBS[to]}", by=caller.acting_for(person), on=person, patient=person.uid)
    return person


def own_people(caller: PatientCaller) -> list[Person]:
    """Whose records the caller may open."""
    people = caller.people()
    shown = [person.uid for person in people]
    note_list("person.listed", by=caller.acting_for(caller.person), kind=KIND, shown=shown)
    return people
