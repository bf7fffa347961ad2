"""What every page of the portal shares: who may open it, the way to the sign-in and back, and how long it lives."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from audit.actors import Actor
from core.clock import now
from patients import self_service
from patients.models import Person
from portal import sessions
from portal.models import PatientSession
from scheduling.patient_pages.page import privacy_links

View = Callable[..., HttpResponseBase]
HOME: Final = "/portal/"
BACK_TO: Final = ("/portal/", "/book/")
UNREADABLE: Final = 422


class Visiting:
    """Who is here and for whom, as a view needs it."""

    def __init__(self, session: PatientSession) -> None:
        assert session.person is not None
        self.session = session
        self.guardian: Person = session.person
        self.person: Person = session.subject

    @property
    def by(self) -> Actor:
        return self_service.actor_of(self.guardian, for_person=self.person)

    @property
    def for_another(self) -> bool:
        return self.guardian.pk != self.person.pk


def portal_page(*methods: str) -> Callable[[View], View]:
    """A page of a patient who has signed in. Everybody else goes to the sign-in; a staff session counts for nothing."""
    allowed = require_http_methods([*(methods or ("GET",)), "HEAD"])

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            session = sessions.admit(request, at=now())
            if session is None:
                return turn_away(request)
            if session.person is None:
                return HttpResponseRedirect(reverse("portal:who"))
            visiting = Visiting(session)
            request.visiting = visiting  # type: ignore[attr-defined]
            return unstored(view(request, visiting, *args, **kwargs))

        return allowed(page)

    return decorate


def unstored(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response


def turn_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and back here afterwards."""
    query = {"next": safe_next(request.get_full_path() if request.method == "GET" else HOME)}
    if sessions.COOKIE in request.COOKIES:
        query["ended"] = "1"
    response = HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode(query)}")
    response["Cache-Control"] = "no-store"
    return response


def safe_next(text: str | None) -> str:
    """`text` if it is a plain path of the patients' pages on this host; the home for everything else."""
    if not text or not text.startswith(BACK_TO) or "\\" in text or not text.isprintable():
        return HOME
    if text.startswith("/portal/sign-"):
        return HOME
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else HOME


def show(
    request: HttpRequest, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    shared: dict[str, Any] = {"privacy_links": privacy_links()}
    visiting: Visiting | None = getattr(request, "visiting", None)
    if visiting is not None:
        shared |= {"me": visiting.guardian, "person": visiting.person, "for_another": visiting.for_another}
    return render(request, f"portal/{name}.html", {**shared, **(context or {})}, status=status)


def see(name: str, *args: Any, **query: str) -> HttpResponse:
    """On to another page after a write."""
    location = reverse(f"portal:{name}", args=args, query=query or None)
    return HttpResponse(status=303, headers={"Location": location, "Cache-Control": "no-store"})
