"""What a patient's page shows: who it is, visits to come and past, the thread of messages, and who opened the page."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from accounts.access import Anybody, may
from audit.models import Event
from desk import words as told
from desk.forms import WriteForm
from desk.places import home
from messaging import queries as messaging
from messaging.contacts import is_stopped
from messaging.models import Channel, Direction
from patients.letters import has_portal
from patients.models import Person
from patients.record import head
from patients.views import ties
from scheduling.models import Appointment
from scheduling.patient_pages import words
from scheduling.queries import visits_of

THREAD = 50


def read(
    user: Anybody, person: Person, *, at: datetime, write_form: WriteForm | None = None
) -> dict[str, Any]:
    """The context of templates/desk/patients/patient.html."""
    stopped = bool(person.phone) and is_stopped(Channel.SMS, person.phone)
    clinic = home()
    context: dict[str, Any] = (
        head(user, person, tab="visits", at=at) | {"stopped": stopped} | ties(user, person)
    )
    if may(user, "appointments.view"):
        visits = visits_of(user, person, at=at)
        context["coming"] = [_visit_line(one) for one in visits.coming]
        context["past"] = [_visit_line(one) for one in visits.past]
    answer: dict[str, Any] = {}  # by the way the person wrote last
    if may(user, "messages.view"):
        thread = messaging.for_subject(person.uid, most=THREAD)
        context["thread"] = [told.line(one, clinic.zone, at=at, whole=True) for one in thread]
        answer["channel"] = next((one.channel for one in thread if one.direction == Direction.IN), "")
    if may(user, "messages.send"):
        reachable = channels(person, at=at, stopped=stopped)
        context["write_form"] = write_form or (
            WriteForm(channels=reachable, initial=answer) if reachable else None
        )
    return context


def channels(person: Person, *, at: datetime, stopped: bool | None = None) -> list[tuple[str, Any]]:
    """By what the person can be written to now. A number that said stop is no way."""
    if stopped is None:
        stopped = bool(person.phone) and is_stopped(Channel.SMS, person.phone)
    found = []
    if person.phone and not stopped:
        found.append((Channel.SMS.value, Channel.SMS.label))
    if person.email:
        found.append((Channel.EMAIL.value, Channel.EMAIL.label))
    if has_portal(person, at=at):
        found.append((Channel.PORTAL.value, Channel.PORTAL.label))
    return found


def log(user: Anybody, person: Person, events: list[Event], *, at: datetime) -> dict[str, Any]:
    clinic = home()
    rows: list[dict[str, Any]] = []
    for one in told.traces(events, clinic.zone):
        last = rows[-1]["trace"] if rows else None
        if last and (last.who, last.what, last.at.date()) == (one.who, one.what, one.at.date()):
            rows[-1]["times"] += 1
        else:
            rows.append({"when": words.day_and_time(one.at), "year": one.at.year, "trace": one, "times": 1})
    return head(user, person, tab="log", at=at) | {"rows": rows}


def _visit_line(appointment: Appointment) -> dict[str, Any]:
    starts = appointment.starts_local
    return {
        "uid": appointment.uid,
        "day": starts.date(),
        "service": appointment.service.name,
        "provider": appointment.provider.name,
        "when": words.from_to(starts, appointment.ends_local),
        "status": appointment.status,
        "price": appointment.price.format(get_language() or "en") if appointment.price else "",
        "year": starts.year,
    }
