"""Visits by program: the contract's shapes, every refusal as problem+json, who may what."""

import json
from datetime import datetime, time, timedelta
from unittest import mock
from uuid import uuid4

import pytest

from core.problems import Unavailable
from messaging.models import Message
from practice.queries import current_texts
from scheduling.models import Appointment, Hold
from scheduling.tests.visits import AT, MONDAY, PATIENT, book_for, token, wall
from tenants.context import enter

API = "/api/v1"


@pytest.fixture(autouse=True)
def friday():
    """The API asks the clock; the visits are on the Monday after."""
    moments = ("scheduling.api.now", "scheduling.staff_api.now")
    patches = [mock.patch(each, return_value=AT) for each in moments]
    for each in patches:
        each.start()
    yield
    for each in patches:
        each.stop()


def post(client, path, body, **headers):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers)


def problem(response, status, kind):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    return body


def slots(house, client=None, service="botox", **given):
    query = {"service": house.cast.services[service].uid, "from": MONDAY, "to": MONDAY, **given}
    return (client or house.client()).get(f"{API}/availability/", query)


def test_the_contracts_path_from_slot_to_cancelled(glow):
    client = glow.client()
    answer = slots(glow)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"timezone", "slots"}
    slot = body["slots"][4]
    assert set(slot) == {"start", "end", "provider", "token"}
    assert set(slot["provider"]) == {"id", "name"}
    assert slot["start"].endswith("-06:00")

    held = post(client, "/holds/", {"slot": slot["token"]})
    assert held.status_code == 201
    assert set(held.json()) >= {"id", "expires_at"}
    problem(post(glow.client(), "/holds/", {"slot": slot["token"]}), 409, "slot-taken")
    version = _version(glow)
    booked = post(
        client,
        "/bookings/",
        {
            "hold": held.json()["id"],
            "patient": PATIENT,
            "consents": {"service_sms": True, "text_version": version},
            "notes": "please ring twice",
        },
    )
    assert booked.status_code == 201, booked.content
    visit = booked.json()
    assert set(visit) >= {"id", "status", "start", "end", "provider", "service", "manage_url"}
    assert (visit["status"], visit["start"], visit["end"]) == ("booked", slot["start"], slot["end"])

    key = visit["manage_url"].rstrip("/").rpartition("/")[2]
    link = client.get(f"{API}/bookings/{key}/").json()
    assert (link["id"], link["changeable"]) == (visit["id"], True)
    assert "Wanda" not in json.dumps(link)
    later = slots(glow).json()["slots"][-1]
    moved = post(client, f"/bookings/{key}/reschedule/", {"slot": later["token"]})
    assert (moved.status_code, moved.json()["start"]) == (200, later["start"])
    problem(post(client, f"/bookings/{key}/reschedule/", {}), 422, "invalid")
    cancelled = post(client, f"/bookings/{key}/cancel/", {})
    assert cancelled.json()["status"] == "cancelled"
    problem(post(client, f"/bookings/{key}/cancel/", {}), 409, "wrong-state")
    problem(client.get(f"{API}/bookings/{'x' * 43}/"), 404, "not-found")
    with enter(glow.clinic):
        assert Message.objects.filter(channel="sms", kind="visit_booked").exists()


def _version(house):
    with enter(house.clinic):
        return current_texts()["service_sms"].version


def test_availability_refuses_with_every_failure(glow, rival):
    body = problem(
        glow.client().get(f"{API}/availability/", {"service": "x", "from": "soon"}), 422, "invalid"
    )
    assert {(each["field"], each["code"]) for each in body["errors"]} == {
        ("service", "invalid"),
        ("from", "invalid"),
        ("to", "missing"),
    }
    problem(slots(glow, service="botox", **{"from": MONDAY + timedelta(days=1)}), 422, "invalid")
    problem(slots(glow, to=MONDAY + timedelta(days=62)), 422, "invalid")
    beyond = problem(slots(glow, **{"from": "2027-12-01", "to": "2027-12-02"}), 422, "invalid")
    assert "2027-08-25" in beyond["detail"]
    problem(slots(rival, glow.client()), 404, "not-found")
    problem(slots(glow, provider=uuid4()), 404, "not-found")
    problem(glow.client().post(f"{API}/availability/"), 405, "method-not-allowed")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({}, 422, "invalid"),
        ({"slot": 5}, 422, "invalid"),
        ({"slot": "nonsense"}, 422, "slot-invalid"),
        ({"slot": "x" * 10_000}, 422, "slot-invalid"),
        ({"hold": "nonsense"}, 422, "invalid"),
        ({"hold": "01890000-0000-7000-8000-000000000000"}, 422, "slot-invalid"),
        ([], 400, "bad-request"),
        ("text", 400, "bad-request"),
    ],
)
def test_bookings_that_cannot_be(glow, body, status, kind):
    if isinstance(body, dict):
        body = {"patient": PATIENT, **body}
    problem(post(glow.client(), "/bookings/", body), status, kind)
    with enter(glow.clinic):
        assert not Appointment.objects.exists()


