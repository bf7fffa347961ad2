"""Pages whose form brings a file. The body is read, and sealed, once it is known who sends it and for whom; so the form's
token, which is in the body, is asked for then, and not by the middleware."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

from core.problems import Forbidden
from files.uploads import Fields, Incoming, Named, receive

View = Callable[..., HttpResponseBase]


class _Token(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Forbidden


def reads_files(view: View) -> View:
    """A page that calls `receive_form` before it does anything with what was sent."""

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return page


def receive_form(
    request: HttpRequest, expected: Fields, named: Named
) -> tuple[QueryDict, dict[str, Incoming]]:
    """The form's fields and its sealed files; Forbidden without the form's own token."""
    fields, files = receive(request, expected, named)
    request._post = fields  # type: ignore[attr-defined]
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    _Token(_unused).process_view(request, _unused, (), {})
    return fields, files


def _unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the token is asked for, the page is not")
