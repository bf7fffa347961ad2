"""The pages: signing in the portal, what is refused, the screen in the patient's hand, the public notice, the starters."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from audit.actors import job
from consents import presets, queries
from consents.models import ConsentForm, Signature
from consents.paper import paper_for
from consents.tests.papers import DOT, INK, again, published
from tenants.context import enter
from tests.cast import PASSWORD

pytestmark = [pytest.mark.promise("P65"), pytest.mark.promise("P70")]
BEFORE = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def paper(glow):
    with enter(glow.clinic):
        return published(asked="everyone", at=BEFORE)


def sheet(glow, version, **more):
    with enter(glow.clinic):
        shown = paper_for(version, glow.cast.pat, language="en", at=datetime.now(UTC))
    given = {
        "version": version.uid,
        "language": "en",
        "shown": shown.digest,
        "name": "Pat Patient",
        "box": ["1", "3"],
        "strokes": INK,
    }
    return {name: value for name, value in {**given, **more}.items() if value is not None}


def count(glow) -> int:
    with enter(glow.clinic):
        return Signature.objects.count()


@pytest.mark.promise("P49")
def test_a_patient_signs_reads_downloads_and_takes_back(glow, paper):
    client = glow.portal(glow.cast.pat)
    address = f"/portal/consents/{paper.form.uid}/"
    assert b"I have read this." in client.get(address).content
    assert client.post(address, sheet(glow, paper)).status_code == 303
    with enter(glow.clinic):
        made = Signature.objects.get()
        assert made.name == "Pat Patient"
        assert made.device["ip"]
    receipt = client.get(f"/portal/consents/signed/{made.uid}/receipt.pdf")
    assert receipt.content.startswith(b"%PDF-")
    assert client.get(address).status_code == 303  # signed already: to the signature
    assert client.post(f"/portal/consents/signed/{made.uid}/withdraw/").status_code == 303
    assert client.get(address).status_code == 200  # asked again


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"name": ""}, 422, "Type your full name."),
        ({"name": " \u202e "}, 422, "Type your full name."),
        ({"name": "x" * 500}, 422, "Use at most 120"),
        ({"box": ["3"]}, 422, "Tick this if you agree"),
        ({"box": ["1"]}, 422, "Tick this if you agree"),
        ({"box": ["99", "-1", "1e9", "x"]}, 422, "Tick this if you agree"),
        ({"strokes": ""}, 422, "Sign with your finger"),
        ({"strokes": DOT}, 422, "only a dot"),
        ({"strokes": json.dumps([{"points": [{"x": 5, "y": 5}] * 500}])}, 422, "only a dot"),
        ({"strokes": "[[[1e999, 2]]]"}, 422, "could not be read"),
        ({"strokes": '{"points": 1}'}, 422, "could not be read"),
        ({"strokes": "[" * 5000}, 422, "could not be read"),
        ({"strokes": "x" * 500_000}, 422, "too much ink"),
        ({"shown": "0" * 64}, 409, "has changed meanwhile"),
    ],
)
def test_what_is_half_filled_is_told_and_nothing_typed_is_lost(glow, paper, changed, status, said):
    answer = glow.portal(glow.cast.pat).post(
        f"/portal/consents/{paper.form.uid}/", sheet(glow, paper, **changed)
    )
    text = answer.content.decode()
    assert (answer.status_code, count(glow)) == (status, 0)
    assert said in text
    if "name" not in changed:
        assert 'value="Pat Patient"' in text


def test_who_had_the_old_version_open_reads_the_new_one_first(glow, paper):
    typed = sheet(glow, paper)
    with enter(glow.clinic):
        again(paper.form, at=datetime.now(UTC) - timedelta(minutes=1))
    answer = glow.portal(glow.cast.pat).post(f"/portal/consents/{paper.form.uid}/", typed)
    assert (answer.status_code, count(glow)) == (409, 0)


def test_a_handed_over_screen_opens_nothing_but_the_forms(glow, paper):
    client, pat = glow.client(glow.cast.desk), glow.cast.pat.uid
    answer = client.post(f"/desk/patients/{pat}/forms/hand-over/", {"form": [str(paper.form.uid)]})
    assert answer["Location"] == f"/desk/hand-over/{pat}/"
    for path in ("/desk/", f"/desk/patients/{pat}/", "/desk/settings/", "/desk/profile/", "/desk/confirm/"):
        assert client.get(path)["Location"].startswith("/desk/take-back/"), path
    assert client.get("/api/v1/patients/").status_code == 401
    form = f"/desk/hand-over/{pat}/{paper.form.uid}/"
    assert b"I have read this." in client.get(form).content
    assert client.post(form, sheet(glow, paper, strokes=DOT)).status_code == 422
    assert client.post(form, sheet(glow, paper)).status_code == 303
    with enter(glow.clinic):
        assert (Signature.objects.get().channel, bool(Signature.objects.get().collected_by)) == (
            "tablet",
            True,
        )
    assert client.post("/desk/take-back/", {"step_up_secret": "wrong"}).status_code == 422
    assert client.get("/desk/")["Location"].startswith("/desk/take-back/")
    client.post("/desk/take-back/", {"step_up_secret": PASSWORD})
    assert client.get(f"/desk/patients/{pat}/forms/").status_code == 200


@pytest.mark.promise("P64")
def test_the_public_notice_is_the_version_in_force_in_both_languages(glow):
    with enter(glow.clinic):
        presets.start(by=job("tests"), at=BEFORE)
        assert {form.kind for form in ConsentForm.objects.all()} >= {"npp", "treatment", "photo_marketing"}
        assert queries.missing_for(glow.cast.pat, [glow.cast.services["laser"]], datetime.now(UTC))
    english = Client(HTTP_HOST=glow.host).get("/npp/").content.decode()
    spanish = Client(HTTP_HOST=glow.host, headers={"Accept-Language": "es"}).get("/npp/").content.decode()
    assert "This notice describes how medical information" in english
    assert "Este aviso describe" in spanish
    assert "{clinic}" not in english


@pytest.mark.promise("P68")
def test_the_settings_publish_a_text_that_stays(glow):
    client = glow.client(glow.cast.owner)
    made = client.post(
        "/desk/settings/forms/new/",
        {
            "kind": "photo_marketing",
            "name": "Photos",
            "asked": "offered",
            "signer": "self",
            "needs_drawing": "on",
        },
    )
    there = made["Location"]
    draft = {
        "title_en": "Show my photos",
        "body_en": "{nobody}\n[ ] Yes",
        "valid_months": "12",
        "revision": "0",
    }
    refused = client.post(f"{there}draft/", draft)
    assert refused.status_code == 422
    assert "cannot be filled in here" in refused.content.decode()
    assert client.post(f"{there}draft/", {**draft, "body_en": "[ ] Yes, {patient}"}).status_code == 303
    assert client.post(f"{there}draft/", {**draft, "body_en": "[ ] Late"}).status_code == 409
    client.post(f"{there}publish/", {"revision": "1"})
    with enter(glow.clinic):
        form = ConsentForm.objects.get(name="Photos")
        assert form.versions.get().texts["en"]["body"] == "[ ] Yes, {patient}"
