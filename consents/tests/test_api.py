"""Consents by program: the patient signs what was shown, reads it, and takes it back; the staff within their rights."""

import json

import pytest

from audit.models import Event
from consents.models import Signature
from consents.tests.papers import INK, PUBLISHED, again, published, signed
from core.clock import now
from core.ids import uuid7
from patients import guardians
from patients.models import Person
from tenants.context import enter
from tests.cast import BEGAN

API = "/api/v1"
STROKES = [[[one["x"], one["y"]] for one in json.loads(INK)[0]["points"]]]
pytestmark = [pytest.mark.promise("P70"), pytest.mark.promise("P158")]


@pytest.fixture
def version(glow):
    with enter(glow.clinic):
        return published(asked="everyone", at=PUBLISHED)


def post(client, path, body):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def sheet(client, person, **changed):
    """What a program sends back of the text it was given."""
    (form,) = client.get(f"{API}/patients/{person.uid}/forms/").json()["results"]
    needed = [box["number"] for box in form["boxes"] if box["is_required"]]
    sent = {"version": form["version"], "text_sha256": form["text_sha256"], "name": "Pat Peterson"}
    return sent | {"ticked": needed, "strokes": STROKES} | changed


def test_a_patient_signs_reads_keeps_the_receipt_and_takes_it_back(glow, version):
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    made = post(patient, f"/patients/{pat.uid}/consents/", sheet(patient, pat))
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["channel"], body["signed_by"]) == ("live", "api", "Pat Peterson")
    assert "Pat Peterson" in body["text"]
    (line,) = patient.get(f"{API}/patients/{pat.uid}/consents/").json()["results"]
    assert line["id"] == body["id"]
    paper = patient.get(f"{API}/consents/{body['id']}/receipt/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    taken = post(patient, f"/consents/{body['id']}/withdraw/", {"reason": "I changed my mind"})
    assert taken.json()["state"] == "withdrawn"
    assert post(patient, f"/consents/{body['id']}/withdraw/", {}).status_code == 409
    with enter(glow.clinic):
        kept = Signature.objects.select_related("person").get()
        assert kept.device["ip"] == "127.0.0.1"
        assert kept.collected_by == ""
        event = Event.objects.get(verb="consent.signed")
        assert (event.actor_kind, event.actor_id) == ("patient", str(pat.uid))
        assert Event.objects.filter(verb="consent.opened", object_id=str(kept.uid)).count() >= 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"version": "nonsense"}, "version"),
        ({"version": None}, "version"),
        ({"text_sha256": ""}, "text_sha256"),
        ({"ticked": "all"}, "ticked"),
        ({"ticked": [True]}, "ticked"),
        ({"ticked": []}, "box_1"),
        ({"name": 7}, "name"),
        ({"name": " "}, "name"),
        ({"strokes": []}, "strokes"),
        ({"strokes": [[[50, 50]]]}, "strokes"),
        ({"strokes": "scribble"}, "strokes"),
        ({"strokes": [[["x", "y"]]]}, "strokes"),
    ],
)
def test_what_is_half_signed_is_refused_and_named(glow, version, changed, field):
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    refused = post(patient, f"/patients/{pat.uid}/consents/", sheet(patient, pat, **changed))
    assert refused.status_code == 422, refused.content
    assert field in [each["field"] for each in refused.json()["errors"]]
    with enter(glow.clinic):
        assert not Signature.objects.exists()


def test_another_text_than_the_one_that_stands_is_not_signed(glow, version):
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    sent = sheet(patient, pat)
    wrong = post(patient, f"/patients/{pat.uid}/consents/", sent | {"text_sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/form-changed")
    with enter(glow.clinic):
        again(version.form, at=now())
    assert post(patient, f"/patients/{pat.uid}/consents/", sent).status_code == 409


def test_a_guardian_signs_for_a_child_and_nobody_else_does(glow, version):
    with enter(glow.clinic):
        child = Person.objects.get(pk=glow.cast.people["quinn"].pk)
        child.date_of_birth = now().date().replace(year=now().year - 10)
        child.save()
        guardians.link(glow.cast.desk, child, glow.cast.pat, relation="parent", on=now().date(), at=BEGAN)
    patient = glow.portal(glow.cast.pat)
    made = post(patient, f"/patients/{child.uid}/consents/", sheet(patient, child))
    assert made.status_code == 201, made.content
    assert made.json()["relation"] == "parent"
    own = glow.portal(child)
    refused = post(own, f"/patients/{child.uid}/consents/", sheet(own, child))
    assert [each["code"] for each in refused.json()["errors"]] == ["minor"]


def test_the_staffs_tablet_is_named_and_a_void_wants_a_reason(glow, version):
    desk, pat = glow.api(glow.cast.desk), glow.cast.pat
    made = post(desk, f"/patients/{pat.uid}/consents/", sheet(desk, pat))
    assert made.status_code == 201, made.content
    with enter(glow.clinic):
        assert Signature.objects.get().collected_by == str(glow.cast.desk.pk)
    uid = made.json()["id"]
    assert post(desk, f"/consents/{uid}/withdraw/", {"void": True}).status_code == 422
    assert post(desk, f"/consents/{uid}/withdraw/", {"how": "by owl"}).status_code == 422
    voided = post(desk, f"/consents/{uid}/withdraw/", {"void": True, "reason": "The wrong patient"})
    assert voided.json()["state"] == "voided"
    stranger = post(desk, f"/patients/{pat.uid}/consents/", sheet(desk, pat, signer=str(uuid7())))
    assert [each["code"] for each in stranger.json()["errors"]] == ["unknown"]
    other = str(glow.cast.people["quinn"].uid)
    refused = post(desk, f"/patients/{pat.uid}/consents/", sheet(desk, pat, signer=other))
    assert [each["code"] for each in refused.json()["errors"]] == ["not_guardian"]


def test_a_long_list_is_paged(glow, version, monkeypatch):
    from consents import api

    monkeypatch.setattr(api, "PAGE", 2)
    with enter(glow.clinic):
        for hour in range(3):
            signed(version, glow.cast.pat, at=PUBLISHED.replace(hour=18 + hour))
    desk = glow.api(glow.cast.desk)
    first = desk.get(f"{API}/patients/{glow.cast.pat.uid}/consents/").json()
    second = desk.get(f"{API}/patients/{glow.cast.pat.uid}/consents/?cursor={first['next']}").json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)
    assert desk.get(f"{API}/patients/{glow.cast.pat.uid}/consents/?cursor=x").status_code == 422
