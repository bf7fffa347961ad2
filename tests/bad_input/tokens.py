"""Hosts, ids and tokens that are foreign, forged, used up or out of date."""

from datetime import timedelta
from typing import Any

from django.test import Client

from core.ids import uuid7
from tests.bad_input.world import AVAILABILITY, BOOKINGS, HOLDS, PATIENTS, WANDA, Row, World, post_as


def foreign_id(world: World) -> Any:
    """Word for word what a random id gets."""
    owner = world.staff()
    foreign, unknown = (owner.get(f"{PATIENTS}{uid}/") for uid in (world.rival.cast.pat.uid, uuid7()))
    assert foreign.content == unknown.content
    return foreign


def nested_foreign_ids(world: World) -> Any:
    """Another clinic's ids in a body: nothing of it is found."""
    rival = world.rival.cast
    body = {
        "service": str(rival.services["botox"].uid),
        "provider": str(rival.providers["ines"].uid),
        "start": "2027-03-01T10:00:00-06:00",
        "patient": str(rival.pat.uid),
    }
    return post_as(world.staff(), "/api/v1/appointments/", body)


def other_clinics_manage_token(world: World) -> Any:
    token = world.book(house=world.rival).json()["manage_url"].rstrip("/").rpartition("/")[2]
    assert world.get(f"{BOOKINGS}{token}/", world.rival).status_code == 200
    world.begin()
    return world.post(f"{BOOKINGS}{token}/cancel/", {})


def forged(token: str) -> str:
    return token[:-1] + ("0" if token[-1] != "0" else "1")


def changed_start(token: str) -> str:
    """Another start under the old signature."""
    *head, minute, mac = token.split(".")
    return ".".join([*head, f"{int(minute, 16) + 15:x}", mac])


def expired_slot(world: World) -> Any:
    token = world.slot()
    world.clock.shift(timedelta(minutes=15))
    return world.book(token)


def replayed_slot(world: World) -> Any:
    """The double submit: the second click finds the time taken by the first."""
    token = world.slot()
    assert world.book(token).status_code == 201
    world.begin()
    return world.book(token)


def used_hold(world: World) -> Any:
    hold = world.post(HOLDS, {"slot": world.slot()}).json()["id"]
    body = {"hold": hold, "patient": WANDA}
    assert world.post(BOOKINGS, body).status_code == 201
    world.begin()
    return world.post(BOOKINGS, body)


def lost_hold(world: World) -> Any:
    """Run out, and somebody else was faster."""
    token = world.slot()
    hold = world.post(HOLDS, {"slot": token}).json()["id"]
    world.clock.shift(timedelta(minutes=6))
    assert world.book(token, first_name="Quick").status_code == 201
    world.begin()
    return world.post(BOOKINGS, {"hold": hold, "patient": WANDA})


def old_hold(world: World) -> Any:
    hold = world.post(HOLDS, {"slot": world.slot()}).json()["id"]
    world.clock.shift(timedelta(minutes=90))
    world.begin()
    return world.post(BOOKINGS, {"hold": hold, "patient": WANDA})


def third_hold(world: World) -> Any:
    for place in (0, 8):
        assert world.post(HOLDS, {"slot": world.slot(place=place)}).status_code == 201
    world.begin()
    return world.post(HOLDS, {"slot": world.slot(place=16)})


ROWS = [
    Row("an unknown host", lambda w: Client(HTTP_HOST="nobody.localhost").get(BOOKINGS), 404),
    Row("no host", lambda w: Client(HTTP_HOST="").get("/"), 404),
    Row("a host with a path in it", lambda w: Client(HTTP_HOST="glow.localhost/../rival.localhost").get("/"), 404),
    Row("a hook at a clinic's host", lambda w: w.post("/hooks/twilio/sms/", {}), 404, "not-found"),
    Row("another clinic's patient", foreign_id, 404, "not-found", promise="P158"),
    Row("another clinic's ids in a body", nested_foreign_ids, 404, "not-found", promise="P158"),
    Row("an id that is none", lambda w: w.staff().get(f"{PATIENTS}17/"), 404, "not-found"),
    Row("another clinic's service", lambda w: w.get(AVAILABILITY, service=str(w.rival.cast.services["botox"].uid),
        **{"from": "2027-03-01", "to": "2027-03-01"}), 404, "not-found", promise="P158"),
    Row("a made-up bearer token", lambda w: w.client(Authorization="Bearer msp_made_up").get(PATIENTS), 401,
        "not-signed-in"),
    Row("another clinic's bearer token", lambda w: w.client(Authorization=f"Bearer {w.rival.cast.tokens['owner']}")
        .get(PATIENTS), 401, "not-signed-in", promise="P157"),
    Row("a forged slot", lambda w: w.book(forged(w.slot())), 422, "slot-invalid"),
    Row("a slot with another start", lambda w: w.book(changed_start(w.slot())), 422, "slot-invalid"),
    Row("a slot cut short", lambda w: w.post(HOLDS, {"slot": w.slot()[:-8]}), 422, "slot-invalid"),
    Row("another clinic's slot", lambda w: w.book(w.slot(house=w.rival)), 422, "slot-invalid", promise="P158"),
    Row("another clinic's slot held", lambda w: w.post(HOLDS, {"slot": w.slot(house=w.rival)}), 422, "slot-invalid"),
    Row("a slot of 10 000 characters", lambda w: w.book("1" * 10_000), 422, "slot-invalid"),
    Row("a slot in Arabic digits", lambda w: w.book(w.slot().replace("1", "١")), 422, "slot-invalid"),
    Row("a slot that is a list", lambda w: w.post(BOOKINGS, {"slot": ["x"], "patient": WANDA}), 422, "invalid",
        ("slot not_text",)),
    Row("neither slot nor hold", lambda w: w.post(BOOKINGS, {"patient": WANDA}), 422, "invalid", ("slot missing",)),
    Row("an expired slot", expired_slot, 409, "slot-expired"),
    Row("a double submit", replayed_slot, 409, "slot-taken"),
    Row("a random hold", lambda w: w.post(BOOKINGS, {"hold": str(uuid7()), "patient": WANDA}), 422, "slot-invalid"),
    Row("a hold that is no id", lambda w: w.post(BOOKINGS, {"hold": "1 OR 1=1", "patient": WANDA}), 422, "invalid",
        ("hold invalid",)),
    Row("a hold used twice", used_hold, 409, "slot-taken"),
    Row("a hold that ran out and was taken", lost_hold, 409, "slot-taken", ("provider visit",)),
    Row("a hold of long ago", old_hold, 409, "hold-expired"),
    Row("a third hold", third_hold, 429, "too-many-requests"),
    Row("a random manage token", lambda w: w.get(f"{BOOKINGS}{'x' * 43}/"), 404, "not-found"),
    Row("a manage token of 10 000 characters", lambda w: w.get(f"{BOOKINGS}{'x' * 10_000}/"), 404, "not-found"),
    Row("another clinic's manage token", other_clinics_manage_token, 404, "not-found", promise="P158"),
]  # fmt: skip
