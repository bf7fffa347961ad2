"""Problem types (RFC 9457): every refusal that a program or a page must be able to tell apart."""

import json
from collections.abc import Iterable, Mapping
from typing import ClassVar, TypedDict

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Failure(TypedDict):
    """One thing that is wrong: where, a word for programs, a sentence for people."""

    field: str
    code: str
    message: str


def failure(field: str, code: str, message: Text) -> Failure:
    return {"field": field, "code": code, "message": str(message)}


class Problem(Exception):
    """A refusal with everything that is wrong in `errors`, not only the first."""

    type: str = "problem"
    title: Text = _("Something went wrong")
    status: int = 400
    default_detail: ClassVar[Text] = ""

    def __init__(
        self,
        detail: Text = "",
        *,
        errors: Iterable[Failure] = (),
        headers: Mapping[str, str] | None = None,
        type: str | None = None,  # noqa: A002 - the member's name in RFC 9457
        title: Text | None = None,
        status: int | None = None,
    ) -> None:
        self.detail: Text = detail or self.default_detail
        self.errors: list[Failure] = list(errors)
        self.headers: dict[str, str] = dict(headers or {})
        self.type = type or self.type
        self.title = title or self.title
        self.status = status or self.status
        super().__init__(self.type)

    @property
    def uri(self) -> str:
        return f"/problems/{self.type}"

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {"type": self.uri, "title": str(self.title), "status": self.status}
        if self.detail:
            body["detail"] = str(self.detail)
        body["errors"] = [failure(**each) for each in self.errors]
        return body

    def __str__(self) -> str:
        return f"{self.status} {self.type}: {self.detail or self.title}"


class BadRequest(Problem):
    type = "bad-request"
    title = _("This request cannot be read")
    status = 400


class TooLarge(Problem):
    type = "too-large"
    title = _("This is more than one request may carry")
    status = 413


class NotSignedIn(Problem):
    type = "not-signed-in"
    title = _("Sign in first")
    status = 401

    def __init__(self, detail: Text = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer", **(headers or {})})


class Forbidden(Problem):
    type = "forbidden"
    title = _("Your role may not open this")
    status = 403


class NotFound(Problem):
    type = "not-found"
    title = _("There is nothing here")
    status = 404


class MethodNotAllowed(Problem):
    type = "method-not-allowed"
    title = _("This address does not answer to that method")
    status = 405


class Conflict(Problem):
    type = "conflict"
    title = _("This no longer fits what is stored")
    status = 409


class SlotTaken(Conflict):
    type = "slot-taken"
    title = _("That time has just been taken")
    default_detail = _("Please choose another time.")


class BaaRequired(Conflict):
    type = "baa-required"
    title = _("The business associate agreement is not signed")
    default_detail = _("An owner must sign it before anything about a patient can be stored.")


class Invalid(Problem):
    type = "invalid"
    title = _("Some details need another look")
    status = 422


class TooMany(Problem):
    type = "too-many-requests"
    title = _("Too many requests")
    status = 429

    def __init__(self, detail: Text = "", *, retry_after: int | None = None) -> None:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__(detail, headers=headers)


class Unavailable(Problem):
    type = "unavailable"
    title = _("This is not available right now")
    status = 503
    default_detail = _("Nothing was lost. Please try again in a minute.")

    def __init__(self, detail: Text = "", *, retry_after: int = 10) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


def problem_response(problem: Problem) -> HttpResponse:
    response = HttpResponse(
        json.dumps(problem.as_json(), ensure_ascii=False),
        content_type="application/problem+json",
        status=problem.status,
        headers=problem.headers,
    )
    response["Cache-Control"] = "no-store"
    return response
