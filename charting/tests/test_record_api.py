"""Treatments, reactions, a patient's own notes and the say about AI, by program."""

import json

import pytest

from ai import choices
from ai.models import Of
from audit.models import Event
from charting.actions.reviews import add_addendum
from charting.models import AdverseEvent, LaserSession
from charting.tests import courses
from charting.tests.notes import AT, WHOLE, draft, signed
from charting.tests.reactions import REPORT, reaction
from patients import guardians
from tenants.context import enter
from tests.cast import BEGAN

API = "/api/v1"


def send(client, path, body, method="post"):
    return getattr(client, method)(f"{API}{path}", json.dumps(body), content_type="application/json")


# --- A patient's own notes -----------------------------------------------------------------------------------------


@pytest.mark.promise("P159")
def test_a_patient_reads_what_was_signed_and_no_draft(glow):
    with enter(glow.clinic):
        note = signed(glow.cast)
        add_addendum(note, "The lot was C6184.", user=glow.cast.users["provider"], at=AT)
        unsigned = draft(glow.cast)
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    (line,) = patient.get(f"{API}/patients/{pat.uid}/notes/").json()["results"]
    assert (line["id"], line["state"]) == (str(note.uid), "signed")
    whole = patient.get(f"{API}/notes/{note.uid}/").json()
    assert (whole["plan"], whole["intact"]) == (WHOLE["plan"], True)
    assert [one["text"] for one in whole["addenda"]] == ["The lot was C6184."]
    assert patient.get(f"{API}/notes/{unsigned.uid}/").status_code == 404
    assert send(patient, f"/notes/{note.uid}/", {"plan": "Mine"}, "patch").status_code == 404
    assert send(patient, f"/patients/{pat.uid}/notes/", {}).status_code in {403, 404}
    with enter(glow.clinic):
        opened = Event.objects.get(verb="note.opened", actor_kind="patient")
        assert (opened.object_id, opened.patient_id) == (str(note.uid), pat.uid)


def test_a_code_by_text_opens_no_note_and_somebody_elses_is_not_there(glow):
    with enter(glow.clinic):
        note = signed(glow.cast)
    by_text, quinn = glow.portal(glow.cast.pat, kind="phone"), glow.portal(glow.cast.people["quinn"])
    assert by_text.get(f"{API}/patients/{glow.cast.pat.uid}/notes/").status_code == 403
    assert by_text.get(f"{API}/notes/{note.uid}/").status_code == 404
    assert quinn.get(f"{API}/patients/{glow.cast.pat.uid}/notes/").status_code == 404
    assert quinn.get(f"{API}/notes/{note.uid}/").status_code == 404


# --- Laser ----------------------------------------------------------------------------------------------------------


def test_a_series_and_its_sessions(glow):
    provider, pat = glow.api(glow.cast.users["provider"]), glow.cast.pat
    sent = courses.SERIES | courses.TATTOO | {"service": str(glow.cast.services["laser"].uid)}
    made = send(provider, f"/patients/{pat.uid}/laser-series/", sent)
    assert made.status_code == 201, made.content
    series = made.json()
    assert (series["title"], series["done"], series["estimate"]) == ("Left forearm", 0, 13)
    with enter(glow.clinic):
        encounters = [courses.visit(glow.cast, at=AT), courses.visit(glow.cast, at=AT)]
    figures = courses.FIGURES | {"device": str(glow.cast.devices["laser"].uid)}
    path = f"/laser-series/{series['id']}/sessions/"
    kept = send(provider, path, figures | {"encounter": str(encounters[0].uid), "notes": "Calm"})
    assert kept.status_code == 201, kept.content
    assert (kept.json()["number"], kept.json()["settings"]["fluence"]) == (1, "2.5")
    repeated = send(provider, path, figures | {"encounter": str(encounters[0].uid)})
    assert (repeated.status_code, repeated.json()["type"]) == (409, "/problems/session-exists")
    jump = send(provider, path, figures | {"encounter": str(encounters[1].uid), "fluence": "9"})
    assert {"jump_fluence", "jump_interval"} <= {each["code"] for each in jump.json()["errors"]}
    (found,) = provider.get(f"{API}/patients/{pat.uid}/laser-series/").json()["results"]
    assert [one["id"] for one in found["sessions"]] == [kept.json()["id"]]
    assert provider.get(f"{API}/laser-series/{series['id']}/").json()["done"] == 1
    assert provider.get(f"{API}/laser-sessions/{kept.json()['id']}/").json()["notes"] == "Calm"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"encounter": "x"}, "encounter"),
        ({"encounter": "01920000-0000-7000-8000-000000000001"}, "encounter"),
        ({"device": "01920000-0000-7000-8000-000000000001"}, "device"),
        ({"device": None}, "device"),
        ({"fluence": "NaN"}, "fluence"),
        ({"wavelength": ""}, "wavelength"),
        ({"inks": "black"}, "inks"),
        ({"pulse_unit": "years"}, "pulse_unit"),
    ],
)
def test_a_session_that_cannot_be(glow, changed, field):
    with enter(glow.clinic):
        series, encounter = courses.begin(glow.cast), courses.visit(glow.cast, at=AT)
    good = {"encounter": str(encounter.uid), "device": str(glow.cast.devices["laser"].uid)}
    provider = glow.api(glow.cast.users["provider"])
    refused = send(provider, f"/laser-series/{series.uid}/sessions/", courses.FIGURES | good | changed)
    assert refused.status_code == 422, refused.content
    assert field in [each["field"] for each in refused.json()["errors"]]
    with enter(glow.clinic):
        assert not LaserSession.objects.exists()


