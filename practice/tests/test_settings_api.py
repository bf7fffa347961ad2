"""Programs set a clinic up by the same rules as its pages."""

import json

import pytest

from audit.models import Event
from practice.models import Closure, Location, Room, Service
from tenants.context import enter


@pytest.fixture
def owner(glow):
    return glow.api(glow.cast.owner)


def send(client, method, path, body):
    return getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def fields_of(answer) -> set[str]:
    assert answer["Content-Type"] == "application/problem+json"
    return {one["field"] for one in answer.json()["errors"]}


WEEK = [
    {"weekday": 0, "opens": "09:00", "closes": "12:00"},
    {"weekday": 0, "opens": "13:00", "closes": "17:00"},
]


def test_a_location_with_its_week(glow, owner):
    made = send(
        owner, "post", "locations/", {"name": "North", "timezone": "America/Denver", "opening_hours": WEEK}
    )
    assert made.status_code == 201
    uid = made.json()["id"]
    assert made.json()["opening_hours"] == WEEK
    changed = send(owner, "patch", f"locations/{uid}/", {"phone": "(303) 555-0111", "tax_rate_bp": 825})
    assert (changed.json()["phone"], changed.json()["tax_rate_bp"]) == ("+13035550111", 825)
    assert send(owner, "patch", f"locations/{uid}/", {"archived": True}).json()["archived"]
    assert not send(owner, "patch", f"locations/{uid}/", {"archived": False}).json()["archived"]
    assert uid in {one["id"] for one in owner.get("/api/v1/locations/").json()["results"]}
    with enter(glow.clinic):
        verbs = set(Event.objects.filter(object_id=uid).values_list("verb", flat=True))
    assert {"location.created", "location.hours_changed", "location.archived", "location.restored"} <= verbs


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name", "timezone"}),
        ({"name": "N", "timezone": "Mars/Olympus"}, {"timezone"}),
        (
            {"name": "N", "timezone": "UTC", "tax_rate_bp": 10_001, "country": "usa"},
            {"tax_rate_bp", "country"},
        ),
        (
            {
                "name": "N",
                "timezone": "UTC",
                "opening_hours": [{"weekday": 0, "opens": "18:00", "closes": "09:00"}],
            },
            {"opening_hours.0"},
        ),
    ],
)
def test_locations_that_cannot_be(glow, owner, body, fields):
    answer = send(owner, "post", "locations/", body)
    assert answer.status_code == 422
    assert fields_of(answer) == fields
    with enter(glow.clinic):
        assert Location.objects.count() == 1


@pytest.mark.parametrize("what", ["rooms", "devices"])
def test_rooms_and_devices(glow, owner, what):
    body = {"name": "Blue", "kind": "treatment", "location": str(glow.cast.location.uid)}
    made = send(owner, "post", f"{what}/", body)
    assert made.status_code == 201
    uid = made.json()["id"]
    assert send(owner, "patch", f"{what}/{uid}/", {"name": "Green"}).json()["name"] == "Green"
    assert send(owner, "patch", f"{what}/{uid}/", {"archived": True}).json()["archived"]
    assert owner.get(f"/api/v1/{what}/{uid}/").json()["name"] == "Green"
    unknown = send(owner, "post", f"{what}/", {**body, "location": "018f0000-0000-7000-8000-000000000000"})
    assert fields_of(unknown) == {"location"}


def test_closures(glow, owner):
    body = {"location": str(glow.cast.location.uid), "starts_on": "2027-12-24", "ends_on": "2027-12-26"}
    made = send(owner, "post", "closures/", body)
    assert (made.status_code, made.json()["visits"]) == (201, 0)
    page = f"/api/v1/closures/{made.json()['id']}/"
    assert glow.api(glow.cast.desk).delete(page).status_code == 404
    assert owner.delete(page).status_code == 204
    assert owner.get(page).status_code == 404
    wrong = send(owner, "post", "closures/", {**body, "ends_on": "2027-12-23"})
    assert fields_of(wrong) == {"ends_on"}
    assert fields_of(send(owner, "post", "closures/", {**body, "ends_on": "9999-12-31"})) == {"ends_on"}
    with enter(glow.clinic):
        assert not Closure.objects.exists()


def test_services(glow, owner):
    nora = str(glow.cast.providers["nora"].uid)
    body = {
        "name": "Peel",
        "category": "Skin",
        "duration_minutes": 40,
        "price_amount": 12_000,
        "providers": [nora],
    }
    made = send(owner, "post", "services/", body)
    assert made.status_code == 201
    uid = made.json()["id"]
    assert (made.json()["providers"], made.json()["price"]["amount"]) == ([nora], 12_000)
    assert uid in {one["id"] for one in glow.client().get("/api/v1/services/").json()["results"]}
    assert fields_of(send(owner, "patch", f"services/{uid}/", {"deposit_amount": 20_000})) == {
        "deposit_amount"
    }
    assert fields_of(send(owner, "patch", f"services/{uid}/", {"providers": [uid]})) == {"providers"}
    assert send(owner, "patch", f"services/{uid}/", {"archived": True}).json()["archived"]
    assert uid in {one["id"] for one in owner.get("/api/v1/services/all/").json()["results"]}
    assert uid not in glow.client().get("/api/v1/services/").content.decode()
    assert send(glow.api(glow.cast.desk), "post", "services/", body).status_code == 403
    assert send(glow.client(), "post", "services/", body).status_code == 401
    with enter(glow.clinic):
        assert Service.objects.get(uid=uid).deposit_amount == 0


def test_pages_of_a_list(glow, owner, monkeypatch):
    monkeypatch.setattr("practice.settings_api.PAGE", 2)
    seen, cursor = [], ""
    while cursor is not None:
        answer = owner.get(f"/api/v1/rooms/?cursor={cursor}").json()
        seen += [one["name"] for one in answer["results"]]
        cursor = answer["next"]
    with enter(glow.clinic):
        assert sorted(seen) == sorted(Room.objects.values_list("name", flat=True))
    assert owner.get("/api/v1/rooms/?cursor=x").status_code == 422
