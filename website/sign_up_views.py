"""Signing up: the form, the check of an address, and the page that shows the clinic coming into being."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound, TooMany
from core.text import TextProblem, clean_text
from tenants import hostnames, plans
from tenants.directory import site_url
from website import actions, legal, limits
from website.forms import SignUpForm
from website.models import SignUp

CHECK = "check"  # the button that asks for the address without JavaScript


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Everything typed stays, whatever is wrong with it; of two at once with one name, one gets it."""
    if request.method != "POST":
        plan = request.GET.get("plan", "")
        return _form(request, SignUpForm(initial={"plan": plan if plan in plans.BY_CODE else plans.FIRST}))
    form = SignUpForm(request.POST)
    if CHECK in request.POST:
        return _checked(request)
    if not form.is_valid():
        return _form(request, form, status=422)
    at = now()
    try:
        limits.check("sign_up", request, at=at)
        token = actions.start(form.wish(), at=at)
    except TooMany as problem:
        form.add_error(None, str(problem.detail))
        return _form(request, form, status=429)
    except Invalid as problem:
        form.take(problem)
        return _form(request, form, status=422)
    return see_other(request, reverse("sign_up_progress", args=[token]))


def _checked(request: HttpRequest) -> HttpResponse:
    """The same page with the address looked at and nothing else complained about."""
    typed = request.POST.dict()
    if not typed.get("slug"):
        typed["slug"] = hostnames.free_one(typed.get("clinic_name", ""), city=typed.get("city", ""))
    form = SignUpForm(initial=typed)
    return _form(
        request, form, verdict=_verdict(typed["slug"], typed.get("clinic_name", ""), typed.get("city", ""))
    )


@require_GET
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Whether an address can be had: asked as it is typed. Without one, a suggestion from the clinic's name."""
    limits.check("slug", request, at=now())
    name, city = (_plain(request.GET.get(each, "")) for each in ("name", "city"))
    slug = hostnames.tidy(request.GET.get("slug", "")[:200]) or hostnames.free_one(name, city=city)
    return JsonResponse(_verdict(slug, name, city))


def _plain(text: str) -> str:
    try:
        return clean_text(text[:120], 120)
    except TextProblem:
        return ""


def _verdict(slug: str, name: str, city: str) -> dict[str, Any]:
    slug = hostnames.tidy(slug[:200])
    why = hostnames.refusal(slug) if slug else None
    host = f"{slug}.{settings.CLINIC_DOMAIN}" if slug else ""
    free = bool(slug) and why is None
    message = str(why.message) if why else (_("%s is free.") % host if free else "")
    suggestion = hostnames.free_one(name or slug, city=_plain(city)) if why else ""
    return {"slug": slug, "host": host, "free": free, "message": message, "suggestion": suggestion}


@require_GET
@never_cache
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far the clinic is; whoever lost the page comes back by its address."""
    return _progress(request, token, _found(token))


@require_POST
@never_cache
def retry(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(token)
    try:
        limits.check("sign_up_retry", request, at=now())
        actions.try_again(found, at=now())
    except (Conflict, TooMany) as problem:
        return _progress(request, token, found, trouble=str(problem.detail), status=problem.status)
    return see_other(request, reverse("sign_up_progress", args=[token]))


@require_POST
@never_cache
def mail_again(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(token)
    if found.state != SignUp.State.OPEN:
        return see_other(request, reverse("sign_up_progress", args=[token]))
    try:
        limits.check("sign_up_retry", request, at=now())
        actions.write_again(found, at=now())
    except (Conflict, TooMany) as problem:
        return _progress(request, token, found, trouble=str(problem.detail), status=problem.status)
    return see_other(request, f"{reverse('sign_up_progress', args=[token])}?mailed=1")


def _found(token: str) -> SignUp:
    found = actions.find(token)
    if found is None:
        raise NotFound
    return found


def _progress(
    request: HttpRequest, token: str, found: SignUp, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    failed = found.state == SignUp.State.FAILED
    steps = []
    for value, label in SignUp.Step.choices:
        done = value <= found.step
        current = value == found.step + 1
        state = "done" if done else ("failed" if failed else "current") if current else "todo"
        steps.append({"label": label, "state": state})
    context = {
        "sign_up": found,
        "steps": steps,
        "is_open": found.state == SignUp.State.OPEN,
        "failed": failed,
        "url": site_url(found.clinic.own_host),
        "host": found.clinic.own_host,
        "token": token,
        "trouble": trouble,
        "mailed": "mailed" in request.GET,
        "sandbox_url": settings.SANDBOX_URL,
    }
    return _render(request, "sign_up_progress", context, status)


def _form(
    request: HttpRequest, form: SignUpForm, *, verdict: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "domain": settings.CLINIC_DOMAIN, "verdict": verdict, "plans": plans.PLANS}
    return _render(request, "sign_up", context, status)


def _render(request: HttpRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    words = {"legal_pages": legal.PAGES.values(), "contact_mail": settings.CONTACT_MAIL, **context}
    return render(request, f"website/{name}.html", words, status=status)
