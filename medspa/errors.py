"""Refusals and faults as people and programs meet them."""

import logging
import sys

from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from core.problems import BadRequest, Forbidden, NotFound, Problem, TooLarge, Unavailable, problem_response

log = logging.getLogger("medspa.errors")


def wants_json(request: HttpRequest) -> bool:
    """Programs: everything below /api/ and /hooks/, and whoever asks for JSON alone."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith(("/api/", "/hooks/")) or ("json" in accept and "text/html" not in accept)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as problem+json, or as a page that says what to do next."""
    if problem.status >= 500:
        log.error("%s", problem.type, exc_info=problem)
    if wants_json(request):
        return problem_response(problem)
    template = f"{problem.status}.html" if problem.status in (403, 404, 503) else "problem.html"
    response = render(request, template, {"problem": problem}, status=problem.status)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def as_problem(error: Exception) -> Problem | None:
    """The refusal that an exception stands for, or None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, DisallowedHost | TooManyFieldsSent):
        return BadRequest()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, OperationalError | InterfaceError | RedisError):
        return Unavailable()
    return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses: a body too long, too many fields, a host that is none."""
    return answer(request, as_problem(exception) or BadRequest())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        Forbidden(
            _(
                "This page was open for too long or its cookie is missing. Go back, reload the page and try again."
            ),
            title=_("That did not go through"),
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, in no template that could fail again; or a refusal that came before any view."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and (problem := as_problem(error)):
        return answer(request, problem)
    if wants_json(request):
        return problem_response(Problem(status=500, type="fault", title=_("Something broke on our side")))
    try:
        return render(request, "500.html", status=500)
    except Exception:  # noqa: BLE001  the last resort must not fail
        return HttpResponse("Something broke on our side.\n", status=500, content_type="text/plain")
