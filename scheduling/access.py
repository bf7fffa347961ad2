"""The only way to a visit: permission, row and trail in one call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.actors import VISITOR, Actor
from audit.trail import note_read
from core.problems import NotFound
from patients.callers import PatientCaller
from patients.models import Person
from scheduling import links
from scheduling.models import Appointment, Hold, HoldState
from scheduling.visitors import Visitor


@dataclass(frozen=True)
class PersonVisits:
    """Visits ahead, the next one first; visits behind, the last one first. Cancelled ones are behind."""

    coming: list[Appointment]
    past: list[Appointment]

    @classmethod
    def of(cls, visits: list[Appointment], person: Person, *, at: datetime) -> "PersonVisits":
        """Split the visits of one person, which came newest first."""
        for visit in visits:
            visit.person = person
        coming = [visit for visit in visits if visit.ends_at > at and not visit.is_cancelled]
        return cls(coming[::-1], [visit for visit in visits if visit not in coming])


VERBS = {"view": "appointment.viewed", "manage": "appointment.opened_to_change"}


def get_appointment(user: Anybody, uid: UUID, *, to: str = "view") -> Appointment:
    """The visit, if `user` may; otherwise 404. It is a read of its person."""
    staff = require_object(user, f"appointments.{to}")
    appointment = Appointment.objects.whole().filter(uid=uid).first()
    if appointment is None:
        raise NotFound
    note_read(VERBS[to], by=actor_for(staff), on=appointment, patient=appointment.person.uid)
    return appointment


def by_manage_token(token: str) -> Appointment:
    """The visit of a living link: whoever holds it may see, move and cancel it."""
    appointment = links.visit_of(token)
    note_read("appointment.viewed_by_link", by=VISITOR, on=appointment, patient=appointment.person.uid)
    return appointment


def booked_from(hold: UUID, visitor: Visitor, *, at: datetime) -> str | None:
    """Where the visit is that this browser's hold became: a form sent twice ends there, not at an error."""
    rows = Hold.objects.filter(uid=hold, browser_hash=visitor.browser_hash, state=HoldState.USED)
    found = rows.select_related("appointment__person").first()
    if found is None or found.appointment is None:
        return None
    return links.new_link(found.appointment, at=at)


def own_visit(person: Person, uid: UUID, *, by: Actor, to: str = "view") -> Appointment:
    """The patient's own visit; everybody else's looks like one that does not exist."""
    appointment = Appointment.objects.whole().filter(uid=uid, person=person).first()
    if appointment is None:
        raise NotFound
    note_read(VERBS[to], by=by, on=appointment, patient=person.uid)
    return appointment


def callers_visit(caller: PatientCaller, uid: UUID, *, to: str = "view") -> Appointment:
    """A visit of the caller's own, or of whom they look after; 404 for all others."""
    whose = Appointment.objects.filter(uid=uid).values_list("person__uid", flat=True).first()
    if whose is None:
        raise NotFound
    person = caller.reach(whose)
    return own_visit(person, uid, by=caller.acting_for(person), to=to)


def own_visits(person: Person, *, by: Actor, at: datetime, most: int = 200) -> PersonVisits:
    """All of a patient's own visits: ahead the next one first, behind the last one first."""
    visits = list(Appointment.objects.whole().filter(person=person).order_by("-starts_at")[:most])
    note_read("person.visits_viewed", by=by, on=person, patient=person.uid)
    return PersonVisits.of(visits, person, at=at)
