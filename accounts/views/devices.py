"""Where one is signed in, and what was tried: end one session or all of them, stay, and the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, agents, sessions
from accounts.actors import actor_of
from accounts.models import SignIn, User
from accounts.pages import staff_page
from accounts.views.sign_in import CLEAR
from core.clock import now

SHOWN = 30
METHODS = {
    "password": gettext_lazy("password"),
    "code": gettext_lazy("code by mail"),
    "second_factor": gettext_lazy("second step"),
    "confirmation": gettext_lazy("confirmation"),
}


@dataclass(frozen=True)
class Line:
    """One sign-in, or a try at one."""

    uid: UUID
    device: str
    ip: str
    method: Any
    at: datetime
    seen_at: datetime
    here: bool
    outcome: str
    words: Any
    is_phone: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page()
def devices(request: HttpRequest) -> HttpResponseBase:
    user, at = request.user, now()
    assert isinstance(user, User)
    if request.method == "POST":
        return _end(request, user, at)
    here = sessions.sign_in_of(request.session)
    rows = [_line(each, here) for each in user.sign_ins.order_by("-at")[:SHOWN]]
    context = {
        "living": [_line(each, here) for each in sessions.living_of(user, at)],
        "history": rows,
        "here_known": here is not None,
        "done": request.GET.get("done", ""),
    }
    return render(request, "accounts/devices.html", context)


def _end(request: HttpRequest, user: User, at: datetime) -> HttpResponse:
    """One of them, all but this one, or all."""
    by, here, which = actor_of(request), sessions.sign_in_of(request.session), request.POST.get("end", "")
    if which == "all":
        actions.end_sessions(user, by=by, at=at)
        sessions.forget(request)
        response = HttpResponseRedirect(reverse("account_login"))
        response["Clear-Site-Data"] = CLEAR
        return response
    if which == "others":
        actions.end_sessions(user, by=by, at=at, keep=here)
        sessions.stay(request, user)
        return _back("others")
    try:
        found = user.sign_ins.filter(uid=UUID(which), ended_at=None).first()
    except ValueError:
        found = None
    if found is not None:
        actions.end_session(found, by=by, at=at)
    if found is not None and found.uid == here:
        sessions.forget(request)
    return _back("one")


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('accounts_devices')}?done={done}")


@require_POST
@never_cache
@staff_page()
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is there: the quarter of an hour begins anew. Answers how long the session lasts."""
    at = now()
    sessions.touch(request.session, at, surely=True)
    left, absolute = sessions.seconds_left(request.session, at)
    return JsonResponse({"left": left, "absolute": absolute})


def _line(sign_in: SignIn, here: UUID | None) -> Line:
    words = sign_in.get_outcome_display()
    if sign_in.outcome == SignIn.Outcome.SUCCEEDED and sign_in.ended_at is not None:
        words = _("%(what)s; %(end)s") % {"what": words, "end": sign_in.get_end_display()}
    device = agents.described(sign_in.agent)
    return Line(
        uid=sign_in.uid,
        device=device,
        ip=sign_in.ip or "",
        method=METHODS.get(sign_in.method, sign_in.method),
        at=sign_in.at,
        seen_at=sign_in.seen_at,
        here=sign_in.uid == here,
        outcome=sign_in.outcome,
        words=words,
        is_phone=device.endswith(("iPhone", "Android", "iPad")),
    )
