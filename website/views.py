"""The public site: what the product is and costs, how to reach us, and what we promise in writing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core.clock import now
from core.http import see_other
from core.problems import NotFound, TooMany
from tenants import agreements, plans, texts
from tenants.directory import site_url
from tenants.models import Clinic, ClinicState
from website import actions, legal, limits
from website.forms import LeadForm


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "plans": plans.PLANS,
        "every_plan": plans.EVERY_PLAN,
        "first": plans.FIRST,
        "clinics": [] if settings.PRODUCTION else demo_clinics(),
        "sandbox_url": settings.SANDBOX_URL,
    }
    return _page(request, "home", context)


def demo_clinics() -> list[dict[str, str]]:
    found = Clinic.objects.filter(is_demo=True, state=ClinicState.ACTIVE).prefetch_related("domains")
    return [
        {"name": clinic.name, "url": site_url(clinic.domains.all()[0].host)}
        for clinic in found.order_by("slug")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Ask us something. What was typed stays, whatever is wrong with it."""
    if request.method != "POST":
        return _page(request, "contact", {"form": LeadForm(), "sent": "sent" in request.GET})
    form = LeadForm(request.POST)
    if not form.is_valid():
        return _page(request, "contact", {"form": form}, status=422)
    at = now()
    try:
        limits.check("lead", request, at=at)
    except TooMany as problem:
        form.add_error(None, str(problem.detail))
        return _page(request, "contact", {"form": form}, status=429)
    said = form.cleaned_data
    actions.keep_lead(
        **{name: said[name] for name in ("name", "email", "phone", "clinic", "kind", "topic", "message")},
        consent_text=str(legal.CONTACT_CONSENT),
        consent_version=legal.CONTACT_CONSENT_VERSION,
        at=at,
    )
    return see_other(request, f"{reverse('contact')}?sent=1")


@require_GET
def legal_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = legal.PAGES.get(slug)
    if page is None:
        raise NotFound
    context = {
        "page": page,
        "processors": legal.processors(),
        "baa_version": agreements.VERSION,
        "baa_updated": legal.PAGES["hipaa"].updated,
    }
    return _page(request, "legal", context)


@require_GET
def agreement(request: HttpRequest) -> HttpResponse:
    """The business associate agreement as a document of its own, to be read before anybody signs up."""
    text = texts.agreement_text(agreements.VERSION, "the clinic that signs")
    return _page(request, "agreement", {"text": text, "version": agreements.VERSION})


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Everything that is public may be found; a sign-up on its way may not."""
    text = "User-agent: *\nAllow: /\nDisallow: /signup/\nDisallow: /hooks/\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    words = {"legal_pages": legal.PAGES.values(), "contact_mail": settings.CONTACT_MAIL, **context}
    return render(request, f"website/{name}.html", words, status=status)
