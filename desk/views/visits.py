"""One visit: its panel, the steps of its day, cancelling and taking back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.problems import Conflict, Invalid
from desk import answers, visit_panel
from desk.answers import Toast
from desk.forms import CancelForm
from desk.places import staff_of
from messaging import queries as messaging
from messaging.models import State
from scheduling import actions
from scheduling.access import get_appointment
from scheduling.models import Appointment
from scheduling.problems import NotInThatState

UNBOOK: Final = timedelta(minutes=10)
UNSENT: Final = frozenset({State.QUEUED, State.VOID, State.SUPPRESSED, State.DROPPED})


@dataclass(frozen=True)
class Step:
    """A step of the visit's day, and what is said once it is done."""

    take: Callable[..., Appointment]
    done: str | Promise


STEPS: Final = {
    "confirm": Step(actions.confirm, _("Visit confirmed.")),
    "check_in": Step(actions.check_in, _("Checked in.")),
    "complete": Step(actions.complete, _("Visit completed.")),
    "no_show": Step(actions.no_show, _("Marked as a no-show.")),
}


@require_GET
@staff_page()
def visit(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show(request, uid, at=now())


@require_POST
@staff_page()
def take_step(request: HttpRequest, uid: UUID, step: str) -> HttpResponse:
    """Confirm, check in, complete, no-show."""
    at, taken = now(), STEPS[step]
    appointment = get_appointment(request.user, uid, to="manage")
    return _do(
        request,
        appointment,
        lambda: taken.take(appointment, by=actor_of(request), at=at),
        Toast(taken.done, reverse("desk:undo", args=[uid])),
        at=at,
    )


@require_POST
@staff_page()
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin the treatment; over the gate with a reason, which is kept as typed where it does not do."""
    at, staff = now(), staff_of(request)
    appointment = get_appointment(staff, uid, to="manage")
    reason = request.POST.get("override_reason", "")
    try:
        done = actions.start(appointment, by=actor_of(request), at=at, user=staff, override_reason=reason)
    except Conflict as problem:
        return refused(request, appointment, problem, at=at)
    except Invalid as problem:
        return _say_why(request, appointment, problem, reason, at=at)
    toast = Toast(_("Treatment started."), reverse("desk:undo", args=[uid]))
    return answers.changed(request, done, toast, at=at, part=part(request, uid, at))


@require_POST
@staff_page()
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    at, staff = now(), staff_of(request)
    appointment = get_appointment(staff, uid, to="manage")
    return _do(
        request,
        appointment,
        lambda: actions.undo_last(appointment, by=actor_of(request), user=staff, at=at),
        Toast(_("Taken back.")),
        at=at,
    )


@require_POST
@staff_page()
def hush(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient is not told of a new time, as long as nothing has left."""
    at = now()
    appointment = get_appointment(request.user, uid, to="manage")
    kept = actions.hush(appointment, by=actor_of(request))
    said = _("The patient is not told.") if kept else _("It has left already, or there was nothing to tell.")
    return answers.changed(request, appointment, Toast(said), at=at, part=part(request, uid, at))


@require_POST
@staff_page()
def unbook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The desk takes back what it has just booked; who was not told of it yet is not told of this either."""
    at = now()
    appointment = get_appointment(request.user, uid, to="manage")
    reason = str(_("Booked by mistake"))

    def take_back() -> Appointment:
        if at > appointment.created_at + UNBOOK or appointment.last_step is not None:
            raise NotInThatState(_("There is nothing to undo any more. Cancel the visit instead."))
        told = set(messaging.states_for([uid]).get(uid, [])) - UNSENT
        return actions.cancel(
            appointment, reason=reason, by=actor_of(request), at=at, tell_patient=bool(told)
        )

    return _do(request, appointment, take_back, Toast(_("Booking taken back.")), at=at)


@require_http_methods(["GET", "POST"])
@staff_page()
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask why, then free the time."""
    at = now()
    appointment = get_appointment(request.user, uid, to="manage")
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            cancelled = actions.cancel(
                appointment,
                reason=form.cleaned_data["reason"],
                by=actor_of(request),
                at=at,
                tell_patient=form.cleaned_data["tell_patient"],
            )
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            return refused(request, appointment, problem, at=at)
        else:
            toast = Toast(_("Visit cancelled."), reverse("desk:undo", args=[uid]))
            return answers.changed(request, cancelled, toast, at=at, part=part(request, uid, at))
    return answers.panel(
        request,
        "desk/visit/_cancel.html",
        {"form": form, "appointment": appointment, "name": visit_panel.name_of(appointment)},
        at=at,
        here=appointment.location,
        on=appointment.starts_local.date(),
        current=uid,
        status=422 if form.is_bound else 200,
    )


def show(request: HttpRequest, uid: UUID, *, at: datetime) -> HttpResponse:
    template, context = part(request, uid, at)
    appointment = context["visit"].appointment
    return answers.panel(
        request,
        template,
        context,
        at=at,
        here=appointment.location,
        on=appointment.starts_local.date(),
        current=uid,
    )


def refused(
    request: HttpRequest,
    appointment: Appointment,
    problem: Conflict,
    *,
    at: datetime,
) -> HttpResponse:
    """The visit as it stands now, and why nothing was done."""
    reasons = [error["message"] for error in problem.errors]
    text = " ".join([str(problem.detail or problem.title), *reasons])
    template, context = part(request, appointment.uid, at)
    current, said = context["visit"].appointment, (template, context | {"refusal": text})
    return answers.changed(request, current, Toast(text), at=at, part=said, status=problem.status)


def _say_why(
    request: HttpRequest, appointment: Appointment, problem: Invalid, reason: str, *, at: datetime
) -> HttpResponse:
    """The reason did not do: it stands there again, with what is wrong with it."""
    template, context = part(request, appointment.uid, at)
    text = " ".join(error["message"] for error in problem.errors)
    return answers.panel(
        request,
        template,
        context | {"refusal": text, "override_reason": reason},
        at=at,
        here=appointment.location,
        on=appointment.starts_local.date(),
        current=appointment.uid,
        status=problem.status,
    )


def _do(
    request: HttpRequest,
    appointment: Appointment,
    action: Callable[[], Appointment],
    toast: Toast,
    *,
    at: datetime,
) -> HttpResponse:
    try:
        done = action()
    except Conflict as problem:
        return refused(request, appointment, problem, at=at)
    return answers.changed(request, done, toast, at=at, part=part(request, appointment.uid, at))


def part(request: HttpRequest, uid: UUID, at: datetime) -> tuple[str, dict[str, Any]]:
    staff = staff_of(request)
    context = visit_panel.read(staff, uid, at=at, messages=may(staff, "messages.view"))
    return "desk/visit/_panel.html", context
