"""The clinic's Notice of Privacy Practices, as it is in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from consents import queries
from consents.paper import public_paper
from core.clock import local_date, now
from practice.profile import clinic_zone
from practice.views.public import legal


@require_GET
def npp(request: HttpRequest) -> HttpResponse:
    """The published version; before there is one, the plain words of the law."""
    version = queries.current_notice(now())
    if version is None:
        return render(request, "practice/npp.html", legal())
    paper = public_paper(version, language=(get_language() or "en").partition("-")[0])
    context = legal() | {
        "title": paper.title,
        "paper": {"language": paper.language, "parts": paper.blocks, "open": False},
        "number": version.number,
        "since": local_date(version.published_at, clinic_zone()),
    }
    return render(request, "consents/npp.html", context)
