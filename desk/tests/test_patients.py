"""The list of patients and a patient's page: head, visits, messages, log, adding, correcting, verifying."""

from datetime import time

import pytest

from core.ids import uuid7
from desk.tests.days import AT, TUESDAY, Counted, book, text_of
from messaging import actions as messaging
from messaging.models import Message
from patients import actions as patients
from patients.models import Person
from patients.rules import Details
from tenants.context import enter
from tests.cast import BEGAN, BY

OWN = ("", "edit/", "log/")


def at(person, page=""):
    return f"/desk/patients/{person.uid}/{page}"


def details(**more):
    given = {
        "first_name": "Wanda",
        "last_name": "Webb",
        "date_of_birth": "1990-04-23",
        "phone": "(512) 555-0188",
        "email": "wanda@example.com",
        "language": "",
    }
    return given | more


def test_the_page_says_who_it_is_and_when_they_come(glow, visit):
    book(glow, time(9, 30), day=TUESDAY, who="pat", now=AT.replace(hour=12))
    response = glow.client(glow.cast.desk).get(at(glow.cast.pat))
    words = text_of(response)
    for said in ("Pat Peterson", "37 · 23 Apr 1988", "(512) 555-0123", "Verified", "Coming visits"):
        assert said in words
    assert words.index("2:00 – 2:30 pm") < words.index("Past visits") < words.index("9:30 – 10:00 am")
    assert "Confirmation, Email · Goes out Tue 3 Mar, 11:26 am" in words
    assert "/book/visit/…/" in words


@pytest.mark.parametrize("page", OWN)
@pytest.mark.parametrize("role", ["marketer", "analyst"])
def test_a_forbidden_patient_looks_like_none(role, page, glow, clock):
    assert glow.client(glow.cast.users[role]).get(at(glow.cast.pat, page)).status_code == 404


