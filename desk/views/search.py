"""Search as you type. `find` is the bar above every page; `search` finds patients for the form of a new visit."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.pages import staff_page
from core.clock import now
from core.http import is_htmx, vary_on_htmx
from desk import finding, people
from desk.places import staff_of
from patients import access
from practice.profile import profile

OPTIONS = 8


@require_GET
@staff_page("patients.view")
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    if not is_htmx(request):
        query = f"?{urlencode({'q': text})}" if text else ""
        return HttpResponseRedirect(reverse("desk:patients") + query)
    found = access.search(request.user, text, region=profile().region, most=OPTIONS) if text else []
    context = {"text": text, "found": people.described(found, request.user, at=now())}
    response = render(request, "desk/_options.html", context)
    vary_on_htmx(response)
    return response


@require_GET
@staff_page()
def find(request: HttpRequest) -> HttpResponse:
    """Whatever the person may see: options for htmx, a page for everybody else."""
    context = finding.context(staff_of(request), request.GET.get("q", ""), at=now())
    response = render(
        request, "desk/find/_options.html" if is_htmx(request) else "desk/find/page.html", context
    )
    vary_on_htmx(response)
    return response
