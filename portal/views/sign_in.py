"""Signing in by a code, saying who of those on the contact it is, and signing out."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import throttle
from accounts.timing import even
from core.clock import now
from core.http import client_ip
from core.phones import pretty_phone
from patients import self_service
from patients.models import ContactKind, Person
from portal import codes, sessions
from portal.codes import Verdict
from portal.forms import BirthDateForm, CodeForm, ContactForm
from portal.models import OneTimeCode, PatientSession, Purpose
from portal.pages import HOME, UNREADABLE, safe_next, see, show, turn_away
from practice.profile import profile

STEADY_SECONDS = 0.2
BIRTH_DATE = "birth_date"
CLEAR = '"cache", "storage"'


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code. Whoever it is, known or not, gets the same page after the same work."""
    at, region = now(), profile().region
    going = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        session = sessions.admit(request, at=at, touch=False)
        if session is not None and session.person is not None:
            return HttpResponseRedirect(going)
        return _start_page(request, ContactForm(region=region), going)
    form = ContactForm(request.POST, region=region)
    if not form.is_valid():
        return _start_page(request, form, going, status=UNREADABLE)
    contact = form.cleaned_data["contact"]
    attempt = throttle.take_code_mail(_account(contact.index), client_ip(request), at=at)
    if not attempt.allowed:
        return _too_many(request, attempt.retry_after)
    with even(STEADY_SECONDS):
        nonce = codes.ask(contact, purpose=Purpose.SIGN_IN, at=at)
    response = HttpResponseRedirect(_with_next("portal:code", going))
    sessions.keep(response, sessions.CODE_COOKIE, nonce, codes.LIFE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def enter_code(request: HttpRequest) -> HttpResponseBase:
    """Looking at the page, also by the link of the mail, spends nothing; pressing the button does."""
    at, nonce = now(), request.COOKIES.get(sessions.CODE_COOKIE, "")
    going = safe_next(request.POST.get("next") or request.GET.get("next"))
    waiting = codes.pending(nonce, Purpose.SIGN_IN, at=at)
    if waiting is None:
        return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'late': 1, 'next': going})}")
    if request.method != "POST":
        given = request.GET.get("code", "")
        return _code_page(request, waiting, CodeForm(initial={"code": given[:10]}), going)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, waiting, form, going, status=UNREADABLE)
    attempt = throttle.take(throttle.CODE, _account(bytes(waiting.index)), client_ip(request), at=at)
    if not attempt.allowed:
        return _too_many(request, attempt.retry_after)
    verdict, code = codes.spend(nonce, Purpose.SIGN_IN, form.cleaned_data["code"], at=at)
    if verdict is Verdict.RIGHT and code is not None:
        attempt.forgive()
        return _signed_in(request, code, going, at)
    if verdict is Verdict.GONE:
        return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'spent': 1, 'next': going})}")
    form.add_error("code", _("This is not the code we sent. Check the newest message."))
    return _code_page(request, waiting, form, going, status=UNREADABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def birth_date(request: HttpRequest) -> HttpResponseBase:
    """After a code by text: numbers change hands, so the date of birth is asked as well."""
    at, region = now(), profile().region
    session = _undecided(request, at)
    if isinstance(session, HttpResponse):
        return session
    going = safe_next(request.POST.get("next") or request.GET.get("next"))
    if session.by_mail or session.offered:
        return HttpResponseRedirect(_with_next("portal:who", going))
    form = BirthDateForm(request.POST if request.method == "POST" else None, region=region)
    if not form.is_bound or not form.is_valid():
        return _birth_page(request, form, going)
    attempt = throttle.take(BIRTH_DATE, _account(bytes(session.index)), client_ip(request), at=at)
    if not attempt.allowed:
        return _too_many(request, attempt.retry_after)
    born = form.cleaned_data["date_of_birth"]
    people = [each for each in _people(session, at) if each.date_of_birth == born]
    if people:
        attempt.forgive()
        return _decide(session, people, going, at)
    if not sessions.note_wrong_birth_date(session, at=at):
        return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'mismatch': 1})}")
    form.add_error(
        "date_of_birth", _("This does not match what the clinic has. Check it, or use your email.")
    )
    return _birth_page(request, form, going)


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponseBase:
    """Families share numbers and addresses: who of them is it? Only those of this contact are offered."""
    at = now()
    session = _undecided(request, at)
    if isinstance(session, HttpResponse):
        return session
    going = safe_next(request.POST.get("next") or request.GET.get("next"))
    if not session.offered:
        if not session.by_mail:
            return HttpResponseRedirect(_with_next("portal:birth_date", going))
        return _decide(session, _people(session, at), going, at)
    people = [each for each in _people(session, at) if str(each.uid) in session.offered]
    if request.method == "POST":
        wanted = request.POST.get("person", "")
        chosen = next((each for each in people if str(each.uid) == wanted), None)
        if chosen is not None:
            sessions.choose(session, chosen, at=at)
            return HttpResponse(status=303, headers={"Location": going})
    context = {"people": [_face(each) for each in people], "next": going, "missed": request.method == "POST"}
    return show(request, "who", context, status=UNREADABLE if request.method == "POST" else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here and now; the browser forgets what it kept of it."""
    at = now()
    session = sessions.admit(request, at=at)
    if session is not None:
        sessions.end(session, at=at)
    response = see("sign_in", out="1")
    sessions.drop(response, sessions.COOKIE)
    sessions.drop(response, sessions.CODE_COOKIE)
    response["Clear-Site-Data"] = CLEAR
    return response


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is there: the half hour begins anew. Answers how long the session lasts."""
    at = now()
    session = sessions.admit(request, at=at)
    if session is None:
        return turn_away(request)
    sessions.touch_now(session, at)
    left, absolute = sessions.seconds_left(session, at)
    return JsonResponse({"left": left, "absolute": absolute}, headers={"Cache-Control": "no-store"})


def _signed_in(request: HttpRequest, code: OneTimeCode, going: str, at: datetime) -> HttpResponse:
    """A new session with a new token; whatever session the browser had before ends."""
    before = sessions.admit(request, at=at)
    if before is not None:
        sessions.end(before, at=at)
    session, token = sessions.begin(code, at=at)
    if session.by_mail:
        response = _decide(session, _people(session, at), going, at)
    else:
        response = HttpResponseRedirect(_with_next("portal:birth_date", going))
    sessions.keep(response, sessions.COOKIE, token, sessions.ABSOLUTE)
    sessions.drop(response, sessions.CODE_COOKIE)
    return response


def _decide(session: PatientSession, people: list[Person], going: str, at: datetime) -> HttpResponse:
    """One person: in. Several: choose. Nobody any more: as if the code had run out."""
    if len(people) == 1:
        session.offered = [str(people[0].uid)]
        sessions.choose(session, people[0], at=at)
        return HttpResponse(status=303, headers={"Location": going})
    if not people:
        sessions.end(session, at=at)
        return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'late': 1})}")
    session.offered = [str(each.uid) for each in people]
    session.save(update_fields=["offered"])
    return HttpResponseRedirect(_with_next("portal:who", going))