def test_unreadable_json_is_a_bad_request(glow):
    response = glow.client().post(f"{API}/bookings/", "{", content_type="application/json")
    assert response.status_code == 400


def test_a_booking_lists_all_that_is_wrong(glow):
    with enter(glow.clinic):
        offer = token(glow.cast)
    patient = {**PATIENT, "email": "nobody", "last_name": "x" * 10_000, "first_name": "‮ "}
    body = problem(
        post(glow.client(), "/bookings/", {"slot": offer, "patient": patient, "notes": "\0"}), 422, "invalid"
    )
    assert {each["field"] for each in body["errors"]} == {
        "patient.email",
        "patient.last_name",
        "patient.first_name",
        "notes",
    }


def test_the_same_key_and_body_have_the_same_answer(glow):
    with enter(glow.clinic):
        offer = token(glow.cast)
    body, key = {"slot": offer, "patient": PATIENT}, {"Idempotency-Key": "one"}
    first = post(glow.client(), "/bookings/", body, **key)
    again = post(glow.client(), "/bookings/", body, **key)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert post(glow.client(), "/bookings/", {**body, "notes": "another"}, **key).status_code == 409
    with enter(glow.clinic):
        assert Appointment.objects.count() == 1


def test_with_the_vault_down_a_booking_says_so(glow):
    with enter(glow.clinic):
        offer = token(glow.cast)
    body = {"slot": offer, "patient": PATIENT}
    with mock.patch("scheduling.actions.book.keep_key", side_effect=Unavailable):
        problem(post(glow.client(), "/bookings/", body), 503, "unavailable")
    assert slots(glow).status_code == 200
    assert post(glow.client(), "/bookings/", body).status_code == 201


def test_holds_are_limited(glow):
    client = glow.client(headers={"user-agent": "one"})
    with enter(glow.clinic):
        offers = [token(glow.cast, at=time(10 + n)) for n in range(3)]
    for offer in offers[:2]:
        assert post(client, "/holds/", {"slot": offer}).status_code == 201
    refused = post(client, "/holds/", {"slot": offers[2]})
    problem(refused, 429, "too-many-requests")
    assert refused["Retry-After"]
    with enter(glow.clinic):
        assert Hold.objects.count() == 2


def test_calls_are_limited_by_address(glow, settings):
    from scheduling import limits

    limits.forget()
    with mock.patch.dict(limits.MOST_A_WINDOW, {"availability": 2}):
        assert [slots(glow).status_code for _ in range(3)] == [200, 200, 429]
        settings.PUBLIC_RATE_LIMIT = False
        assert slots(glow).status_code == 200
    limits.forget()


# --- Staff ---------------------------------------------------------------------------------------------------


