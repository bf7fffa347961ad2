"""DRF's own refusals in the words of RFC 9457, every failure listed."""

from typing import Any

from django.http import HttpResponse
from rest_framework import exceptions, status

from core.problems import (
    BadRequest,
    Failure,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooMany,
    problem_response,
)
from medspa.errors import as_problem


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    problem = as_problem(error) or _from_drf(error)
    return problem_response(problem) if problem else None


def _from_drf(error: Exception) -> Problem | None:
    if isinstance(error, RecursionError):  # JSON nested deeper than the reader goes
        return BadRequest()
    if isinstance(error, exceptions.ValidationError):
        return Invalid(errors=failures(error.detail))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return NotSignedIn()
    if isinstance(error, exceptions.PermissionDenied):
        return Forbidden()
    if isinstance(error, exceptions.NotFound):
        return NotFound()
    if isinstance(error, exceptions.MethodNotAllowed):
        return MethodNotAllowed()
    if isinstance(error, exceptions.Throttled):
        return TooMany(retry_after=60)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Problem(
            "Send application/json.",
            type="unsupported-media-type",
            title="This media type is not read here",
            status=status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )
    if isinstance(error, exceptions.APIException):
        return BadRequest(str(error.detail))
    return None


def failures(detail: Any, field: str = "") -> list[Failure]:
    """Every message of a nested serializer error, with a dotted path to its field."""
    if isinstance(detail, dict):
        found: list[Failure] = []
        for name, inner in detail.items():
            path = field if name == "non_field_errors" else f"{field}.{name}" if field else str(name)
            found += failures(inner, path)
        return found
    if isinstance(detail, list):
        return [one for inner in detail for one in failures(inner, field)]
    return [{"field": field, "code": str(getattr(detail, "code", "invalid")), "message": str(detail)}]
