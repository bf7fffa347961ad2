"""The pages of one visit for whoever may change it: as it stands, its calendar entry, another time, calling it off.

They are reached by two doors, the living link and the portal, with the same rules behind both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from audit.actors import Actor
from core.clock import local
from core.problems import Invalid, NotFound, Unavailable
from practice.profile import profile
from scheduling import actions, ics, slots
from scheduling.forms import CancelForm
from scheduling.models import Appointment, Hold, Status
from scheduling.offers import Offer, read_offer
from scheduling.patient_pages import holding, words
from scheduling.patient_pages.forms import forms_waiting
from scheduling.patient_pages.locations import again, named
from scheduling.patient_pages.offering import Treatment
from scheduling.patient_pages.page import UNREADABLE, address, show, to
from scheduling.patient_pages.picker import Asked, Wish, pick
from scheduling.patient_pages.times import CONFLICT, choose_first, open_too_long, taken_notice
from scheduling.problems import NotInThatState, SlotExpired, SlotInvalid, SlotTaken, TooLateToChange
from scheduling.slots import Slot
from scheduling.visitors import visitor_of

OVER: Final = (Status.DONE, Status.NO_SHOW)
DONE: Final = ("booked", "moved", "confirmed")
ANYBODY: Final = "any"
ASKED_BEFORE: Final = timedelta(days=4)


@dataclass(frozen=True)
class Door:
    """How the visit was reached: who acts, where its pages are, in which dress, and how to look again."""

    by: Actor
    prefix: str  # of the names of its pages
    key: Any  # what stands in their address
    reopen: Callable[[], Appointment]
    layout: str = "patient.html"

    def page(self, name: str, **query: Any) -> str:
        return address(f"{self.prefix}{name}", self.key, **query)

    @property
    def links(self) -> dict[str, str]:
        names = ("ics", "confirm", "move", "cancel")
        return {"visit": self.page("visit"), **{name: self.page(f"visit_{name}") for name in names}}


def visit_page(request: HttpRequest, door: Door, appointment: Appointment, at: datetime) -> HttpResponse:
    """The visit as it stands now, whatever became of it since."""
    done = request.GET.get("done", "")
    context = {
        **ticket(appointment, door, at),
        "done": done if done in DONE else "",
        "first_name": _sealed(appointment, "first_name"),
        "email": _sealed(appointment, "email")
        if done == "booked" and _booked_here(request, appointment)
        else "",
    }
    context["ask_to_confirm"] = not context["done"] and _wants_a_word(appointment, at)
    return show(request, "visit", context)


def calendar_entry(request: HttpRequest, door: Door, appointment: Appointment, at: datetime) -> HttpResponse:
    """The calendar entry; of a visit that is called off, the one that takes it out again."""
    write = ics.cancellation if appointment.is_cancelled else ics.published
    clinic = profile().name
    link = request.build_absolute_uri(door.page("visit"))
    entry = _("Visit at %(clinic)s") % {"clinic": clinic}
    response = HttpResponse(
        write(appointment, clinic=clinic, url=link, at=at, words=entry),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def confirm_page(door: Door, appointment: Appointment, at: datetime) -> HttpResponse:
    """The patient says that she comes, as a C by text does."""
    if appointment.status == Status.BOOKED and at < appointment.starts_at:
        actions.confirm(appointment, by=door.by, at=at)
    return to(door.page("visit", done="confirmed"))


def move_page(request: HttpRequest, door: Door, appointment: Appointment, at: datetime) -> HttpResponse:
    """Another time for the same treatment."""
    offer = _offer(appointment, request) if _may_change(appointment, at) else None
    if offer is None:
        return _by_phone(request, appointment, door, at)
    if request.method != "POST":
        return _times_page(request, appointment, door, offer, at)
    slot = request.POST.get("slot", "")
    try:
        anybody = request.GET.get("with") == ANYBODY
        _move(door, slots.read(slot, at=at), appointment, anybody=anybody, at=at)
    except SlotTaken as problem:
        start = local(slots.read(slot, at=at).start, offer.timezone)
        notice = taken_notice(start, problem)
        return _times_page(request, appointment, door, offer, at, notice=notice, taken=start)
    except SlotExpired:
        return _times_page(request, appointment, door, offer, at, notice=open_too_long())
    except SlotInvalid:
        return _times_page(request, appointment, door, offer, at, notice=choose_first(), status=UNREADABLE)
    except (TooLateToChange, NotInThatState):
        return _by_phone(request, door.reopen(), door, at)
    return to(door.page("visit", done="moved"))


def cancel_page(request: HttpRequest, door: Door, appointment: Appointment, at: datetime) -> HttpResponse:
    """Asked once more, with a reason if the patient likes to give one."""
    if appointment.is_cancelled:
        return to(door.page("visit"))
    if not _may_change(appointment, at):
        return _by_phone(request, appointment, door, at)
    if request.method != "POST":
        return _ask_page(request, appointment, door, CancelForm(), at)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, appointment, door, form, at, status=UNREADABLE)
    try:
        actions.cancel_own(appointment, reason=form.cleaned_data["reason"], by=door.by, at=at)
    except Invalid as problem:
        form.take(problem)
        return _ask_page(request, appointment, door, form, at, status=UNREADABLE)
    except (TooLateToChange, NotInThatState):
        return _by_phone(request, door.reopen(), door, at)
    return to(door.page("visit"))


# --- What a visit shows of itself ----------------------------------------------------------------------------


def ticket(appointment: Appointment, door: Door, at: datetime) -> dict[str, Any]:
    """What every page of a visit, and its card on the patient's home, shows of it."""
    starts, ends = appointment.starts_local, appointment.ends_local
    hours = profile().free_cancel_hours
    until = local(appointment.changeable_until(hours), appointment.location.zone)
    place = appointment.location
    return {
        "layout": door.layout,
        "links": door.links,
        "by_link": not door.prefix,
        "appointment": appointment,
        "starts": starts,
        "when": words.day_and_time(starts),
        "times": words.from_to(starts, ends),
        "zone_name": words.zone_name(place),
        "treatment": Treatment(appointment.service),
        "price": words.price(appointment.price),
        "state": _state(appointment, at),
        "may_change": _may_change(appointment, at),
        "forms": forms_waiting(appointment, at),
        "change_until": words.day_and_time(until),
        "hours": hours,
        "map_href": "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": place.address}),
        "place": named(place),
        "again_href": again(appointment),
    }


