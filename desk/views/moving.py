"""Move a visit by form: free starts, or any time; every conflict at once; over it with permission and a reason."""

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.problems import Invalid, NotFound
from desk import answers, visit_panel, when
from desk.answers import Toast
from desk.forms import MoveForm
from desk.places import staff_of
from desk.views import visits
from desk.when import When
from practice import queries
from practice.models import Device, Location, Room
from scheduling import actions
from scheduling.access import get_appointment
from scheduling.models import Appointment
from scheduling.patient_pages import words
from scheduling.problems import NotInThatState, SlotTaken

Spot = TypeVar("Spot", Room, Device)


@require_http_methods(["GET", "POST"])
@staff_page()
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    at = now()
    appointment = get_appointment(request.user, uid, to="manage")
    form = _form(request, appointment)
    asked = when.read(
        form, location=appointment.location, service=appointment.service, at=at, instead_of=appointment
    )
    if request.method == "GET" or "then" in request.POST:
        return _show(request, appointment, asked, at=at)
    wanted = when.meant(asked) if form.is_valid() else None
    if wanted is None or form.errors:
        return _show(request, appointment, asked, at=at, status=422)
    return _move(request, appointment, asked, wanted, at=at)


def _move(
    request: HttpRequest, appointment: Appointment, asked: When, wanted: tuple[datetime, Any], *, at: datetime
) -> HttpResponse:
    form = asked.form
    assert isinstance(form, MoveForm)
    try:
        moved = actions.move(
            appointment,
            start=wanted[0],
            provider=wanted[1],
            minutes=form.cleaned_data["minutes"],
            room=_placed(Room, form.cleaned_data["room"], appointment.location),
            device=_placed(Device, form.cleaned_data["device"], appointment.location),
            revision=form.cleaned_data["revision"],
            by=actor_of(request),
            user=staff_of(request),
            at=at,
            override_reason=form.override_reason_given(),
            tell_patient=form.cleaned_data["tell_patient"],
        )
    except Invalid as problem:
        for error in problem.errors:
            error["field"] = "time" if error["field"] in ("start", "room", "device") else error["field"]
        form.take(problem)
        return _show(request, appointment, asked, at=at, status=422)
    except SlotTaken as problem:
        return _show(request, appointment, asked, at=at, status=409, clashes=when.told(form, problem))
    except NotInThatState as problem:
        return visits.refused(request, appointment, problem, at=at)
    return answers.changed(
        request, moved, _said(moved, appointment, form), at=at, part=visits.part(request, moved.uid, at)
    )


def _said(moved: Appointment, before: Appointment, form: MoveForm) -> Toast:
    if moved.starts_at == before.starts_at and moved.ends_at != before.ends_at:
        minutes = (moved.ends_at - moved.starts_at) // timedelta(minutes=1)
        text = _("Now takes %(minutes)s.") % {"minutes": words.minutes(minutes)}
    else:
        text = _("Moved to %(when)s.") % {"when": words.day_and_time(moved.starts_local)}
    told = form.cleaned_data["tell_patient"]
    hush = reverse("desk:hush", args=[moved.uid]) if told and form.is_drop else ""
    return Toast(text, reverse("desk:undo", args=[moved.uid]), hush)


def _placed(model: type[Spot], uid: UUID | None, location: Location) -> Spot | None:
    """The room or device that the visit was dropped on."""
    if uid is None:
        return None
    found = model._default_manager.filter(uid=uid, location=location, archived_at=None).first()
    if found is None:
        raise NotFound
    return found


def _form(request: HttpRequest, appointment: Appointment) -> MoveForm:
    return MoveForm(
        request.POST if request.method == "POST" else None,
        providers=queries.providers_for(appointment.service, online=False),
        may_override=may(request.user, "appointments.override"),
        initial={
            "provider": str(appointment.provider.uid),
            "day": appointment.starts_local.date(),
            "minutes": (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1),
            "revision": appointment.revision,
            "tell_patient": True,
        },
    )


def _show(
    request: HttpRequest,
    appointment: Appointment,
    asked: When,
    *,
    at: datetime,
    status: int = 200,
    clashes: list[str] | None = None,
) -> HttpResponse:
    context = {
        "appointment": appointment,
        "name": visit_panel.name_of(appointment),
        "was": words.day_and_time(appointment.starts_local),
        "clashes": clashes or [],
        **asked.context(),
    }
    return answers.panel(
        request,
        "desk/visit/_move.html",
        context,
        at=at,
        here=appointment.location,
        on=appointment.starts_local.date(),
        current=appointment.uid,
        status=status,
    )
