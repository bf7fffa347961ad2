"""A patient writes to the clinic and the clinic answers, in the portal: what is told elsewhere is only that it waits."""

import json
import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from audit.models import Event
from core.ids import uuid7
from core.problems import NotFound
from messaging import actions as messaging
from messaging.consents import Topic
from messaging.models import Message, State
from patients import actions as patients
from patients import guardians, letters
from patients.models import Guardianship, Person
from patients.rules import Details
from patients.self_service import actor_of
from portal.tests.conftest import Patient
from scheduling.tests.browsing import AT, found, plain
from tenants.context import enter
from tests.cast import BEGAN, BY, PEOPLE

pytestmark = [pytest.mark.usefixtures("friday"), pytest.mark.promise("P77")]
PAGE = "/portal/messages/"
SECRET = "May I swim after the Zebra peel?"
ANSWER = "Wait for two days, said the Okapi."


@pytest.fixture
def mia(glow):
    """Fifteen, in Pat's care."""
    with enter(glow.clinic):
        born = AT.date().replace(year=AT.year - 15)
        mia = patients.create_person(Details("Mia", "Peterson", date_of_birth=born), by=BY, at=BEGAN)
        guardians.link(glow.cast.desk, mia, glow.cast.pat, relation="parent", on=AT.date(), at=AT)
    return mia


def write(browser, body=SECRET, status=303, once=None) -> str:
    once = once or found(r'name="once" value="([^"]+)"', browser.get(PAGE))
    return browser.post(PAGE, {"body": body, "once": once}, status)


def reply(house, person, body=ANSWER, who="front_desk", status=303):
    given = {"channel": "portal", "body": body}
    answer = house.client(house.cast.users[who]).post(f"/desk/patients/{person.uid}/messages/", given)
    assert answer.status_code == status
    return answer.content.decode()


def written(house, **asked) -> list[Message]:
    with enter(house.clinic):
        rows = list(Message.objects.filter(**asked).order_by("id"))
        for each in rows:
            assert len(each.body + each.to + each.subject_line)  # opened while we are in the clinic
        return rows


def agree_to_texts(house, number, person) -> None:
    with enter(house.clinic):
        messaging.record_consent(
            "sms",
            number,
            granted=True,
            text_version="1",
            by=BY,
            at=AT,
            topic=Topic.SERVICE,
            subject=person.uid,
        )


# --- The patient writes --------------------------------------------------------------------------------------


def test_what_a_patient_writes_is_in_both_threads_and_in_the_news(pat, glow):
    page = plain(pat.get(PAGE))
    assert "Not for emergencies." in page
    assert "We read messages in our opening hours" in page
    assert "If it cannot wait, call us at" in page
    write(pat)
    assert pat.path == f"{PAGE}?done=1"
    page = plain(pat.get(pat.path))
    assert "Sent." in page
    assert SECRET in page
    assert "From you · Portal · Received" in page
    desk = glow.client(glow.cast.desk)
    assert SECRET in desk.get(f"/desk/patients/{glow.cast.pat.uid}/").content.decode()
    news = plain(desk.get("/desk/notices/").content.decode())
    assert "Pat Peterson wrote in the portal" in news
    assert SECRET not in news
    assert plain(desk.get("/desk/notices/count/").content.decode()).split()[0] == "1"
    [message] = written(glow, channel="portal")
    assert (message.direction, message.state, message.subject) == ("in", "received", glow.cast.pat.uid)
    with enter(glow.clinic):
        event = Event.objects.get(verb="message.received")
        assert (event.actor_kind, event.actor_id, event.patient_id) == (
            "patient",
            str(glow.cast.pat.uid),
            glow.cast.pat.uid,
        )


def test_the_words_are_sealed(pat, glow):
    write(pat)
    with enter(glow.clinic), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM messaging_message WHERE channel = 'portal'")
        [[raw]] = cursor.fetchall()
    assert b"Zebra" not in bytes(raw)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Write a message."),
        ("  \n ", "Write a message."),
        ("x" * 2001, "at most 2000 characters"),
        ("a\0b", ""),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_kept(pat, glow, body, said):
    page = write(pat, body, 422)
    assert "field__error" in page
    assert said in page
    if len(body) > 100:
        assert body in page
    assert written(glow, channel="portal") == []


def test_two_thousand_characters_are_taken_as_they_are(pat, glow):
    body = "Olé\n" + "x" * 1996
    write(pat, body)
    assert written(glow, channel="portal")[0].body == body


