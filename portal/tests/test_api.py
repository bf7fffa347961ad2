"""The API for a patient: with the portal's session, for oneself and whom one looks after, by the portal's own rules."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from audit.models import Event
from core.ids import uuid7
from patients import actions as patients
from patients import guardians
from patients.models import Guardianship
from patients.rules import Details
from portal.tests.conftest import Patient
from practice.models import ClinicProfile
from scheduling.tests.browsing import AT
from scheduling.tests.visits import TEN, book_for, token
from tenants.context import enter
from tests.cast import BEGAN, BY, PEOPLE

pytestmark = [pytest.mark.usefixtures("friday"), pytest.mark.promise("P158"), pytest.mark.promise("P159")]
API = "/api/v1/"


@pytest.fixture
def api(pat):
    return pat.client


@pytest.fixture
def mia(glow):
    """Fifteen, in Pat's care, without an address of her own."""
    with enter(glow.clinic):
        mia = patients.create_person(
            Details("Mia", "Peterson", date_of_birth=AT.date().replace(year=AT.year - 15)), by=BY, at=BEGAN
        )
        guardians.link(glow.cast.desk, mia, glow.cast.pat, relation="parent", on=AT.date(), at=AT)
    return mia


def booked(house, person=None):
    with enter(house.clinic):
        return book_for(house.cast, TEN, now=AT, **({"person": person} if person else {})).appointment


def last(house, verb):
    with enter(house.clinic):
        event = Event.objects.filter(verb=verb).latest("id")
        return event.actor_kind, event.actor_id, event.on_behalf, event.patient_id


def send(client, method, path, body):
    return getattr(client, method)(API + path, json.dumps(body), content_type="application/json")


def test_a_patient_finds_oneself_and_whom_one_looks_after(api, glow, mia):
    found = api.get(f"{API}patients/").json()["results"]
    assert [each["first_name"] for each in found] == ["Pat", "Mia"]
    assert found[0]["email"] == PEOPLE["glow"]["pat"].email
    assert api.get(f"{API}patients/?q=quinn").json()["results"] == found  # there is no search
    assert send(api, "post", "patients/", {}).status_code == 403
    assert last(glow, "person.listed")[:2] == ("patient", str(glow.cast.pat.uid))


@pytest.mark.parametrize("below", ["", "appointments/", "messages/", "access-log/"])
def test_each_page_of_oneself_and_of_a_dependant_and_of_nobody_else(api, glow, rival, mia, below):
    pat, quinn = glow.cast.pat, glow.cast.people["quinn"]
    with enter(glow.clinic):
        before = set(Event.objects.values_list("id", flat=True))
    for uid in (pat.uid, mia.uid):
        assert api.get(f"{API}patients/{uid}/{below}").status_code == 200
    with enter(glow.clinic):
        reads = Event.objects.exclude(id__in=before)
        assert sorted((each.actor_kind, each.actor_id, each.on_behalf) for each in reads) == [
            ("patient", str(pat.uid), ""),
            ("patient", str(pat.uid), str(mia.uid)),
        ]
    answers = [api.get(f"{API}patients/{uid}/{below}") for uid in (quinn.uid, rival.cast.pat.uid, uuid7())]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1


@pytest.mark.parametrize("how", ["unlinked", "of age", "archived"])
def test_what_ends_for_the_guardian_ends_here_too(api, glow, mia, how):
    visit = booked(glow, mia)
    paths = [f"{API}patients/{mia.uid}/", f"{API}appointments/{visit.uid}/"]
    assert [api.get(path).status_code for path in paths] == [200, 200]
    with enter(glow.clinic):
        if how == "unlinked":
            guardians.unlink(glow.cast.desk, mia, Guardianship.objects.get().uid, at=AT)
        elif how == "of age":
            born = AT.date().replace(year=AT.year - 18)
            patients.update_person(mia, {"date_of_birth": born}, by=BY, on=AT.date())
            Guardianship.objects.update(linked_at=AT - timedelta(days=9))
        else:
            type(mia).objects.filter(pk=mia.pk).update(archived_at=AT)
    assert [api.get(path).status_code for path in paths] == [404, 404]
    assert len(api.get(f"{API}patients/").json()["results"]) == 1


def test_the_language_changes_and_the_rest_says_where(api, glow):
    pat = glow.cast.pat
    answer = send(api, "patch", f"patients/{pat.uid}/", {"language": "es"})
    assert (answer.status_code, answer.json()["language"]) == (200, "es")
    assert last(glow, "person.updated") == ("patient", str(pat.uid), "", pat.uid)
    refused = send(
        api,
        "patch",
        f"patients/{pat.uid}/",
        {"language": "en", "phone": "+13125550100", "email": "x@example.com", "first_name": "Rex"},
    )
    assert refused.status_code == 422
    assert {(each["field"], each["code"]) for each in refused.json()["errors"]} == {
        ("phone", "needs_code"),
        ("email", "needs_code"),
        ("first_name", "needs_clinic"),
    }
    assert send(api, "patch", f"patients/{pat.uid}/", {"language": "xx"}).status_code == 422
    found = api.get(f"{API}patients/{pat.uid}/").json()
    assert (found["language"], found["first_name"], found["email"]) == (
        "es",
        "Pat",
        PEOPLE["glow"]["pat"].email,
    )


