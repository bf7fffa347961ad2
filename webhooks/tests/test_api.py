"""The same by program, with the right scope only."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import issue_token
from accounts.actors import actor_for
from tenants.context import enter
from webhooks import sending
from webhooks.models import WebhookDelivery

ENDPOINTS, DELIVERIES = "/api/v1/webhook-endpoints/", "/api/v1/webhook-deliveries/"


@pytest.fixture
def api(glow):
    return glow.api(glow.cast.owner)


def post(client, path, value=None, method="post"):
    return getattr(client, method)(path, json.dumps(value or {}), content_type="application/json")


def test_the_whole_life(api, receiver, glow):
    made = post(api, ENDPOINTS, {"url": receiver.url, "events": ["appointment.booked"]})
    assert made.status_code == 201
    body = made.json()
    assert body["secret"].startswith("whsec_")
    one = f"{ENDPOINTS}{body['id']}/"
    assert "secret" not in api.get(one).json()
    assert api.get(ENDPOINTS).json()["results"][0]["url"] == receiver.url
    changed = post(api, one, {"events": ["appointment.moved"]}, method="patch").json()
    assert changed["events"] == ["appointment.moved"]
    assert changed["url"] == receiver.url
    sent = post(api, f"{one}test/")
    assert sent.status_code == 201
    with enter(glow.clinic):
        sending.send(WebhookDelivery.objects.get().uid, at=datetime.now(UTC))
    told = api.get(f"{DELIVERIES}{sent.json()['id']}/").json()
    assert told["state"] == "delivered"
    assert told["body"].encode() == receiver.calls[0].body
    assert told["tries"][0]["code"] == 204
    assert api.get(DELIVERIES, {"state": "delivered", "endpoint": body["id"]}).json()["results"]
    assert post(api, f"{DELIVERIES}{sent.json()['id']}/replay/").status_code == 202
    assert post(api, f"{one}secret/").json()["secret"] != body["secret"]
    assert post(api, f"{one}stop/").json()["stopped"] == "by_hand"
    assert post(api, f"{one}test/").status_code == 409
    assert post(api, f"{one}start/").json()["is_listening"] is True
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    assert api.get(f"{DELIVERIES}{sent.json()['id']}/").status_code == 404


def test_a_range(api, receiver):
    made = post(api, ENDPOINTS, {"url": receiver.url, "events": ["appointment.booked"]}).json()
    at = datetime.now(UTC)
    span = {"since": (at - timedelta(hours=1)).isoformat(), "until": at.isoformat()}
    assert post(api, f"{ENDPOINTS}{made['id']}/replay/", span).json() == {"queued": 0}
    wrong = post(api, f"{ENDPOINTS}{made['id']}/replay/", {"since": span["until"], "until": "soon"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "until"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "https://10.1.2.3/", "events": ["appointment.booked"]}, "url"),
        ({"url": "https://8.8.8.8/", "events": ["nonsense"]}, "events"),
        ({"url": "https://8.8.8.8/", "events": []}, "events"),
        ({"events": ["appointment.booked"]}, "url"),
        ({"url": 7, "events": "appointment.booked"}, "events"),
    ],
)
def test_what_is_wrong(api, given, field):
    answer = post(api, ENDPOINTS, given)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert field in {one["field"] for one in answer.json()["errors"]}


def test_a_token_without_the_scope(glow):
    with enter(glow.clinic):
        clear = issue_token(
            glow.cast.owner,
            name="reader",
            scopes=["services.view"],
            by=actor_for(glow.cast.owner),
            at=datetime.now(UTC),
        )[1]
    client = glow.client(HTTP_AUTHORIZATION=f"Bearer {clear}")
    assert client.get(ENDPOINTS).status_code == 403
    assert client.get("/api/v1/me/").json()["permissions"] == ["services.view"]


def test_pages(api, receiver):
    made = post(api, ENDPOINTS, {"url": receiver.url, "events": ["appointment.booked"]}).json()
    for _ in range(51):
        post(api, f"{ENDPOINTS}{made['id']}/test/")
    first = api.get(DELIVERIES).json()
    rest = api.get(DELIVERIES, {"cursor": first["next"]}).json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (50, 1, None)
    assert not {one["id"] for one in first["results"]} & {one["id"] for one in rest["results"]}