def test_a_double_press_sends_once_and_other_words_of_the_same_page_are_not_lost(pat, glow):
    once = str(uuid4())
    write(pat, "First", once=once)
    write(pat, "First", once=once)
    write(pat, "Second", once=once)
    write(pat, "Second of a page whose key was lost", once="none")
    bodies = [each.body for each in written(glow, channel="portal")]
    assert bodies == ["First", "Second", "Second of a page whose key was lost"]


def test_so_many_in_an_hour_and_then_the_clinic_wants_a_call(pat, glow, friday):
    for number in range(letters.MOST_AN_HOUR):
        write(pat, f"Number {number}")
    page = write(pat, "One too many", 429)
    assert "That is a lot for one hour. Call us, or write again later." in page
    assert "One too many" in page
    assert len(written(glow, channel="portal")) == letters.MOST_AN_HOUR
    friday.shift(timedelta(hours=1))
    later = Patient(glow, glow.cast.pat)  # the session ended in that hour
    write(later, "One too many")


def test_another_patients_and_another_clinics_threads_are_out_of_reach(pat, quinn, glow, rival):
    write(pat)
    reply(glow, glow.cast.pat)
    for words in (SECRET, ANSWER):
        assert words not in quinn.get(PAGE)
    for uid in (glow.cast.people["quinn"].uid, rival.cast.pat.uid, uuid7()):
        path = f"/api/v1/patients/{uid}/messages/"
        sent = pat.client.post(path, json.dumps({"body": "Hello"}), content_type="application/json")
        assert sent.status_code == 404
    stranger = rival.client(rival.cast.desk)
    assert stranger.get(f"/desk/patients/{glow.cast.pat.uid}/").status_code == 404
    assert (
        stranger.post(f"/desk/patients/{glow.cast.pat.uid}/messages/", {"channel": "portal"}).status_code
        == 404
    )
    assert written(rival, channel="portal") == []


def test_nobody_archived_writes_or_is_written_to(pat, glow):
    person = glow.cast.pat
    with enter(glow.clinic):
        Person.objects.filter(pk=person.pk).update(archived_at=AT)
        with pytest.raises(NotFound):
            letters.write_to_clinic(person, SECRET, by=actor_of(person), at=AT)
    assert pat.client.post(PAGE, {"body": SECRET}).status_code == 302
    reply(glow, person, status=422)
    assert written(glow, channel="portal") == []


def test_a_guardian_writes_for_a_dependant_as_long_as_they_are_linked(pat, glow, mia):
    pat.post(f"/portal/people/{mia.uid}/")
    write(pat)
    assert written(glow, channel="portal")[0].subject == mia.uid
    with enter(glow.clinic):
        event = Event.objects.get(verb="message.received")
        assert (event.actor_id, event.on_behalf) == (str(glow.cast.pat.uid), str(mia.uid))
        guardians.unlink(glow.cast.desk, mia, Guardianship.objects.get().uid, at=AT)
    assert SECRET not in pat.get(PAGE)
    write(pat, "Now on my own")
    assert [each.subject for each in written(glow, channel="portal")] == [mia.uid, glow.cast.pat.uid]
    path = f"/api/v1/patients/{mia.uid}/messages/"
    sent = pat.client.post(path, json.dumps({"body": "Hello"}), content_type="application/json")
    assert sent.status_code == 404


# --- The clinic answers --------------------------------------------------------------------------------------


def test_the_answer_is_there_at_once_and_new_until_the_thread_was_opened(pat, glow):
    assert "New message" not in pat.get("/portal/")
    write(pat)
    form = glow.client(glow.cast.desk).get(f"/desk/patients/{glow.cast.pat.uid}/").content.decode()
    assert re.search(r'value="portal"[^>]*checked', form)
    reply(glow, glow.cast.pat)
    with enter(glow.clinic):
        assert Message.objects.filter(kind=letters.WAITING).update(state=State.DELIVERED) == 1
    assert "New message" in pat.get("/portal/")
    page = plain(pat.get(PAGE))
    assert ANSWER in page
    assert "There is a message from" not in page
    assert "New message" not in pat.get("/portal/")
    desk = plain(glow.client(glow.cast.desk).get(f"/desk/patients/{glow.cast.pat.uid}/").content.decode())
    assert "Message from the clinic, Portal · Read" in desk
    with enter(glow.clinic):
        answer = Message.objects.get(channel="portal", direction="out")
        assert (answer.state, answer.provider_id, answer.attempts) == ("delivered", "", 0)