def test_staff_books_lists_and_goes_through_the_day(glow):
    cast, desk = glow.cast, glow.api(glow.cast.desk)
    with enter(glow.clinic):
        start = wall(cast).isoformat()
    body = {
        "service": str(cast.services["botox"].uid),
        "provider": str(cast.providers["ines"].uid),
        "start": start,
        "patient": str(cast.pat.uid),
        "notes": "asked for Ines",
    }
    made = post(desk, "/appointments/", body)
    assert made.status_code == 201, made.content
    visit = made.json()
    assert visit["patient"] == {"id": str(cast.pat.uid), "first_name": "Pat", "last_name": "Peterson"}
    assert (visit["notes"], visit["price"]) == ("asked for Ines", {"amount": 36_000, "currency": "USD"})
    taken = problem(post(desk, "/appointments/", body), 409, "slot-taken")
    assert {each["field"] for each in taken["errors"]} == {"provider", "patient"}
    over = post(desk, "/appointments/", {**body, "override_reason": "twins"})
    assert over.status_code == 201
    assert over.json()["is_override"] is True
    new = {**body, "start": datetime.fromisoformat(start).replace(hour=20).isoformat()}
    new["patient"] = {"first_name": "Nina", "last_name": "New"}
    assert post(desk, "/appointments/", new).status_code == 201

    listed = desk.get(f"{API}/appointments/", {"from": MONDAY, "to": MONDAY}).json()
    assert listed["results"][0]["start"] == visit["start"]
    assert (len(listed["results"]), listed["next"]) == (3, None)
    mine = desk.get(f"{API}/patients/{cast.pat.uid}/appointments/").json()
    assert len(mine["results"]) == 2

    path = f"/appointments/{visit['id']}"
    with mock.patch("scheduling.staff_api.now", return_value=datetime.fromisoformat(visit["start"])):
        assert post(desk, f"{path}/check-in/", {}).json()["status"] == "arrived"
        assert post(desk, f"{path}/undo/", {}).json()["status"] == "booked"
        assert post(desk, f"{path}/check-in/", {}).json()["status"] == "arrived"
        assert post(desk, f"{path}/start/", {}).json()["status"] == "in_room"
        assert post(desk, f"{path}/complete/", {}).json()["status"] == "done"
        problem(post(desk, f"{path}/no-show/", {}), 409, "wrong-state")
    path = f"/appointments/{over.json()['id']}"
    problem(post(desk, f"{path}/cancel/", {}), 422, "invalid")
    problem(post(desk, f"{path}/reschedule/", {"start": "tomorrow"}), 422, "invalid")
    elsewhere = (datetime.fromisoformat(start) + timedelta(hours=3)).isoformat()
    moved = post(desk, f"{path}/reschedule/", {"start": elsewhere})
    assert (moved.status_code, moved.json()["revision"]) == (200, 1)
    assert post(desk, f"{path}/cancel/", {"reason": "ill"}).json()["status"] == "cancelled"
    assert desk.get(f"{API}{path}/").json()["status"] == "cancelled"


def test_a_long_list_comes_in_pages(glow):
    with enter(glow.clinic), mock.patch("scheduling.queries.PAGE", 2):
        for number in range(5):
            book_for(glow.cast, time(9 + number))
        desk, cursor, seen = glow.api(glow.cast.desk), "", []
        while cursor is not None:
            page = desk.get(f"{API}/appointments/", {"from": MONDAY, "to": MONDAY, "cursor": cursor}).json()
            seen += [each["id"] for each in page["results"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == 5
    problem(desk.get(f"{API}/appointments/", {"from": MONDAY, "to": MONDAY, "cursor": "x"}), 422, "invalid")


def test_who_may_what(glow, rival):
    with enter(glow.clinic):
        visit = book_for(glow.cast).appointment
    path = f"{API}/appointments/{visit.uid}/"
    dates = {"from": MONDAY, "to": MONDAY}
    problem(glow.client().get(f"{API}/appointments/", dates), 401, "not-signed-in")
    problem(glow.client().get(path), 401, "not-signed-in")
    marketer = glow.api(glow.cast.users["marketer"])
    problem(marketer.get(f"{API}/appointments/", dates), 403, "forbidden")
    problem(marketer.get(path), 404, "not-found")
    stranger = rival.api(rival.cast.owner)
    for client, url in ((stranger, path), (glow.api(glow.cast.desk), f"{API}/appointments/{uuid4()}/")):
        problem(client.get(url), 404, "not-found")
        for step in ("check-in", "start", "complete", "no-show", "cancel", "reschedule", "undo", "confirm"):
            problem(client.post(f"{url}{step}/", "{}", content_type="application/json"), 404, "not-found")
    provider = glow.api(glow.cast.users["provider"])
    refused = post(
        provider,
        "/appointments/",
        {
            "service": str(glow.cast.services["botox"].uid),
            "provider": str(glow.cast.providers["ines"].uid),
            "start": visit.starts_at.isoformat(),
            "patient": str(glow.cast.pat.uid),
            "override_reason": "because",
        },
    )
    assert refused.status_code == 403