def test_a_visit_as_its_patient_may_know_it_moved_and_called_off(api, glow):
    visit = booked(glow)
    path = f"appointments/{visit.uid}/"
    shown = api.get(API + path).json()
    assert shown["changeable"] is True
    assert not {"notes", "room", "device", "booked_via", "is_override"} & set(shown)
    with enter(glow.clinic):
        slot = token(glow.cast, at=TEN.replace(hour=15), now=AT)
    assert send(api, "post", f"{path}reschedule/", {}).status_code == 422
    moved = send(api, "post", f"{path}reschedule/", {"slot": slot})
    assert (moved.status_code, moved.json()["start"][11:16]) == (200, "15:00")
    assert last(glow, "appointment.moved")[:2] == ("patient", str(glow.cast.pat.uid))
    assert send(api, "post", f"{path}cancel/", {}).json()["status"] == "cancelled"
    assert last(glow, "appointment.cancelled")[:2] == ("patient", str(glow.cast.pat.uid))
    for step in ("check-in", "start", "complete", "no-show", "undo", "confirm"):
        assert send(api, "post", f"{path}{step}/", {}).status_code == 404


def test_a_dependants_visit_is_moved_on_their_behalf(api, glow, mia):
    visit = booked(glow, mia)
    assert send(api, "post", f"appointments/{visit.uid}/cancel/", {"reason": "Ill"}).status_code == 200
    pat = glow.cast.pat
    assert last(glow, "appointment.cancelled") == ("patient", str(pat.uid), str(mia.uid), mia.uid)


def test_too_late_is_too_late_here_too(api, glow, friday):
    visit = booked(glow)
    with enter(glow.clinic):
        ClinicProfile.objects.update(free_cancel_hours=24)
    friday.move_to(visit.starts_at - timedelta(hours=2))
    api = glow.portal(glow.cast.pat)
    refused = send(api, "post", f"appointments/{visit.uid}/cancel/", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-late-to-change")


def test_another_patients_visit_is_not_there(quinn, glow):
    visit = booked(glow)
    assert quinn.client.get(f"{API}appointments/{visit.uid}/").status_code == 404
    for step in ("cancel", "reschedule"):
        assert send(quinn.client, "post", f"appointments/{visit.uid}/{step}/", {}).status_code == 404
    with enter(glow.clinic):
        visit.refresh_from_db()
        assert visit.status == "booked"


def test_the_trail_of_oneself_names_no_other_patient(api, glow):
    pat, quinn = glow.cast.pat, glow.cast.people["quinn"]
    glow.client(glow.cast.desk).get("/api/v1/patients/")  # a list with both
    events = api.get(f"{API}audit-events/").json()["results"]
    assert any(str(pat.uid) in each["shown"] for each in events)
    assert str(quinn.uid) not in json.dumps(events)
    assert {each["patient"] for each in events} <= {str(pat.uid), None}
    assert api.get(f"{API}audit-events/?patient={quinn.uid}").json()["results"] == []


def test_what_changes_something_carries_the_csrf_token(glow):
    pat = glow.cast.pat
    client = Client(HTTP_HOST=glow.host, enforce_csrf_checks=True)
    client.cookies["portal"] = glow.portal(pat).cookies["portal"].value
    assert client.get(f"{API}patients/{pat.uid}/").status_code == 200
    assert send(client, "patch", f"patients/{pat.uid}/", {"language": "es"}).status_code == 403
    page = client.get("/portal/you/").text
    csrf = page.split('<meta name="csrf-token" content="')[1].split('"')[0]
    answer = client.patch(
        f"{API}patients/{pat.uid}/",
        '{"language": "es"}',
        content_type="application/json",
        HTTP_X_CSRFTOKEN=csrf,
    )
    assert answer.status_code == 200


def test_a_session_that_is_over_or_has_chosen_nobody_opens_nothing(glow):
    client = glow.portal(glow.cast.pat)
    assert client.get(f"{API}patients/").status_code == 200
    with time_machine.travel(AT + timedelta(minutes=31), tick=False):
        assert client.get(f"{API}patients/").status_code == 401
    assert glow.client().get(f"{API}patients/").status_code == 401


def test_one_patients_key_is_not_anothers(api, glow, quinn):
    """Two patients who send the same Idempotency-Key get each their own answer."""
    visit = booked(glow)
    path, key = f"{API}appointments/{visit.uid}/cancel/", {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = api.post(path, "{}", content_type="application/json", **key)
    other = quinn.client.post(path, "{}", content_type="application/json", **key)
    assert (first.status_code, other.status_code) == (200, 404)


def test_in_a_browser_with_both_sessions_the_staffs_counts(glow):
    both = glow.client(glow.cast.desk)
    both.cookies["portal"] = glow.portal(glow.cast.pat).cookies["portal"].value
    assert len(both.get(f"{API}patients/").json()["results"]) > 1


def test_each_clinic_has_its_own(glow, rival):
    theirs = Patient(rival, rival.cast.pat).client
    theirs.defaults["HTTP_HOST"] = glow.host
    assert theirs.get(f"{API}patients/").status_code == 401