def test_an_encounter_of_somebody_else_takes_no_session(glow):
    with enter(glow.clinic):
        series = courses.begin(glow.cast)
        pat, glow.cast.people["pat"] = glow.cast.pat, glow.cast.people["quinn"]
        try:
            other = courses.visit(glow.cast, at=AT)
        finally:
            glow.cast.people["pat"] = pat
    sent = courses.FIGURES | {"encounter": str(other.uid), "device": str(glow.cast.devices["laser"].uid)}
    refused = send(glow.api(glow.cast.users["provider"]), f"/laser-series/{series.uid}/sessions/", sent)
    assert [each["code"] for each in refused.json()["errors"]] == ["unknown"]


# --- Reactions --------------------------------------------------------------------------------------------------------


def test_a_patient_reports_and_who_treats_assesses_and_closes(glow):
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    made = send(patient, f"/patients/{pat.uid}/adverse-events/", REPORT)
    assert made.status_code == 201, made.content
    uid = made.json()["id"]
    provider = glow.api(glow.cast.users["provider"])
    (line,) = provider.get(f"{API}/adverse-events/", {"state": "open"}).json()["results"]
    assert (line["id"], line["severity"], line["reported_by"]) == (uid, "moderate", "patient")
    assert "what" not in line
    assert provider.get(f"{API}/adverse-events/{uid}/").json()["what"] == REPORT["what"]
    assert (
        send(provider, f"/adverse-events/{uid}/close/", {"version": 1, "outcome": "Healed"}).status_code
        == 409
    )
    assessed = {"version": 1, "severity": "mild", "assessment": "No infection."}
    assert send(provider, f"/adverse-events/{uid}/assess/", assessed).json()["severity"] == "mild"
    assert send(provider, f"/adverse-events/{uid}/assess/", assessed).status_code == 409
    closed = send(provider, f"/adverse-events/{uid}/close/", {"version": 2, "outcome": "Healed"})
    assert (closed.json()["state"], closed.json()["outcome"]) == ("closed", "Healed")
    assert provider.get(f"{API}/adverse-events/", {"state": "open"}).json()["results"] == []


def test_a_guardian_reports_for_a_dependant_by_program_too(glow):
    with enter(glow.clinic):
        child = glow.cast.people["quinn"]
        guardians.link(glow.cast.desk, child, glow.cast.pat, relation="parent", on=AT.date(), at=BEGAN)
    patient = glow.portal(glow.cast.pat)
    assert send(patient, f"/patients/{child.uid}/adverse-events/", REPORT).status_code == 201
    with enter(glow.clinic):
        assert AdverseEvent.objects.get().reported_by == "guardian"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": ""}, "what"),
        ({"since": "\0"}, "since"),
        ({"severity": "awful"}, "severity"),
        ({"appointment": "01920000-0000-7000-8000-000000000001"}, "appointment"),
    ],
)
def test_a_report_that_says_too_little(glow, changed, field):
    patient = glow.portal(glow.cast.pat)
    refused = send(patient, f"/patients/{glow.cast.pat.uid}/adverse-events/", REPORT | changed)
    assert refused.status_code == 422, refused.content
    assert field in [each["field"] for each in refused.json()["errors"]]


def test_the_desk_and_strangers_to_the_team_see_no_reaction(glow):
    with enter(glow.clinic):
        uid = reaction(glow.cast).uid
    assert glow.api(glow.cast.desk).get(f"{API}/adverse-events/").status_code == 403
    assert glow.api(glow.cast.desk).get(f"{API}/adverse-events/{uid}/").status_code == 404


# --- AI ---------------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P52")
def test_clinic_staff_and_patient_have_each_a_say(glow):
    provider, owner = glow.api(glow.cast.users["provider"]), glow.api(glow.cast.owner)
    patient, pat = glow.portal(glow.cast.pat), glow.cast.pat
    assert owner.get(f"{API}/ai-choice/").json() == {"allowed": False}
    assert send(owner, "/ai-choice/", {"allowed": True}, "put").json() == {"allowed": True}
    assert provider.get(f"{API}/me/ai-choice/").json() == {"allowed": True}
    assert send(patient, f"/patients/{pat.uid}/ai-choice/", {"allowed": False}, "put").status_code == 200
    assert provider.get(f"{API}/patients/{pat.uid}/ai-choice/").json() == {"allowed": False}
    with enter(glow.clinic):
        of = {"staff": glow.cast.users["provider"].pk, "patient": pat.uid}
        assert choices.who_said_no(**of) == Of.PATIENT
    send(provider, f"/patients/{pat.uid}/ai-choice/", {"allowed": True}, "put")
    send(provider, "/me/ai-choice/", {"allowed": False}, "put")
    with enter(glow.clinic):
        assert choices.who_said_no(**of) == Of.STAFF
        last = Event.objects.filter(verb="ai.choice_made", patient_id=pat.uid).order_by("id")
        assert [one.actor_kind for one in last] == ["patient", "token"]


@pytest.mark.parametrize("body", [{}, {"allowed": "yes"}, {"allowed": 1}, {"allowed": None}])
def test_a_say_is_yes_or_no(glow, body):
    assert send(glow.api(glow.cast.owner), "/ai-choice/", body, "put").status_code == 422