def _may_change(appointment: Appointment, at: datetime) -> bool:
    """Expected, and early enough by the clinic's rule; the action asks again."""
    return appointment.is_expected and at <= appointment.changeable_until(profile().free_cancel_hours)


def _booked_here(request: HttpRequest, appointment: Appointment) -> bool:
    """By this very browser, which may read back what it typed; a link that was passed on may not."""
    rows = Hold.objects.filter(appointment=appointment, browser_hash=visitor_of(request).browser_hash)
    return rows.exists()


def _wants_a_word(appointment: Appointment, at: datetime) -> bool:
    """Near enough for the clinic to count on the patient, and nothing heard from her yet."""
    return appointment.status == Status.BOOKED and at < appointment.starts_at <= at + ASKED_BEFORE


def _sealed(appointment: Appointment, name: str) -> str:
    """Of the person; nothing while the keys cannot be reached: the visit itself is shown all the same."""
    try:
        return str(getattr(appointment.person, name) or "")
    except Unavailable:
        return ""


def _state(appointment: Appointment, at: datetime) -> str:
    if appointment.is_cancelled:
        return "cancelled"
    if appointment.status in OVER or at >= appointment.ends_at:
        return "over"
    return "coming" if appointment.is_expected and at < appointment.starts_at else "now"


# --- Moving and calling off ----------------------------------------------------------------------------------


def _offer(appointment: Appointment, request: HttpRequest) -> Offer | None:
    """Who could see the patient instead: the same provider unless anyone is asked for. None: not online any more."""
    try:
        offer = read_offer(appointment.service.uid, appointment.location.uid)
    except NotFound:
        return None
    if request.GET.get("with") == ANYBODY or appointment.provider_id not in {
        each.id for each in offer.givers
    }:
        return offer if offer.givers else None
    return offer.only(appointment.provider.uid)


def _move(door: Door, slot: Slot, appointment: Appointment, *, anybody: bool, at: datetime) -> Appointment:
    def move(one: Slot) -> Appointment:
        return actions.move_own(door.reopen(), slot=slots.issue(one, at=at), by=door.by, at=at)

    return holding.with_whoever_is_free(move, slot, appointment.service, anybody=anybody)


def _times_page(
    request: HttpRequest,
    appointment: Appointment,
    door: Door,
    offer: Offer,
    at: datetime,
    *,
    notice: dict[str, Any] | None = None,
    taken: datetime | None = None,
    status: int = 0,
) -> HttpResponse:
    anybody = len(offer.givers) > 1

    def link(**query: Any) -> str:
        return door.page("visit_move", **{"with": ANYBODY if anybody else None}, **query)

    wish = Wish(day=taken.date()) if taken else Wish.of(request.GET)
    asked = Asked(appointment.service.uid, None if anybody else offer.givers[0].uid, offer.place.uid)
    picker = pick(asked, wish, at=at, link=link, taken=taken)
    context = {
        **ticket(appointment, door, at),
        "picker": picker,
        "action": link(day=picker.day) if picker.day else link(),
        "notice": notice,
        "with_whom": "" if anybody else offer.givers[0].name,
        "second": "" if anybody else _("Anyone who is free"),
        "second_href": "" if anybody else door.page("visit_move", **{"with": ANYBODY}),
    }
    return show(request, "visit_move", context, status=status or (CONFLICT if notice else 200))


def _ask_page(
    request: HttpRequest,
    appointment: Appointment,
    door: Door,
    form: CancelForm,
    at: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    return show(request, "visit_cancel", {**ticket(appointment, door, at), "form": form}, status=status)


def _by_phone(request: HttpRequest, appointment: Appointment, door: Door, at: datetime) -> HttpResponse:
    """What cannot be changed here any more; a person at the clinic still may."""
    status = CONFLICT if request.method == "POST" else 200
    return show(request, "visit_by_phone", ticket(appointment, door, at), status=status)