@pytest.mark.parametrize("page", OWN)
def test_another_clinics_patient_and_a_random_one_are_404(page, glow, rival, clock):
    client = glow.client(glow.cast.users["owner"])
    assert client.get(at(rival.cast.pat, page)).status_code == 404
    assert client.get(f"/desk/patients/{uuid7()}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["edit/", "verify/", "messages/"])
def test_nobody_writes_to_another_clinics_patient(page, glow, rival, clock):
    client = glow.client(glow.cast.users["owner"])
    given = details(body="Hello", channel="sms")
    assert client.post(at(rival.cast.pat, page), given).status_code == 404
    assert client.post(at(rival.cast.stranger, page), given).status_code == 404


def test_the_page_costs_twelve_statements(glow, visit):
    client = glow.client(glow.cast.desk)
    for _ in range(2):  # what a process remembers, it remembers by now: the year's key of the trail too
        client.get(at(glow.cast.pat))
    with Counted() as counted:
        assert client.get(at(glow.cast.pat)).status_code == 200
    assert len(counted.statements) <= 12, "\n".join(counted.statements)


def test_a_stranger_is_verified_by_the_staff(glow, clock):
    client = glow.client(glow.cast.desk)
    page = at(glow.cast.stranger)
    assert "Not verified: gave these details in a form" in text_of(client.get(page))
    assert client.post(at(glow.cast.stranger, "verify/")).status_code == 303
    words = text_of(client.get(page))
    assert "Patient verified." in words
    assert "Not verified" not in words
    with enter(glow.clinic):
        assert Person.objects.get(pk=glow.cast.stranger.pk).resource_id is not None


def test_the_list_has_pages_and_an_end(glow, clock):
    with enter(glow.clinic):
        many = [Details(f"Person{n}", "Many", f"p{n}@example.com") for n in range(55)]
        patients.create_people(many, by=BY, at=BEGAN)
    client = glow.client(glow.cast.desk)
    first = client.get("/desk/patients/")
    body = first.content.decode()
    assert body.count('<th scope="row">') == 50
    follow = body.partition("/desk/patients/?cursor=")[2].partition('"')[0]
    second = client.get(f"/desk/patients/?cursor={follow}").content.decode()
    assert second.count('<th scope="row">') == 8
    assert 'href="?cursor=' not in second
    assert 'href="/desk/patients/?cursor=' not in second
    cut = client.get("/desk/patients/", {"cursor": "bm9uc2Vuc2U="})
    assert cut["Location"] == "/desk/patients/"


def test_an_empty_clinic_is_told_what_to_do_first(glow, clock):
    with enter(glow.clinic):
        Person.objects.update(archived_at=AT)
    words = text_of(glow.client(glow.cast.desk).get("/desk/patients/"))
    assert "No patients yet" in words
    assert "New patient" in words


def test_a_patient_is_added(glow, clock):
    client = glow.client(glow.cast.desk)
    response = client.post("/desk/patients/new/", details())
    assert response.status_code == 303
    words = text_of(client.get(response["Location"]))
    assert "Wanda Webb" in words
    assert "Patient added." in words
    assert "Verified" in words


def test_adding_tells_everything_that_is_wrong_and_keeps_the_rest(glow, clock):
    given = details(last_name="", phone="12", email="nobody", date_of_birth="2020-01-01")
    response = glow.client(glow.cast.desk).post("/desk/patients/new/", given)
    words = text_of(response)
    assert response.status_code == 422
    assert "Enter the last name." in words
    assert 'value="Wanda"' in response.content.decode()
    second = glow.client(glow.cast.desk).post("/desk/patients/new/", given | {"last_name": "Webb"})
    words = text_of(second)
    assert "3 things need a look." in words
    assert "children under 13" in words


def test_a_possible_duplicate_is_shown_before_adding(glow, clock):
    client = glow.client(glow.cast.desk)
    same = details(email="pat@example.com", date_of_birth="1988-04-23")
    response = client.post("/desk/patients/new/", same)
    assert response.status_code == 422
    assert at(glow.cast.pat) in response.content.decode()
    assert client.post("/desk/patients/new/", same | {"new_anyway": "on"}).status_code == 303


def test_details_are_corrected(glow, clock):
    client = glow.client(glow.cast.desk)
    shown = client.get(at(glow.cast.pat, "edit/")).content.decode()
    assert 'value="+15125550123"' in shown
    given = details(first_name="Patricia", last_name="Peterson-Ruiz")
    assert client.post(at(glow.cast.pat, "edit/"), given).status_code == 303
    assert "Patricia Peterson-Ruiz" in text_of(client.get(at(glow.cast.pat)))
    wrong = client.post(at(glow.cast.pat, "edit/"), given | {"phone": "12"})
    assert wrong.status_code == 422


def test_a_message_goes_out_and_shows_in_the_thread(glow, clock):
    client = glow.client(glow.cast.desk)
    response = client.post(at(glow.cast.pat, "messages/"), {"channel": "sms", "body": "Parking is free."})
    assert response.status_code == 303
    words = text_of(client.get(at(glow.cast.pat)))
    assert "Parking is free." in words
    assert "Waiting to be sent" in words


def test_an_email_needs_a_subject_and_keeps_its_words(glow, clock):
    response = glow.client(glow.cast.desk).post(
        at(glow.cast.pat, "messages/"), {"channel": "email", "body": "Parking is free."}
    )
    assert response.status_code == 422
    assert "Give the email a subject." in text_of(response)
    assert "Parking is free." in text_of(response)
    with enter(glow.clinic):
        assert Message.objects.count() == 0


def test_a_stopped_number_gets_no_text_and_says_why(glow, clock):
    with enter(glow.clinic):
        messaging.stop_contact(glow.cast.desk, to="+15125550123", at=AT, subject=glow.cast.pat.uid)
    client = glow.client(glow.cast.desk)
    body = client.get(at(glow.cast.pat)).content.decode()
    assert "This number said STOP." in body
    assert 'value="sms"' not in body
    assert 'value="email"' in body
    refused = client.post(at(glow.cast.pat, "messages/"), {"channel": "sms", "body": "Hello"})
    assert refused.status_code == 422
    with enter(glow.clinic):
        assert Message.objects.filter(kind="staff_reply").count() == 0


def test_the_log_tells_in_words_who_saw_what(glow, visit):
    glow.client(glow.cast.desk).get(at(glow.cast.pat))
    glow.client(glow.cast.users["provider"]).get("/desk/")
    words = text_of(glow.client(glow.cast.owner).get(at(glow.cast.pat, "log/")))
    assert "Fran Fischer opened the patient's page" in words
    assert "Ines Ibarra saw a visit in the calendar" in words
    assert "booked a visit" in words


def test_the_log_is_for_owners_and_admins(glow, clock):
    assert glow.client(glow.cast.desk).get(at(glow.cast.pat, "log/")).status_code == 404
    assert "Who opened this" not in text_of(glow.client(glow.cast.desk).get(at(glow.cast.pat)))
    assert "Who opened this" in text_of(glow.client(glow.cast.users["admin"]).get(at(glow.cast.pat)))


def test_a_name_of_markup_stays_text(glow, clock):
    client = glow.client(glow.cast.desk)
    name = "<script>alert(1)</script>"
    response = client.post("/desk/patients/new/", details(first_name=name))
    body = client.get(response["Location"]).content.decode()
    assert name not in body
    assert "&lt;script&gt;" in body