def test_a_mail_says_that_it_waits_and_not_a_word_of_it(pat, glow, caplog):
    caplog.set_level(logging.DEBUG)
    write(pat)
    reply(glow, glow.cast.pat)
    [notice] = written(glow, kind=letters.WAITING)
    assert (notice.channel, notice.to) == ("email", PEOPLE["glow"]["pat"].email)
    assert "There is a message from" in notice.subject_line
    assert re.search(r"http://\S+/portal/messages/$", notice.body.strip())
    for words in (SECRET, ANSWER, "Zebra", "Okapi", "Pat"):
        assert words not in notice.body + notice.subject_line
    for words in ("Zebra", "Okapi"):
        assert words not in caplog.text
        with enter(glow.clinic):
            assert all(words not in json.dumps(each.detail, default=str) for each in Event.objects.all())


def test_a_text_tells_whoever_agreed_to_texts_and_no_number_that_said_stop(glow):
    pat, number = glow.cast.pat, "+15125550123"
    reply(glow, pat)
    assert [each.channel for each in written(glow, kind=letters.WAITING)] == ["email"]
    agree_to_texts(glow, number, pat)
    reply(glow, pat)
    texts = written(glow, kind=letters.WAITING, channel="sms")
    assert [each.to for each in texts] == [number]
    assert "Okapi" not in texts[0].body
    with enter(glow.clinic):
        messaging.stop_contact(glow.cast.desk, to=number, at=AT, subject=pat.uid)
    reply(glow, pat)
    assert len(written(glow, kind=letters.WAITING, channel="sms")) == 1
    assert len(written(glow, kind=letters.WAITING, channel="email")) == 3


def test_whoever_looks_after_somebody_is_told_where_to_go(pat, glow, mia):
    reply(glow, mia)
    [notice] = written(glow, kind=letters.WAITING)
    assert notice.to == PEOPLE["glow"]["pat"].email
    assert notice.body.strip().endswith("/portal/people/")
    assert "Mia" not in notice.body + notice.subject_line
    assert "New message" not in pat.get("/portal/")
    pat.post(f"/portal/people/{mia.uid}/")
    assert "New message" in pat.get("/portal/")


def test_the_notice_speaks_the_patients_language(glow):
    with enter(glow.clinic):
        Person.objects.filter(pk=glow.cast.pat.pk).update(language="es")
    reply(glow, glow.cast.pat)
    [notice] = written(glow, kind=letters.WAITING)
    assert "mensaje" in notice.subject_line


def test_who_may_not_write_does_not(glow):
    reply(glow, glow.cast.pat, who="marketer", status=404)
    assert written(glow, channel="portal") == []


# --- By program ----------------------------------------------------------------------------------------------


def api(client, person, **body):
    path = f"/api/v1/patients/{person.uid}/messages/"
    return client.post(path, json.dumps(body), content_type="application/json")


def test_both_sides_write_by_program_and_read_the_channel(pat, glow):
    person, fran = glow.cast.pat, glow.api(glow.cast.desk)
    asked = api(pat.client, person, body=SECRET)
    assert (asked.status_code, asked.json()["channel"], asked.json()["direction"]) == (201, "portal", "in")
    answered = api(fran, person, channel="portal", body=ANSWER)
    assert (answered.status_code, answered.json()["state"]) == (201, "delivered")
    assert api(fran, person, channel="email", body="Hello", subject_line="Hi").json()["state"] == "queued"
    assert "New message" in pat.get("/portal/")
    read = pat.client.get(f"/api/v1/patients/{person.uid}/messages/").json()["results"]
    assert [(each["channel"], each["body"]) for each in read] == [("portal", ANSWER), ("portal", SECRET)]
    assert "New message" not in pat.get("/portal/")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "portal", "body": ""}, "body"),
        ({"channel": "portal", "body": ["x"]}, "body"),
        ({"channel": "fax", "body": "Hello"}, "channel"),
        ({"body": "Hello"}, "channel"),
        ({"channel": "email", "body": "Hello"}, "subject_line"),
    ],
)
def test_what_the_program_got_wrong_is_told(glow, body, field):
    answer = api(glow.api(glow.cast.desk), glow.cast.pat, **body)
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_a_patient_writes_in_the_portal_only_and_so_many_an_hour(pat, glow):
    assert api(pat.client, glow.cast.pat, channel="sms", body="Hello").status_code == 422
    for _each in range(letters.MOST_AN_HOUR):
        assert api(pat.client, glow.cast.pat, body="Hello").status_code == 201
    refused = api(pat.client, glow.cast.pat, body="Hello")
    assert refused.status_code == 429
    assert refused["Retry-After"]
