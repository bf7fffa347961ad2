"""Who comes: the form that stands while the time is held, and the booking itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actors import VISITOR
from audit.trail import note_read
from core.clock import local, local_date, now
from core.problems import BaaRequired, Invalid, TooMany, Unavailable
from messaging import consents
from messaging.models import Channel
from practice.models import PolicyKind, PolicyText
from practice.profile import profile
from practice.queries import current_texts
from scheduling import actions, limits
from scheduling.access import booked_from
from scheduling.actions import Booked
from scheduling.forms import DetailsForm, KnownForm
from scheduling.known import Known, known_patient
from scheduling.models import BookedVia, Hold, HoldState
from scheduling.patient_pages import holding, words
from scheduling.patient_pages.forms import forms_to_come
from scheduling.patient_pages.locations import named, to_name
from scheduling.patient_pages.offering import Treatment
from scheduling.patient_pages.page import SEE_OTHER, UNREADABLE, address, go, patient_page, show, steps
from scheduling.patient_pages.times import CONFLICT, kept, lost_page, warning
from scheduling.problems import HoldExpired, SlotInvalid, SlotTaken
from scheduling.visitors import visitor_of


@patient_page("GET", "POST")
def book_details(request: HttpRequest, hold: UUID) -> HttpResponse:
    """The last step: details, and the time is booked."""
    at, visitor = now(), visitor_of(request)
    held = holding.own_hold(hold, visitor)
    if held.state == HoldState.USED:
        return _already_booked(request, held, at)
    if request.method != "POST":
        return details_page(request, held, at) if held.is_live(at) else run_out_page(request, held, at)
    limits.check("bookings", request, at)
    known = known_patient(request)
    form = _form(held, at, request.POST, known=known)
    if not form.is_valid():
        return details_page(request, held, at, form=form, status=UNREADABLE)
    return _book(request, held, form, at, known)


@patient_page("GET", "POST")
def hold_again(request: HttpRequest, hold: UUID) -> HttpResponse:
    """The same time for another while; what was typed stays."""
    at, visitor = now(), visitor_of(request)
    held = holding.own_hold(hold, visitor)
    if request.method != "POST":  # a reload, or the language was switched
        return go("book_details", held.uid)
    limits.check("holds", request, at)
    if held.state == HoldState.USED:
        return _already_booked(request, held, at)
    if held.is_live(at) and holding.was_prolonged(held):
        return details_page(request, held, at, typed=kept(request.POST))
    try:
        held = holding.take_again(held, visitor=visitor, at=at)
    except SlotTaken as problem:
        return _lost(request, held, at, problem)
    if typed := kept(request.POST):
        return details_page(request, held, at, typed=typed)
    return go("book_details", held.uid, any=1 if _anybody(request) else None)


@patient_page("POST")
def hold_release(request: HttpRequest, hold: UUID) -> HttpResponse:
    """The visitor lets the time go, for others to take."""
    at, visitor = now(), visitor_of(request)
    held = holding.own_hold(hold, visitor)
    actions.release_hold(held.uid, visitor=visitor, at=at)
    day = local_date(held.starts_at, held.location.zone)
    return go("book_time", held.service.uid, location=to_name(held.location), day=day)


def _book(
    request: HttpRequest, held: Hold, form: DetailsForm, at: datetime, known: Known | None
) -> HttpResponse:
    """Everything that can come out of it has its own page; none of them loses what was typed."""
    try:
        booked = _booked(held, form, at, known)
    except Invalid as problem:
        if isinstance(problem, SlotInvalid):
            return run_out_page(request, held, at)
        form.take(problem)
        return details_page(request, held, at, form=form, status=UNREADABLE)
    except (SlotTaken, HoldExpired) as problem:
        return _too_late(request, held, at, problem)
    except Unavailable as problem:
        text = _("Your time stays held. Press the button again in a minute; nothing you typed is lost.")
        notice = warning(_("We cannot book this right now."), text)
        return details_page(request, held, at, form=form, notice=notice, status=problem.status)
    except BaaRequired as problem:
        notice = warning(
            _("This clinic does not take bookings online yet."), _("Please call to book your visit.")
        )
        return details_page(request, held, at, form=form, notice=notice, status=problem.status)
    except TooMany as problem:
        notice = warning(_("One moment."), problem.detail, icon="hourglass")
        return details_page(request, held, at, form=form, notice=notice, status=problem.status)
    if known is not None:
        return go("portal:visit", booked.appointment.uid, done="booked")
    return go("visit", booked.manage_token, done="booked")


def _booked(held: Hold, form: DetailsForm, at: datetime, known: Known | None) -> Booked:
    return actions.book(
        hold=held.uid,
        patient=form.patient() if known is None else None,
        person=known.person if known is not None else None,
        consents=form.consents(),
        notes=form.cleaned_data["notes"],
        accepted_policy=form.cleaned_data["policy_version"] or None,
        via=BookedVia.WEB,
        by=known.by if known is not None else VISITOR,
        at=at,
    )


def _too_late(
    request: HttpRequest, held: Hold, at: datetime, problem: SlotTaken | HoldExpired
) -> HttpResponse:
    """Sent twice: to what the first one booked. Else the time is gone, or the page too old."""
    if link := booked_from(held.uid, visitor_of(request), at=at):
        return _to(link)
    if isinstance(problem, SlotTaken):
        return _lost(request, held, at, problem)
    return run_out_page(request, held, at)


def _already_booked(request: HttpRequest, held: Hold, at: datetime) -> HttpResponse:
    link = booked_from(held.uid, visitor_of(request), at=at)
    return _to(link) if link else run_out_page(request, held, at)


def _to(link: str) -> HttpResponse:
    """The link's path on the host that the visitor is on."""
    return HttpResponse(status=SEE_OTHER, headers={"Location": f"{urlsplit(link).path}?done=booked"})


