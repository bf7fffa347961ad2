"""The stock by program: a delivery, a count, and the ledger that both stand in."""

import json

import pytest

from practice.tests.shelf import left, received, toxin
from tenants.context import enter

API = "/api/v1/stock"


@pytest.fixture
def lot(glow):
    with enter(glow.clinic):
        return received(toxin(), glow.cast.location)


def post(client, path, body):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def test_a_delivery_and_a_count_stand_in_the_ledger(glow, lot):
    owner, here = glow.api(glow.cast.owner), str(glow.cast.location.uid)
    delivery = {"product": str(lot.product.uid), "number": "D7", "expires_on": "2199-01-31", "location": here}
    made = post(owner, "/lots/", delivery | {"quantity": "2.5"})
    assert made.status_code == 201, made.content
    assert (made.json()["kind"], made.json()["quantity"], made.json()["left_after"]) == (
        "received",
        "2.5",
        "2.5",
    )
    counted = post(owner, f"/lots/{lot.uid}/count/", {"location": here, "found": "87.5"}).json()
    assert (counted["quantity"], counted["left_after"]) == ("-12.5", "87.5")
    with enter(glow.clinic):
        assert left(lot, glow.cast.location) == 8_750
    lots = owner.get(f"{API}/lots/", {"product": str(lot.product.uid)}).json()["results"]
    assert {one["number"]: one["levels"][0]["left"] for one in lots} == {"C6184": "87.5", "D7": "2.5"}
    assert owner.get(f"{API}/lots/{lot.uid}/").json()["number"] == "C6184"
    rows = owner.get(f"{API}/movements/", {"lot": str(lot.uid)}).json()["results"]
    assert [one["kind"] for one in rows] == ["received", "counted"]
    assert [one["name"] for one in owner.get(f"{API}/products/").json()["results"]] == ["Relaxine"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"product": "01920000-0000-7000-8000-000000000001"}, "product"),
        ({"location": "01920000-0000-7000-8000-000000000001"}, "location"),
        ({"quantity": "-3"}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"quantity": "0.001"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"expires_on": "2001-01-01"}, "expires_on"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"number": ""}, "number"),
    ],
)
def test_a_delivery_that_cannot_be(glow, lot, changed, field):
    good = {"product": str(lot.product.uid), "number": "D7", "expires_on": "2199-01-31", "quantity": "1"}
    sent = good | {"location": str(glow.cast.location.uid)} | changed
    refused = post(glow.api(glow.cast.owner), "/lots/", sent)
    assert refused.status_code == 422, refused.content
    assert field in [each["field"] for each in refused.json()["errors"]]


def test_what_is_asked_must_be_an_id(glow, lot):
    assert glow.api(glow.cast.owner).get(f"{API}/movements/?lot=all").status_code == 422
    assert glow.api(glow.cast.owner).get(f"{API}/lots/?cursor=x").status_code == 422
