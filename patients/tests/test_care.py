"""Who may open a record: the care team, break-glass with its four hours, its news and its review."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from audit.models import Event
from core.ids import uuid7
from messaging.models import Message
from patients import access, care
from patients.models import BreakGlass, CareRelation
from tenants.context import enter
from tests.cast import BEGAN

AT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
WHY = "Reaction tonight, Ines cannot be reached."
REVIEWS = "/desk/opened-with-a-reason/"
pytestmark = pytest.mark.promise("P62")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def outside(glow):
    """Pat is of nobody's care team."""
    with enter(glow.clinic):
        CareRelation.objects.filter(person=glow.cast.pat).delete()
    return glow


def chart(person):
    return f"/desk/patients/{person.uid}/chart/"


def glass(person):
    return f"/desk/patients/{person.uid}/break-glass/"


def ines(house) -> Client:
    client: Client = house.client(house.cast.users["provider"])
    return client


def verbs(house, person) -> list[str]:
    with enter(house.clinic):
        return list(Event.objects.filter(patient_id=person.uid).values_list("verb", flat=True))


def test_the_care_team_reads_without_being_asked(glow):
    assert ines(glow).get(chart(glow.cast.pat)).status_code == 200
    assert "record.opened" in verbs(glow, glow.cast.pat)


def test_whoever_is_outside_is_asked_why_and_comes_back(outside):
    client, page = ines(outside), chart(outside.cast.pat)
    asked = client.get(page)
    assert (asked.status_code, asked["Location"]) == (
        302,
        f"{glass(outside.cast.pat)}?next={page.replace('/', '%2F')}",
    )
    assert "record.closed" in verbs(outside, outside.cast.pat)
    given = {"next": page, "reason": WHY}
    assert client.post(glass(outside.cast.pat), given)["Location"] == page
    body = client.get(page).content.decode()
    assert "Open to you with a reason only." in body
    assert "in 4 h 00 min" in body
    # On every page of the record, also those that need no reason.
    assert "in 4 h 00 min" in client.get(f"/desk/patients/{outside.cast.pat.uid}/").content.decode()


