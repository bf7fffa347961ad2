"""Requests that are malformed, repeated, too large or too greedy."""

import json
from collections.abc import Callable
from typing import Any

from core.ids import uuid7
from scheduling.models import Appointment
from tenants.context import enter
from tests.bad_input.world import AVAILABILITY, BOOKINGS, ONE_VISIT, PATIENTS, WANDA, Row, World, post_as


def same_key(other_body: bool) -> Callable[[World], Any]:
    def send(world: World) -> Any:
        token, headers = world.slot(), {"Idempotency-Key": "k1"}
        first = world.book(token, headers=headers)
        assert first.status_code == 201
        world.begin()
        second = world.book(token, headers=headers, **({"first_name": "Wilma"} if other_body else {}))
        assert other_body or second.content == first.content
        return second

    return send


def mass_assignment(world: World) -> Any:
    """What the form does not ask for is not read: neither status nor price nor state nor whose it is."""
    sneaky = {"status": "done", "price_amount": 0, "price": {"amount": 0}, "booked_via": "desk", "is_override": True,
              "id": str(uuid7()), "uid": str(uuid7()), "clinic": str(world.rival.clinic.uid), "revision": 9}  # fmt: skip
    answer = world.book(
        world.slot("botox"),
        body=sneaky,
        state="verified",
        id=1,
        uid=str(uuid7()),
        role="owner",
        archived_at="2020-01-01",
    )
    with enter(world.glow.clinic):
        visit = Appointment.objects.select_related("person").get(uid=answer.json()["id"])
        found = (visit.status, visit.price_amount, visit.booked_via, visit.is_override, visit.revision)
        assert found == ("booked", 36_000, "api", False, 0)
        assert (visit.person.state, visit.person.archived_at) == ("claimed", None)
        assert str(visit.uid) != sneaky["uid"]
    return answer


def staff_mass_assignment(world: World) -> Any:
    pat = world.glow.cast.pat
    body = {
        "language": "es",
        "state": "claimed",
        "resource": 1,
        "last_visit_at": "2020-01-01T00:00:00Z",
        "uid": "x",
    }
    answer = world.staff("front_desk").patch(
        f"{PATIENTS}{pat.uid}/", json.dumps(body), content_type="application/json"
    )
    assert answer.json()["state"] == "verified"
    assert (answer.json()["language"], answer.json()["last_visit_at"]) == ("es", None)
    return answer


def own_role(world: World) -> Any:
    """Nobody raises himself: the desk has no say over staff, whatever the body."""
    return post_as(world.staff("front_desk"), "/api/v1/patients/", {"role": "owner", "is_staff": True})


def many_failures(world: World) -> Any:
    body = {
        "slot": world.slot(),
        "patient": {
            "first_name": 7,
            "last_name": "",
            "email": "no",
            "phone": "1",
            "date_of_birth": "yesterday",
        },
        "consents": {"service_sms": True},
        "notes": ["x"],
    }
    return world.post(BOOKINGS, body)


EVERYTHING = (
    "patient.first_name not_text", "patient.last_name missing", "patient.email invalid", "patient.phone not_a_number",
    "patient.date_of_birth invalid", "consents.text_version missing", "notes not_text",
)  # fmt: skip

ROWS = [
    Row("the same key with another body", same_key(True), 409, "idempotency-key-reused"),
    Row("the same key with the same body", same_key(False), 201),
    Row("a key of 10 000 characters", lambda w: w.book(headers={"Idempotency-Key": "k" * 10_000}), 422, "invalid",
        ("Idempotency-Key invalid",)),
    Row("everything wrong at once", many_failures, 422, "invalid", EVERYTHING),
    Row("an old consent", lambda w: w.book(body={"consents": {"service_sms": True, "text_version": "1"}}), 422,
        "invalid", ("consents.text_version outdated",)),
    Row("a form for JSON", lambda w: w.raw(BOOKINGS, b"slot=1", "application/x-www-form-urlencoded"), 415,
        "unsupported-media-type"),
    Row("XML", lambda w: w.raw(BOOKINGS, b"<a/>", "application/xml"), 415, "unsupported-media-type"),
    Row("broken JSON", lambda w: w.raw(BOOKINGS, b'{"slot": '), 400, "bad-request"),
    Row("JSON that is no UTF-8", lambda w: w.raw(BOOKINGS, b'{"slot": "\xff"}'), 400, "bad-request"),
    Row("a JSON list", lambda w: w.raw(BOOKINGS, b"[]"), 400, "bad-request"),
    Row("JSON nested too deep", lambda w: w.raw(BOOKINGS, b"[" * 100_000), 400, "bad-request"),
    Row("a huge body", lambda w: w.raw(BOOKINGS, b'{"slot": "' + b"x" * 3_000_000 + b'"}'), 413,
        "too-large"),
    Row("nothing at all", lambda w: w.raw(BOOKINGS, b""), 422, "invalid", ("slot missing",)),
    Row("more than was asked for", mass_assignment, 201, adds=ONE_VISIT),
    Row("more than may be changed", staff_mass_assignment, 200),
    Row("a role of one's own choice", own_role, 422, "invalid", ("first_name missing", "last_name missing")),
    Row("the wrong method", lambda w: w.client().put(BOOKINGS, "{}", content_type="application/json"), 405,
        "method-not-allowed"),
    Row("a write to what is read", lambda w: w.post(AVAILABILITY, {}), 405, "method-not-allowed"),
    Row("a write without a token", lambda w: w.post(PATIENTS, WANDA), 401, "not-signed-in"),
]  # fmt: skip
