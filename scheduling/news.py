"""What patients did and what did not reach them: read from the trail and the outbox, kept nowhere a second time.

Bookings, moves and cancellations by patients, what they wrote, and messages that failed or perhaps never left. Who
may not read messages hears of visits only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Anybody, may, require
from accounts.actors import actor_for
from accounts.models import User
from audit.actors import ActorKind
from audit.models import Event
from audit.trail import note_list
from messaging.models import Message, State
from patients.models import Person
from scheduling.models import Appointment, NewsSeen
from vault.fields import warm_rows

REACH: Final = timedelta(days=14)  # older news is no news
MOST: Final = 100
BY_PATIENTS: Final = (ActorKind.PATIENT, ActorKind.VISITOR)
LOST: Final = (State.FAILED, State.UNKNOWN)


class What(StrEnum):
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    TEXTED = "texted"
    WROTE = "wrote"
    FAILED = "failed"
    DOUBTFUL = "doubtful"


VISITS: Final = {
    "appointment.booked": What.BOOKED,
    "appointment.moved": What.MOVED,
    "appointment.cancelled": What.CANCELLED,
}


@dataclass(frozen=True)
class News:
    """One thing that happened; `visit` as it stands now, where it is about one."""

    what: What
    at: datetime
    person: Person
    visit: Appointment | None
    is_new: bool


def count_new(user: Anybody, *, at: datetime) -> int:
    """How much is unread, up to one more than the most that is listed. Nobody's name is opened for it."""
    staff = require(user, "appointments.view")
    since = _since(staff, at)
    found = _deeds(since)[: MOST + 1].count()
    if may(staff, "messages.view"):
        found += _written(since)[: MOST + 1].count() + _lost(since)[: MOST + 1].count()
    return min(found, MOST + 1)


def latest(user: Anybody, *, at: datetime) -> list[News]:
    """The newest of two weeks, read or not."""
    staff = require(user, "appointments.view")
    seen = _since(staff, at)
    raw = [
        (VISITS[one.verb], one.at, one.patient_id, _uid(one.object_id)) for one in _deeds(at - REACH)[:MOST]
    ]
    if may(staff, "messages.view"):
        raw += [(_how(one), one.at, one.patient_id, None) for one in _written(at - REACH)[:MOST]]
        raw += [
            (
                What.FAILED if one.state == State.FAILED else What.DOUBTFUL,
                one.claimed_at or one.created_at,
                one.subject,
                one.about,
            )
            for one in _lost(at - REACH)[:MOST]
        ]
    raw = sorted(raw, key=lambda each: each[1], reverse=True)[:MOST]
    people = {one.uid: one for one in Person.objects.filter(uid__in={each[2] for each in raw})}
    rows = Appointment.objects.select_related("service", "provider", "location")
    visits = {one.uid: one for one in rows.filter(uid__in={each[3] for each in raw if each[3]})}
    warm_rows(people.values(), "first_name", "last_name")
    if people:
        note_list("person.listed", by=actor_for(staff), kind="patients.person", shown=people)
    return [
        News(what, moment, people[person], visits.get(visit) if visit else None, moment > seen)
        for what, moment, person, visit in raw
        if person in people
    ]


def _since(staff: User, at: datetime) -> datetime:
    """What is unread begins here: where the reader stopped, or two weeks back."""
    seen = NewsSeen.objects.filter(user=staff).values_list("seen_at", flat=True).first()
    return max(seen, at - REACH) if seen else at - REACH


def _deeds(since: datetime) -> QuerySet[Event]:
    """What patients did themselves."""
    rows = Event.objects.filter(at__gt=since, verb__in=VISITS, actor_kind__in=BY_PATIENTS)
    return rows.filter(patient_id__isnull=False).order_by("-at")


def _written(since: datetime) -> QuerySet[Event]:
    """Of people the clinic knows; a number that nobody knows has no page to read it on."""
    rows = Event.objects.filter(at__gt=since, verb="message.received", patient_id__isnull=False)
    return rows.order_by("-at")


def _how(event: Event) -> What:
    """In the portal it is the patient who acts; a text is brought in by a job."""
    return What.WROTE if event.actor_kind == ActorKind.PATIENT else What.TEXTED


def _lost(since: datetime) -> QuerySet[Message]:
    """By when they were handed to the provider, which is seconds before anybody knows."""
    rows = Message.objects.outgoing().filter(state__in=LOST, claimed_at__gt=since, subject__isnull=False)
    return rows.order_by("-claimed_at")


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