def test_a_part_of_a_page_leads_to_the_question_too(outside):
    answer = ines(outside).get(chart(outside.cast.pat), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(glass(outside.cast.pat))


def test_it_closes_after_four_hours_with_the_very_next_request(outside, clock):
    client, page = ines(outside), chart(outside.cast.pat)
    client.post(glass(outside.cast.pat), {"next": page, "reason": WHY})
    clock.shift(timedelta(hours=3, minutes=59, seconds=59))
    client = ines(outside)  # the session has ended long before
    assert "in 1 min" in client.get(page).content.decode()
    clock.shift(timedelta(seconds=1))
    assert client.get(page).status_code == 302


def test_another_record_stays_closed(outside):
    client, quinn = ines(outside), outside.cast.people["quinn"]
    with enter(outside.clinic):
        CareRelation.objects.filter(person=quinn).delete()
    client.post(glass(outside.cast.pat), {"reason": WHY})
    assert client.get(chart(quinn)).status_code == 302


@pytest.mark.parametrize("reason", ["", "   ", "urgent", "\n\t .", "x" * 501, "Reaction \x00 tonight"])
def test_a_reason_that_nobody_could_review_opens_nothing_and_stays_typed(reason, outside):
    client = ines(outside)
    answer = client.post(glass(outside.cast.pat), {"reason": reason})
    assert answer.status_code == 422
    assert answer.context["reason"] == reason
    with enter(outside.clinic):
        assert not BreakGlass.objects.exists()
    assert client.get(chart(outside.cast.pat)).status_code == 302


@pytest.mark.parametrize("role", ["front_desk", "admin", "marketer", "analyst"])
def test_whoever_reads_no_charts_never_does(role, outside):
    client = outside.client(outside.cast.users[role])
    assert client.get(chart(outside.cast.pat)).status_code == 404
    assert client.get(glass(outside.cast.pat)).status_code == 404
    assert client.post(glass(outside.cast.pat), {"reason": WHY}).status_code == 404
    answer = outside.api(outside.cast.users[role]).post(
        f"/api/v1/patients/{outside.cast.pat.uid}/break-glass/",
        json.dumps({"reason": WHY}),
        content_type="application/json",
    )
    assert answer.status_code == 404
    with enter(outside.clinic):
        assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("role", ["owner", "supervisor"])
def test_whoever_answers_for_all_patients_is_never_asked(role, outside):
    client = outside.client(outside.cast.users[role])
    assert client.get(chart(outside.cast.pat)).status_code == 200
    assert client.post(glass(outside.cast.pat), {"reason": WHY}).status_code == 303
    with enter(outside.clinic):
        assert not BreakGlass.objects.exists()


def test_another_clinics_and_a_random_record_are_404(outside, rival):
    client = ines(outside)
    assert client.post(glass(rival.cast.pat), {"reason": WHY}).status_code == 404
    assert client.post(f"/desk/patients/{uuid7()}/break-glass/", {"reason": WHY}).status_code == 404


def test_the_owners_hear_of_it_at_once_and_the_mail_names_no_patient(outside):
    ines(outside).post(glass(outside.cast.pat), {"reason": WHY})
    with enter(outside.clinic):
        mails = [one for one in Message.objects.filter(kind="security_alert") if one.created_at >= AT]
        to = {one.to for one in mails}
        assert {"olive@glow.example", "ines@glow.example"} <= to
        for one in mails:
            assert one.send_after <= AT  # due in the transaction: a worker is poked on commit
            told = one.subject_line + one.body
            for secret in ("Pat", "Peterson", "Reaction", str(outside.cast.pat.uid), "@example.com"):
                assert secret not in told
        event = Event.objects.get(verb="record.glass_broken")
        assert event.patient_id == outside.cast.pat.uid
        assert WHY.encode() not in bytes(event.body)


def test_pressed_twice_it_is_opened_once(outside):
    client = ines(outside)
    for _ in range(2):
        assert client.post(glass(outside.cast.pat), {"reason": WHY}).status_code == 303
    with enter(outside.clinic):
        assert BreakGlass.objects.count() == 1


def test_the_owner_looks_at_it_and_the_desk_says_so(outside, clock):
    ines(outside).post(glass(outside.cast.pat), {"reason": WHY})
    owner = outside.client(outside.cast.owner)
    assert "1 record was opened with a reason" in owner.get("/desk/notices/").content.decode()
    fran = outside.client(outside.cast.desk).get("/desk/notices/").content.decode()
    assert "opened with a reason" not in fran
    clock.shift(timedelta(days=8))
    owner = outside.client(outside.cast.owner)
    page = owner.get(REVIEWS).content.decode()
    assert WHY in page
    assert "Late" in page
    with enter(outside.clinic):
        opened = BreakGlass.objects.get()
    review = f"{REVIEWS}{opened.uid}/"
    assert owner.post(review, {"finding": "nonsense"}).status_code == 422
    assert owner.post(review, {"finding": "wrong"}).status_code == 303
    assert "Nothing waits" in owner.get(REVIEWS).content.decode()
    with enter(outside.clinic):
        opened.refresh_from_db()
        assert (opened.finding, opened.reviewed_by) == ("wrong", str(outside.cast.owner.pk))
    owner.post(review, {"finding": "right"})  # somebody was faster
    with enter(outside.clinic):
        opened.refresh_from_db()
        assert opened.finding == "wrong"


def test_whoever_opened_it_cannot_look_at_it(outside):
    ines(outside).post(glass(outside.cast.pat), {"reason": WHY})
    with enter(outside.clinic):
        opened = BreakGlass.objects.get()
    assert ines(outside).get(REVIEWS).status_code == 403
    assert ines(outside).post(f"{REVIEWS}{opened.uid}/", {"finding": "right"}).status_code == 404
    assert outside.client(outside.cast.users["admin"]).get(REVIEWS).status_code == 403


def test_the_patient_sees_that_it_was_opened_from_outside(outside):
    ines(outside).post(glass(outside.cast.pat), {"reason": WHY})
    page = outside.portal(outside.cast.pat).get("/portal/record/").content.decode()
    assert "from outside the care team, with a reason" in page
    log = outside.client(outside.cast.owner).get(f"/desk/patients/{outside.cast.pat.uid}/log/")
    assert "opened the record with a reason, from outside the care team" in log.content.decode()


def test_by_program(outside):
    api, path = (
        outside.api(outside.cast.users["provider"]),
        f"/api/v1/patients/{outside.cast.pat.uid}/break-glass/",
    )

    def post(body):
        return api.post(path, json.dumps(body), content_type="application/json")

    assert post({}).status_code == 422
    assert post({"reason": 5}).status_code == 422
    made = post({"reason": WHY})
    assert made.status_code == 201
    assert datetime.fromisoformat(made.json()["until"]) == AT + timedelta(hours=4)
    assert post({"reason": WHY}).status_code == 409


def test_the_care_team_is_said_by_who_answers_for_all(glow):
    sven, page = glow.cast.users["supervisor"], f"/desk/patients/{glow.cast.pat.uid}/care-team/"
    client = glow.client(sven)
    body = client.get(page).content.decode()
    assert "Ines Ibarra" in body
    assert client.post(page, {"colleague": glow.cast.desk.pk}).status_code == 422  # reads no charts
    assert client.post(page, {"colleague": "nonsense"}).status_code == 422
    ines_is = glow.cast.users["provider"].pk
    assert client.post(f"{page}{ines_is}/leave/").status_code == 303
    assert ines(glow).get(page).status_code == 302
    assert client.post(page, {"colleague": ines_is}).status_code == 303
    assert ines(glow).get(page).status_code == 200
    assert ines(glow).post(page, {"colleague": sven.pk}).status_code == 404
    assert {"care.added", "care.removed"} <= set(verbs(glow, glow.cast.pat))


def test_a_record_that_is_closed_is_404_to_programs(outside):
    with enter(outside.clinic):
        with pytest.raises(care.BreakGlassNeeded) as closed:
            access.get_record(outside.cast.users["provider"], outside.cast.pat.uid)
        assert (closed.value.status, closed.value.type) == (404, "not-found")
        care.join(outside.cast.pat, outside.cast.users["provider"], at=BEGAN)
        assert access.get_record(outside.cast.users["provider"], outside.cast.pat.uid)


@pytest.mark.promise("P141")
def test_the_reason_is_sealed(outside):
    from django.db import connection

    ines(outside).post(glass(outside.cast.pat), {"reason": WHY})
    with enter(outside.clinic), connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM patients_breakglass")
        assert WHY.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.own_clinic
def test_many_join_at_once_and_are_on_the_team_once(new_clinic):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections, transaction

    house = new_clinic()
    sven = house.cast.users["supervisor"]

    def join(_number):
        try:
            with enter(house.clinic), transaction.atomic():
                care.join(house.cast.pat, sven, at=AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(join, range(16)))
    with enter(house.clinic):
        assert CareRelation.objects.filter(person=house.cast.pat, user=sven).count() == 1
