"""Problem documents: every failure, and nothing a cache may keep."""

import json

import pytest

from core import problems


def test_every_failure_is_listed():
    problem = problems.Invalid(
        errors=[
            problems.failure("first_name", "missing", "Enter a first name."),
            problems.failure("phone", "too_short", "1 digit is missing."),
        ]
    )
    response = problems.problem_response(problem)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    body = json.loads(response.content)
    assert body["type"] == "/problems/invalid"
    assert body["status"] == 422
    assert [each["field"] for each in body["errors"]] == ["first_name", "phone"]


@pytest.mark.parametrize(
    ("problem", "status", "slug"),
    [
        (problems.BadRequest(), 400, "bad-request"),
        (problems.NotSignedIn(), 401, "not-signed-in"),
        (problems.Forbidden(), 403, "forbidden"),
        (problems.NotFound(), 404, "not-found"),
        (problems.MethodNotAllowed(), 405, "method-not-allowed"),
        (problems.Conflict(), 409, "conflict"),
        (problems.SlotTaken(), 409, "slot-taken"),
        (problems.BaaRequired(), 409, "baa-required"),
        (problems.Invalid(), 422, "invalid"),
        (problems.TooMany(retry_after=30), 429, "too-many-requests"),
        (problems.Unavailable(), 503, "unavailable"),
        (problems.Problem("x", type="gone", title="Gone", status=410), 410, "gone"),
    ],
)
def test_types(problem, status, slug):
    response = problems.problem_response(problem)
    body = json.loads(response.content)
    assert (response.status_code, body["status"], body["type"]) == (status, status, f"/problems/{slug}")
    assert body["title"]
    assert body["errors"] == []


def test_headers_travel():
    assert problems.problem_response(problems.TooMany(retry_after=30))["Retry-After"] == "30"
    assert problems.problem_response(problems.NotSignedIn())["WWW-Authenticate"] == "Bearer"
    assert problems.problem_response(problems.Unavailable())["Retry-After"] == "10"


def test_a_slot_taken_is_a_conflict():
    with pytest.raises(problems.Conflict):
        raise problems.SlotTaken
