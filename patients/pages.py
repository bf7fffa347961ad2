"""Pages of one patient's clinical record: the view gets the person, or the reader is asked for a reason first."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from accounts.pages import return_path, staff_page
from core.http import is_htmx
from core.reading import one_page
from patients import access
from patients.care import BreakGlassNeeded

View = Callable[..., HttpResponseBase]


def record_page(permission: str = "chart.view") -> Callable[[View], View]:
    """`view(request, person, …)` below an address with the person's `uid`: the record is opened with `permission`, or
    the answer is a 404, or the page that asks for a reason."""

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, uid: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = access.get_record(request.user, uid, to=permission)
            with one_page() if request.method == "GET" else nullcontext():
                return view(request, person, *args, **kwargs)

        return staff_page()(asking_why(page))

    return decorate


def asking_why(view: View) -> View:
    """Whoever is only outside the care team is led to the page that asks for a reason, and back here afterwards."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BreakGlassNeeded as closed:
            return _ask_why(request, closed.person)

    return page


def _ask_why(request: HttpRequest, uid: UUID) -> HttpResponse:
    address = reverse("patients:break_glass", args=[uid]) + "?" + urlencode({"next": return_path(request)})
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
