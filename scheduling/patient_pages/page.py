"""What every page for patients shares: the steps above it, the way it refuses, the browser it remembers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.problems import NotFound, Problem, Unavailable
from scheduling.visitors import remember

View = Callable[..., HttpResponseBase]
UNREADABLE: Final = 422
SEE_OTHER: Final = 303
STEPS: Final = ("treatment", "provider", "time", "details")


def patient_page(*methods: str) -> Callable[[View], View]:
    """A page of the booking: any refusal is told in the clinic's own dress, with the way on."""
    allowed = require_http_methods([*(methods or ("GET",)), "HEAD"])

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
            except (NotFound, Unavailable):
                raise  # the project's own pages say these
            except Problem as problem:
                response = refuse(request, problem)
            if isinstance(response, HttpResponse):
                remember(request, response)
            return response

        return allowed(page)

    return decorate


def show(
    request: HttpRequest, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    shared = {"privacy_links": privacy_links()}
    return render(request, f"scheduling/{name}.html", {**shared, **(context or {})}, status=status)


def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A refusal that no page of its own explains."""
    response = show(request, "refused", {"problem": problem}, status=problem.status)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def go(name: str, *args: Any, **query: Any) -> HttpResponse:
    """On to another page after a write; asked for by GET whatever was sent here."""
    return to(address(name, *args, **query))


def to(path: str) -> HttpResponse:
    return HttpResponse(status=SEE_OTHER, headers={"Location": path})


def address(name: str, *args: Any, **query: Any) -> str:
    """A page's path; what is None is left out of its query."""
    return reverse(name, args=args, query={key: value for key, value in query.items() if value is not None})


def steps(
    current: str,
    service: UUID | None = None,
    provider: UUID | None = None,
    location: UUID | None = None,
) -> list[dict[str, str]]:
    """Where the visitor is, with links back to what is done."""
    labels = {
        "treatment": _("Treatment"),
        "provider": _("Provider"),
        "time": _("Time"),
        "details": _("Details"),
    }
    links = {"treatment": address("book", location=location)}
    if service is not None:
        links["provider"] = address("book_provider", service, location=location)
        links["time"] = address("book_time", service, provider=provider, location=location)
    place = STEPS.index(current)
    return [
        {
            "label": labels[step],
            "state": "done" if number < place else "current" if number == place else "todo",
            "href": links.get(step, "") if number < place else "",
        }
        for number, step in enumerate(STEPS)
    ]


def privacy_links() -> list[dict[str, str]]:
    return [
        {"href": reverse("clinic_privacy"), "label": _("Privacy")},
        {"href": reverse("npp"), "label": _("Notice of Privacy Practices")},
    ]
