"""What the panel of a visit shows: the visit, what can be done now, and what was said to the patient about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import User
from charting import gate_reading
from charting.gate import Gate
from charting.gate_links import Reader, lines
from charting.gate_reading import Treatment
from core.clock import local, local_date
from core.phones import pretty_phone
from core.problems import Unavailable
from core.words import full_date
from desk import words as told
from desk.board import waited
from messaging import queries as messaging
from patients import care
from practice.profile import profile
from scheduling.day import VisitDetail, visit_detail
from scheduling.models import Appointment, Status
from scheduling.patient_pages import words


@dataclass(frozen=True)
class Button:
    """A step that can be taken now."""

    step: str
    label: str | Promise
    icon: str

    @property
    def url_name(self) -> str:
        return f"desk:{self.step}"


BUTTONS: Final = {
    "confirm": Button("confirm", _("Confirm"), "check"),
    "check_in": Button("check_in", _("Check in"), "log-in"),
    "start": Button("start", _("Start treatment"), "door-open"),
    "complete": Button("complete", _("Complete visit"), "circle-check"),
    "no_show": Button("no_show", _("No-show"), "ban"),
}
# What the panel offers first: the next step of the visit's day.
FIRST: Final = ("complete", "start", "check_in")
BEFORE: Final = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED)


def read(staff: User, uid: UUID, *, at: datetime, messages: bool) -> dict[str, Any]:
    """The context of templates/desk/visit/_panel.html."""
    detail = visit_detail(staff, uid, at=at)
    appointment = detail.appointment
    reach = may(staff, "patients.contact")
    phone = detail.phone if reach else ""
    first = next((step for step in FIRST if step in detail.steps), "")
    gate = _gate(staff, appointment, at)
    opens = gate is not None and opens_record(staff, appointment, at=at)
    return {
        "visit": detail,
        "gate": gate,
        "gate_lines": lines(gate, Reader(staff, Treatment.of_visit(appointment), opens)) if gate else [],
        "gate_clinical": opens,
        "may_override": gate is not None and gate.is_closed and may(staff, "chart.override"),
        "appointment": appointment,
        "name": detail.name,
        "when": words.from_to(appointment.starts_local, appointment.ends_local),
        "past": appointment.starts_local.date() < local_date(at, appointment.location.zone),
        "minutes": waited(appointment, at),
        "late": _late(appointment, at),
        "price": appointment.price.format(get_language() or "en") if appointment.price else "",
        "phone": phone,
        "phone_pretty": pretty_phone(phone, profile().region) if phone else "",
        "email": detail.email if reach else "",
        "born": "" if detail.names_hidden else _born(appointment, at),
        "primary": _first_button(first, appointment),
        "others": [button for step, button in BUTTONS.items() if step in detail.steps and step != first],
        "undo_left": _minutes_left(detail, at),
        "undo_url": reverse("desk:undo", args=[uid]),
        "messages_about": [
            told.line(one, appointment.location.zone, at=at) for one in _about(detail, messages)
        ],
        "reminders": [told.reminder_line(one, appointment.location.zone) for one in detail.reminders],
        "via": appointment.get_booked_via_display(),
        "booked_at": words.day_and_time(local(appointment.created_at, appointment.location.zone)),
    }


def _gate(staff: User, appointment: Appointment, at: datetime) -> Gate | None:
    """What must be there before the treatment, until it begins; nothing where the clinic asks nothing."""
    if appointment.status not in BEFORE:
        return None
    try:
        found = gate_reading.read(Treatment.of_visit(appointment), at=at)
    except Unavailable:  # the vault is down: the start itself will say so
        return None
    return found if found.items else None


def opens_record(staff: User, appointment: Appointment, *, at: datetime) -> bool:
    """Whether the staff may know the clinical reasons."""
    return may(staff, "chart.view") and care.is_open(staff, appointment.person, at=at)


def name_of(appointment: Appointment) -> str:
    """The patient's name, for forms about the visit; nothing while the vault is down."""
    try:
        return appointment.person.name
    except Unavailable:
        return ""


def _about(detail: VisitDetail, messages: bool) -> list[Any]:
    return messaging.for_about(detail.messages_about) if messages and not detail.names_hidden else []


def _first_button(step: str, appointment: Appointment) -> Button | None:
    if not step:
        return None
    if step == "start" and appointment.room:
        return Button(step, _("Take to %(room)s") % {"room": appointment.room.name}, "door-open")
    return BUTTONS[step]


def _late(appointment: Appointment, at: datetime) -> int:
    if not appointment.is_late(at) or at - appointment.starts_at > timedelta(hours=12):
        return 0
    return int((at - appointment.starts_at) / timedelta(minutes=1))


def _born(appointment: Appointment, at: datetime) -> str:
    person = appointment.person
    if not person.date_of_birth:
        return ""
    age = person.age(local_date(at, appointment.location.zone))
    return _("%(date)s, %(age)s") % {"date": full_date(person.date_of_birth), "age": age}


def _minutes_left(detail: VisitDetail, at: datetime) -> int:
    if detail.undo_until is None or "undo" not in detail.steps:
        return 0
    return max(1, int((detail.undo_until - at) / timedelta(minutes=1)))
