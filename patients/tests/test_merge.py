"""Two records of one patient: merged, found under both ids, and parted again exactly as they were."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from audit.models import Event
from audit.trail import note_read
from charting.actions import begin_encounter
from charting.models import Encounter
from core.ids import uuid7
from core.problems import Conflict, Invalid, NotFound
from messaging.models import Message
from patients import access, care, identity, merging
from patients import actions as patients
from patients.models import CareRelation, ContactPoint, Merge, NameToken, Person
from patients.rules import Details
from patients.search import find_people
from patients.self_service import people_at
from scheduling.actions import book_for
from scheduling.models import Appointment, Occupancy
from tenants.context import enter
from tests.cast import BEGAN, BY
from vault.blind import blind_index

AT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
PATRICIA = Details("Patricia", "Peterson-Long", "patricia@example.com", "+15125550123", date(1988, 4, 23))
pytestmark = pytest.mark.promise("P62")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def double(glow):
    """Pat is here twice, with a chart, a message and a care team in either record."""
    with enter(glow.clinic):
        other = patients.create_person(PATRICIA, by=BY, at=BEGAN)
        care.join(other, glow.cast.users["supervisor"], at=BEGAN)
        care.join(other, glow.cast.users["provider"], at=BEGAN)
        for person in (glow.cast.pat, other):
            begin_encounter(
                person,
                glow.cast.providers["ines"],
                location=glow.cast.location,
                kind="treatment",
                by=BY,
                at=AT,
            )
    glow.other = other
    return glow


def merge(house, kept=None, merged=None, **choices):
    pair = (kept or house.cast.pat).uid, (merged or house.other).uid
    return merging.merge(house.cast.owner, *pair, choices=choices, at=AT)


def picture(people) -> list:
    """All that is stored of them, except the trail and the merges themselves."""
    shown = []
    for person in people:
        one = Person.objects.get(pk=person.pk)
        shown.append(
            [
                patients.details_of(one),
                (one.state, one.resource_id, one.last_visit_at, one.archived_at, one.merged_into_id),
                sorted(
                    ContactPoint.objects.filter(person=one).values_list("pk", "is_primary", "verified_at")
                ),
                sorted(NameToken.objects.filter(person=one).values_list("token", flat=True)),
                sorted(CareRelation.objects.filter(person=one).values_list("user", "since")),
                sorted(Encounter.objects.filter(person=one).values_list("pk", flat=True)),
                sorted(Appointment.objects.filter(person=one).values_list("pk", flat=True)),
                sorted(Occupancy.objects.filter(resource=one.resource_id).values_list("appointment", "lane")),
                sorted(Message.objects.filter(subject=one.uid).values_list("pk", flat=True)),
            ]
        )
    return shown


def test_what_was_two_is_one_and_parts_again_exactly(double):
    with enter(double.clinic):
        people = (double.cast.pat, double.other)
        before = picture(people)
        made = merge(double, name="other", phone="other")
        kept = Person.objects.get(pk=double.cast.pat.pk)
        assert kept.name == "Patricia Peterson-Long"
        assert Encounter.objects.filter(person=kept).count() == 2
        assert {one.user.role for one in care.team(kept)} == {"provider", "supervisor"}
        assert Person.objects.get(pk=double.other.pk).archived_at == AT
        merging.part(double.cast.owner, made.uid, at=AT + timedelta(hours=1))
        assert picture(people) == before


def test_the_old_id_leads_to_the_record_that_stays(double):
    old, client = double.other.uid, double.client(double.cast.owner)
    with enter(double.clinic):
        merge(double)
    for page in ("", "chart/", "log/", "edit/"):
        body = client.get(f"/desk/patients/{old}/{page}")
        assert body.status_code == 200, page
        assert "Pat Peterson" in body.content.decode() or page == "edit/"
    answer = double.api(double.cast.desk).get(f"/api/v1/patients/{old}/").json()
    assert answer["id"] == str(double.cast.pat.uid)


def test_the_merged_record_is_found_no_more_but_its_contacts_are(double):
    with enter(double.clinic):
        merge(double)
        assert double.other not in find_people("peterson")
        assert find_people("patricia@example.com") == [double.cast.pat]
        assert find_people("5125550123") == [double.cast.pat]


def test_what_nobody_may_change_is_read_from_both(double):
    with enter(double.clinic):
        note_read("person.viewed", by=BY, on=double.other, patient=double.other.uid)
        merge(double)
        events, _more = access.access_log_of(double.cast.owner, double.cast.pat.uid)
        assert {double.other.uid, double.cast.pat.uid} <= {event.patient_id for event in events}
        assert set(identity.uids_of(double.cast.pat)) == {double.cast.pat.uid, double.other.uid}
        assert Event.objects.filter(patient_id=double.other.uid, verb="person.viewed").exists()


def test_both_sign_ins_lead_to_the_one_record_and_part_again(double):
    theirs, own = double.portal(double.other), double.portal(double.cast.pat)
    with enter(double.clinic):
        made = merge(double)
    for browser in (theirs, own):
        assert "Pat" in browser.get("/portal/you/").content.decode()
    with enter(double.clinic):
        merging.part(double.cast.owner, made.uid, at=AT)
    assert "Patricia" in theirs.get("/portal/you/").content.decode()
    assert "Patricia" not in own.get("/portal/you/").content.decode()


@pytest.mark.parametrize("address", ["patricia@example.com", "pat@example.com"])
def test_a_later_sign_in_by_either_address_leads_to_the_one_record(address, double):
    with enter(double.clinic):
        merge(double)
        assert people_at("email", blind_index("email", address), at=AT) == [double.cast.pat]


def visits(house):
    """Each of the two has a visit on Thursday at the same time, with different providers."""
    made = []
    for person, provider in ((house.cast.pat, "ines"), (house.other, "nora")):
        start = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
        booked = book_for(
            service=house.cast.services["consultation"],
            provider=house.cast.providers[provider],
            location=house.cast.location,
            start=start,
            person=person,
            by=BY,
            user=house.cast.owner,
            at=AT,
        )
        made.append(booked.appointment)
    return made


def test_visits_at_the_same_time_stand_in_two_lanes_and_are_told(double):
    with enter(double.clinic):
        visits(double)
        people = (double.cast.pat, double.other)
        before = picture(people)
    page = f"/desk/patients/{double.cast.pat.uid}/merge/{double.other.uid}/"
    body = double.client(double.cast.owner).get(page).content.decode()
    assert "Both have a visit at the same time" in body
    with enter(double.clinic):
        made = merge(double)
        kept = Person.objects.get(pk=double.cast.pat.pk)
        lanes = Occupancy.objects.filter(resource=kept.resource_id).values_list("lane", flat=True)
        assert sorted(lanes) == [0, 1]
        merging.part(double.cast.owner, made.uid, at=AT)
        assert picture(people) == before


def test_somebody_claimed_goes_into_the_verified_record_and_takes_its_time(double):
    with enter(double.clinic):
        sam = double.cast.stranger
        with pytest.raises(Conflict):
            merge(double, kept=sam, merged=double.cast.pat)
        made = merge(double, merged=sam)
        merging.part(double.cast.owner, made.uid, at=AT)
        assert Person.objects.get(pk=sam.pk).resource_id is None


def test_chains_lead_to_the_end_and_part_from_the_end(double):
    with enter(double.clinic):
        quinn = double.cast.people["quinn"]
        people = (double.cast.pat, double.other, quinn)
        before = picture(people)
        first = merge(double, kept=double.other, merged=quinn)
        second = merge(double)
        assert identity.find(quinn.uid) == double.cast.pat
        assert len(identity.uids_of(double.cast.pat)) == 3
        with pytest.raises(Conflict):
            merging.part(double.cast.owner, first.uid, at=AT)
        merging.part(double.cast.owner, second.uid, at=AT)
        assert identity.find(quinn.uid) == double.other
        merging.part(double.cast.owner, first.uid, at=AT)
        assert picture(people) == before


def test_what_was_corrected_since_is_not_taken_back(double):
    with enter(double.clinic):
        made = merge(double, name="other")
        patients.update_person(double.cast.pat, {"last_name": "Long"}, by=BY, on=AT.date())
        merging.part(double.cast.owner, made.uid, at=AT)
        assert Person.objects.get(pk=double.cast.pat.pk).name == "Pat Long"


def test_bad_merges_change_nothing(double, rival):
    with enter(double.clinic):
        people = (double.cast.pat, double.other)
        before = picture(people)
        for uid, other, refused in (
            (double.cast.pat.uid, double.cast.pat.uid, Invalid),
            (double.cast.pat.uid, uuid7(), NotFound),
            (uuid7(), double.cast.pat.uid, NotFound),
            (double.cast.pat.uid, rival.cast.pat.uid, NotFound),
        ):
            with pytest.raises(refused):
                merging.merge(double.cast.owner, uid, other, choices={}, at=AT)
        with pytest.raises(Invalid):
            merge(double, name="neither")
        with pytest.raises(NotFound):
            merging.merge(
                double.cast.users["provider"], double.cast.pat.uid, double.other.uid, choices={}, at=AT
            )
        assert picture(people) == before
        assert not Merge.objects.exists()
        merge(double)
        with pytest.raises(Conflict):
            merge(double)
        with pytest.raises(Conflict):
            merge(double, kept=double.other, merged=double.cast.people["quinn"])


def test_at_the_desk(double):
    client, start = double.client(double.cast.desk), f"/desk/patients/{double.cast.pat.uid}/merge/"
    page = f"{start}{double.other.uid}/"
    found = client.get(start).content.decode()
    assert "Patricia Peterson-Long" in found  # the same number and birth date, without a search
    assert page in client.get(start, {"q": "patricia"}).content.decode()
    side_by_side = client.get(page).content.decode()
    assert "patricia@example.com" in side_by_side
    assert client.post(page, {"name": "nonsense"}).status_code == 422
    assert client.post(page, {"name": "other", "email": "own"})["Location"] == start
    after = client.get(start).content.decode()
    assert "Merged. It can be parted again here." in after
    assert client.post(page).status_code == 422  # the other tab
    with enter(double.clinic):
        made = Merge.objects.get()
    assert client.post(f"/desk/merges/{made.uid}/part/").status_code == 303
    assert client.post(f"/desk/merges/{made.uid}/part/").status_code == 303  # told, and nothing done
    assert client.post(f"/desk/merges/{uuid7()}/part/").status_code == 404
    assert client.get(f"{start}{double.cast.pat.uid}/")["Location"] == start


def test_a_stranger_who_may_be_known_is_shown_at_the_desk_and_only_there(double):
    with enter(double.clinic):
        claimed = patients.claim_person(PATRICIA, by=BY, at=AT)
        patients.keep_key(claimed)
    page = f"/desk/patients/{claimed.uid}/"
    assert "The same contact and birth date" in double.client(double.cast.desk).get(page).content.decode()
    assert "The same contact" not in double.client(double.cast.users["provider"]).get(page).content.decode()


def test_by_program(double):
    api, path = double.api(double.cast.desk), f"/api/v1/patients/{double.cast.pat.uid}/merge/"

    def post(path, body):
        return api.post(path, json.dumps(body), content_type="application/json")

    wrong = post(path, {"other": "nonsense", "take": ["shoes"]})
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["errors"]} == {"other", "take"}
    assert post(path, {"other": str(uuid7())}).status_code == 404
    made = post(path, {"other": str(double.other.uid), "take": ["name"]})
    assert made.status_code == 201
    assert post(path, {"other": str(double.other.uid)}).status_code == 409
    parted = post(f"/api/v1/merges/{made.json()['id']}/part/", {})
    assert parted.json()["parted_at"] is not None


@pytest.mark.own_clinic
def test_pressed_by_two_at_once_it_is_merged_once(new_clinic):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    house = new_clinic()
    with enter(house.clinic):
        other = patients.create_person(PATRICIA, by=BY, at=BEGAN)

    def press(number):
        pair = (house.cast.pat.uid, other.uid) if number % 2 else (other.uid, house.cast.pat.uid)
        try:
            with enter(house.clinic):
                merging.merge(house.cast.owner, *pair, choices={}, at=AT)
        except Conflict:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(press, range(12))) == 1
    with enter(house.clinic):
        assert Merge.objects.count() == 1
        assert Person.objects.filter(archived_at=None, pk__in=[other.pk, house.cast.pat.pk]).count() == 1