def _undecided(request: HttpRequest, at: datetime) -> PatientSession | HttpResponse:
    """The session that still lacks its person; otherwise where to go instead."""
    session = sessions.admit(request, at=at)
    if session is None:
        return HttpResponseRedirect(reverse("portal:sign_in"))
    return session if session.person is None else HttpResponseRedirect(HOME)


def _people(session: PatientSession, at: datetime) -> list[Person]:
    return self_service.people_at(session.kind, bytes(session.index), at=at)


def _face(person: Person) -> dict[str, Any]:
    """Enough to tell two of a family apart."""
    born = person.date_of_birth
    return {
        "uid": person.uid,
        "name": person.name,
        "born": _("Born %(year)d") % {"year": born.year} if born else "",
        "is_known": person.is_verified,
    }


def _account(index: bytes) -> str:
    return f"patient {index.hex()}"


def _with_next(name: str, going: str) -> str:
    return reverse(name) if going == HOME else f"{reverse(name)}?{urlencode({'next': going})}"


def _start_page(request: HttpRequest, form: ContactForm, going: str, *, status: int = 200) -> HttpResponse:
    why = next((word for word in ("out", "ended", "late", "spent", "mismatch") if word in request.GET), "")
    context = {"form": form, "next": going, "why": "" if form.is_bound else why}
    response = show(request, "sign_in", context, status=status)
    if why in ("ended", "out"):
        response["Clear-Site-Data"] = '"cache"'
    return response


def _code_page(
    request: HttpRequest, waiting: OneTimeCode, form: CodeForm, going: str, *, status: int = 200
) -> HttpResponse:
    by_text = waiting.kind == ContactKind.PHONE
    to = pretty_phone(waiting.to, profile().region) if by_text else waiting.to
    context = {"form": form, "to": to, "by_text": by_text, "next": going}
    return show(request, "code", context, status=status)


def _birth_page(request: HttpRequest, form: BirthDateForm, going: str) -> HttpResponse:
    return show(
        request, "birth_date", {"form": form, "next": going}, status=UNREADABLE if form.is_bound else 200
    )


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    minutes = max(1, -(-seconds // 60))
    response = show(request, "too_many", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    return response