def _lost(request: HttpRequest, held: Hold, at: datetime, problem: SlotTaken) -> HttpResponse:
    treatment = Treatment(held.service)
    return lost_page(
        request,
        treatment,
        at,
        held.starts_at,
        problem,
        provider=held.provider.uid,
        location=to_name(held.location),
    )


# --- Pages -------------------------------------------------------------------------------------------------


def details_page(
    request: HttpRequest,
    held: Hold,
    at: datetime,
    *,
    anybody: bool = False,
    form: DetailsForm | None = None,
    typed: Mapping[str, str] | None = None,
    notice: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form under the time that is held; `typed` fills it with what was typed elsewhere."""
    treatment = Treatment(held.service)
    known = known_patient(request)
    if known is not None:
        note_read("person.viewed", by=known.by, on=known.person, patient=known.person.uid)
    form = form or _form(held, at, initial=typed, known=known)
    anybody = anybody or _anybody(request)
    provider, location = None if anybody else held.provider.uid, to_name(held.location)
    once = {"any": 1 if anybody else None}
    starts, ends = (local(moment, held.location.zone) for moment in (held.starts_at, held.ends_at))
    left = max(int((held.expires_at - at).total_seconds()), 0)
    context = {
        "steps": steps("details", held.service.uid, provider, location),
        "place": named(held.location),
        "known": known,
        "sign_in_href": address("portal:sign_in", next=address("book_details", held.uid)),
        "form": form,
        "action": address("book_details", held.uid, **once),
        "hold": held,
        "treatment": treatment,
        "texts": form.texts,
        "forms": forms_to_come(held.service, at),
        "notice": notice,
        "now": at,
        "starts": starts,
        "when": words.day_and_time(starts),
        "times": words.from_to(starts, ends),
        "zone_name": words.zone_name(held.location),
        "left": left,
        "left_text": f"{left // 60}:{left % 60:02}",
        "total": max(int((held.expires_at - held.created_at).total_seconds()), 1),
        "until_text": words.clock(local(held.expires_at, held.location.zone)),
        "longer": profile().hold_minutes if not holding.was_prolonged(held) else 0,
        "longer_action": address("hold_again", held.uid, **once),
        "change_href": address(
            "book_time", held.service.uid, provider=provider, location=location, day=starts.date()
        ),
    }
    return show(request, "book_details", context, status=status)


def run_out_page(request: HttpRequest, held: Hold, at: datetime) -> HttpResponse:
    """The hold is over; the same time is offered again, and others beside it."""
    starts, location = local(held.starts_at, held.location.zone), to_name(held.location)
    context = {
        "steps": steps("details", held.service.uid, held.provider.uid, location),
        "place": named(held.location),
        "hold": held,
        "treatment": Treatment(held.service),
        "past": held.starts_at <= at,
        "starts": starts,
        "when": words.day_and_time(starts),
        "times": words.from_to(starts, local(held.ends_at, held.location.zone)),
        "zone_name": words.zone_name(held.location),
        "change_href": address(
            "book_time",
            held.service.uid,
            provider=held.provider.uid,
            location=location,
            day=starts.date(),
        ),
        "kept": kept(request.POST),
    }
    return show(request, "book_run_out", context, status=CONFLICT)


def _anybody(request: HttpRequest) -> bool:
    """Whether the visitor asked for the first who is free, and not for this provider."""
    return "any" in request.GET


def _form(
    held: Hold,
    at: datetime,
    data: Any = None,
    initial: Mapping[str, Any] | None = None,
    known: Known | None = None,
) -> DetailsForm:
    texts = current_texts()
    given: dict[str, Any] = dict(initial or {})
    if known is not None and not given:
        given = _agreed_before(known, texts)
    return (DetailsForm if known is None else KnownForm)(
        data,
        initial=given,
        texts=texts,
        region=profile().region,
        today=local_date(at, held.location.zone),
        language=(get_language() or "en").partition("-")[0],
    )


def _agreed_before(known: Known, texts: dict[str, PolicyText]) -> dict[str, Any]:
    """Who agreed to texts once finds the box ticked, beside the text as it stands now."""
    phone, text = known.person.phone, texts.get(PolicyKind.SERVICE_SMS)
    flags = consents.preference(Channel.SMS, phone) if phone and text else None
    if text is None or flags is None or not flags.sms_consent:
        return {}
    return {"service_sms": True, "text_version": text.version}
