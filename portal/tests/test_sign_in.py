"""Signing in by a code: to mail or phone, once, in one browser, and never telling who is a patient here."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import now
from messaging import contacts
from messaging.models import Channel, OptOutEvent
from patients import actions as patients
from patients.models import ContactPoint, Person
from patients.rules import Details
from portal import codes, sessions
from portal.models import OneTimeCode, PatientSession
from portal.tests.helpers import BORN, CODE, HOME, START, WHO, ask, digits_of, sign_in, verbs, work
from tenants.context import enter
from tests.cast import BEGAN, BY, PEOPLE, STRANGER

PAT = PEOPLE["glow"]["pat"]


@pytest.mark.promise("P152")
def test_a_code_by_mail_opens_the_home(glow):
    client, answer = sign_in(glow, " PAT@example.com ")
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    home = client.get(HOME)
    assert "Pat." in home.content.decode()
    assert home["Cache-Control"] == "no-store"
    assert verbs(glow, glow.cast.pat)[0] == "portal.signed_in" or "portal.signed_in" in verbs(
        glow, glow.cast.pat
    )


def test_the_way_leads_back_to_the_page_that_was_asked_for(glow):
    client = glow.client()
    turned = client.get("/portal/visits/")
    assert turned["Location"] == "/portal/sign-in/?next=%2Fportal%2Fvisits%2F"
    ask(client, PAT.email, next="/portal/visits/")
    answer = client.post(CODE, {"code": digits_of(work(glow)[-1]), "next": "/portal/visits/"})
    assert answer["Location"] == "/portal/visits/"


@pytest.mark.parametrize(
    "going",
    ["//evil.example", "https://evil.example/portal/", "/portal/\\evil", "/desk/", "/portal/sign-out/"],
)
def test_the_way_back_leads_nowhere_else(glow, going):
    client = glow.client()
    ask(client, PAT.email)
    answer = client.post(CODE, {"code": digits_of(work(glow)[-1]), "next": going})
    assert answer["Location"] == HOME


def test_a_code_by_text_asks_for_the_birth_date(glow):
    client, answer = sign_in(glow, "(512) 555-0123")
    assert answer["Location"] == BORN
    assert client.get(HOME)["Location"] == WHO  # a code by text alone opens nothing
    assert client.get(WHO)["Location"] == BORN
    wrong = client.post(BORN, {"date_of_birth": "04/24/1988"})
    assert wrong.status_code == 422
    assert client.get(HOME).status_code == 302
    right = client.post(BORN, {"date_of_birth": "April 23, 1988"})
    assert right["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_the_birth_date_can_be_tried_five_times(glow):
    client, _answer = sign_in(glow, PAT.phone)
    for _try in range(4):
        assert client.post(BORN, {"date_of_birth": "01/01/1990"}).status_code == 422
    assert "mismatch" in client.post(BORN, {"date_of_birth": "01/01/1990"})["Location"]
    assert client.post(BORN, {"date_of_birth": "04/23/1988"})["Location"] == START


def test_a_code_works_once(glow):
    client, _answer = sign_in(glow, PAT.email)
    code = digits_of(work(glow)[-1])
    client.post("/portal/sign-out/")
    assert client.post(CODE, {"code": code})["Location"].startswith(START)
    assert client.get(HOME).status_code == 302


def test_a_code_works_in_the_browser_that_asked(glow):
    first, second = glow.client(), glow.client()
    ask(first, PAT.email)
    code = digits_of(work(glow)[-1])
    ask(second, PAT.email)
    work(glow)
    assert second.post(CODE, {"code": code}).status_code == 422
    assert glow.client().post(CODE, {"code": code})["Location"].startswith(START)
    assert first.post(CODE, {"code": code})["Location"] == HOME


def test_looking_at_the_page_of_the_mail_spends_nothing(glow):
    client = glow.client()
    ask(client, PAT.email)
    message = work(glow)[-1]
    code = digits_of(message)
    assert f"/portal/sign-in/code/?code={code}" in message.body
    for _look in range(2):
        assert f'value="{code}"' in client.get(CODE, {"code": code}).content.decode()
    assert client.post(CODE, {"code": code})["Location"] == HOME


def test_a_code_runs_out_after_ten_minutes(glow):
    client = glow.client()
    ask(client, PAT.email)
    code = digits_of(work(glow)[-1])
    with time_machine.travel(now() + timedelta(minutes=10, seconds=2)):
        assert "late" in client.post(CODE, {"code": code})["Location"]
    assert timedelta(minutes=10) >= codes.LIFE


def test_five_wrong_tries_void_a_code(glow):
    client = glow.client()
    ask(client, PAT.email)
    code = digits_of(work(glow)[-1])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _try in range(4):
        assert client.post(CODE, {"code": wrong}).status_code == 422
    assert "spent" in client.post(CODE, {"code": wrong})["Location"]
    assert "late" in client.post(CODE, {"code": code})["Location"]


def test_ten_wrong_tries_shut_the_contact_for_all_codes(glow):
    client = glow.client()
    for _round in range(2):
        ask(client, PAT.email)
        code = digits_of(work(glow)[-1])
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for _try in range(5):
            client.post(CODE, {"code": wrong})
    ask(client, PAT.email)
    answer = client.post(CODE, {"code": digits_of(work(glow)[-1])})
    assert answer.status_code == 429  # even the right one
    assert int(answer["Retry-After"]) > 0


def test_codes_are_not_sent_without_end(glow):
    client = glow.client()
    answers = [ask(client, PAT.email).status_code for _time in range(6)]
    assert answers == [302] * 5 + [429]


def test_nothing_of_a_code_lies_in_the_table(glow):
    client = glow.client()
    ask(client, PAT.email)
    digits = digits_of(work(glow)[-1])
    with enter(glow.clinic), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM portal_onetimecode t")
        rows = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT t::text FROM messaging_message t")
        rows += " ".join(row[0] for row in cursor.fetchall())
    for clear in (digits, digits.encode().hex(), "pat@example", b"pat@example".hex()):
        assert clear not in rows


# --- Nobody learns who is a patient --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (PAT.email, "nob@example.com"),
        ("+15125550123", "+15125550999"),
        ("quinn@example.com", "quin@example.com"),
    ],
)
def test_known_and_unknown_contacts_get_the_same_answer_for_the_same_work(glow, known, unknown):
    seen = []
    # The first one warms what a process remembers of a clinic, and makes the year's key for addresses.
    for contact in ("warm@example.com", known, unknown):
        client = glow.client()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(client, contact)
        cost = [statements(asked)]
        work(glow)
        page = client.get(CODE)
        with CaptureQueriesContext(connection) as tried:
            wrong = client.post(CODE, {"code": "000000"})
        cost.append(statements(tried))
        body = (
            wrong.content.decode()
            .replace(contact, "X")
            .replace("(512) 555-0123", "X")
            .replace("(512) 555-0999", "X")
        )
        shown = (
            page.content.decode()
            .replace(contact, "X")
            .replace("(512) 555-0123", "X")
            .replace("(512) 555-0999", "X")
        )
        seen.append(
            (
                answer.status_code,
                answer["Location"],
                sorted(answer.cookies),
                wrong.status_code,
                cost,
                strip(body),
                strip(shown),
            )
        )
    assert seen[1] == seen[2]


def statements(captured: CaptureQueriesContext) -> int:
    """How many; without the look-up of the host, which a process repeats now and then."""
    return sum("tenants_domain" not in one["sql"] for one in captured.captured_queries)


def strip(body: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)


def test_an_unknown_contact_gets_no_message_and_has_no_code(glow):
    client = glow.client()
    ask(client, "nobody@example.com")
    assert work(glow) == []
    with enter(glow.clinic):
        assert OneTimeCode.objects.get().code_hash is None
    for code in ("000000", "123456", "999999"):
        assert client.post(CODE, {"code": code}).status_code == 422


def test_a_patient_next_door_is_unknown_here(glow, rival):
    client = rival.client()
    ask(client, PAT.email)
    assert work(rival) == []


@pytest.mark.parametrize(
    "contact", ["", "nonsense", "a@", "@", "12", "+1 512 555 01234567", "x" * 300, "pat@example.com\0", "💌"]
)
def test_what_is_no_contact_is_said_at_the_field(glow, contact):
    answer = ask(glow.client(), contact)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


# --- Phones that said stop -----------------------------------------------------------------------------------


def stop(house, number: str) -> None:
    with enter(house.clinic):
        row = contacts.locked(contacts.index_of(Channel.SMS, number), Channel.SMS)
        contacts.stop(row, source=OptOutEvent.Source.STAFF, at=now())


@pytest.mark.promise("P22")
def test_a_stopped_number_gets_its_code_by_mail_with_the_same_screen(glow):
    stop(glow, PAT.phone)
    client = glow.client()
    assert ask(client, PAT.phone).status_code == 302
    page = client.get(CODE).content.decode()
    assert "Have you stopped our texts? Then it comes by email." in page
    assert "pat@example" not in page
    (message,) = work(glow)
    with enter(glow.clinic):
        assert (message.channel, message.to) == (Channel.EMAIL, PAT.email)
    # What came by mail proves the mailbox: no birth date is asked.
    assert client.post(CODE, {"code": digits_of(message)})["Location"] == HOME


def test_a_stopped_number_of_two_mailboxes_gets_nothing(glow):
    stop(glow, PAT.phone)
    with enter(glow.clinic):
        add("Percy", "Peterson", "percy@example.com", PAT.phone, 1990)
    ask(glow.client(), PAT.phone)
    assert work(glow) == []


# --- Families ------------------------------------------------------------------------------------------------


def add(first: str, last: str, email: str, phone: str, year: int) -> Person:
    born = PAT.date_of_birth.replace(year=year)
    return patients.create_person(Details(first, last, email, phone, born), by=BY, at=BEGAN)


def test_several_on_one_contact_choose_among_themselves_only(glow):
    with enter(glow.clinic):
        percy = add("Percy", "Peterson", PAT.email, "", 1990)
    client, answer = sign_in(glow, PAT.email)
    assert answer["Location"] == WHO
    page = client.get(WHO).content.decode()
    assert "Pat Peterson" in page
    assert "Percy Peterson" in page
    assert "Quinn" not in page
    for other in (glow.cast.people["quinn"].uid, "nonsense", ""):
        assert client.post(WHO, {"person": str(other)}).status_code == 422
    assert client.get(HOME)["Location"] == WHO
    assert client.post(WHO, {"person": str(percy.uid)})["Location"] == HOME
    assert "Percy." in client.get(HOME).content.decode()


def test_by_text_the_birth_date_says_who_of_a_family_it_is(glow):
    with enter(glow.clinic):
        add("Percy", "Peterson", "", PAT.phone, 1990)
    client, _answer = sign_in(glow, PAT.phone, born="04/23/1990")
    assert "Percy." in client.get(HOME).content.decode()


@pytest.mark.promise("P93")
def test_a_minor_has_no_pages_of_their_own(glow):
    with enter(glow.clinic):
        year = now().year - 15
        add("Mia", "Minor", "mia@example.com", "", year)
    ask(glow.client(), "mia@example.com")
    assert work(glow) == []


def test_who_only_filled_in_a_form_is_verified_by_the_code(glow):
    client, _answer = sign_in(glow, STRANGER.email)
    assert "Sam." in client.get(HOME).content.decode()
    with enter(glow.clinic):
        sam = Person.objects.get(pk=glow.cast.stranger.pk)
        assert sam.is_verified
        assert sam.resource_id
        mail, phone = (ContactPoint.objects.get(person=sam, kind=kind) for kind in ("email", "phone"))
    assert mail.verified_at
    assert phone.verified_at is None


# --- How long it lasts ---------------------------------------------------------------------------------------


def test_a_session_ends_after_thirty_idle_minutes_and_after_twelve_hours(glow):
    client, _answer = sign_in(glow, PAT.email)
    begun = now()
    with time_machine.travel(begun + timedelta(minutes=29)):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(begun + timedelta(minutes=58)):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(begun + timedelta(minutes=89)):
        answer = client.get(HOME)
        assert answer.status_code == 302
        assert "ended=1" in answer["Location"]
    with enter(glow.clinic):
        PatientSession.objects.update(seen_at=begun + timedelta(hours=12))
    with time_machine.travel(begun + timedelta(hours=12, seconds=1)):
        assert client.get(HOME).status_code == 302


def test_the_page_leaves_the_screen_when_the_session_is_over_and_looking_whether_it_is_does_not_prolong_it(
    glow,
):
    client, _answer = sign_in(glow, PAT.email)
    with enter(glow.clinic):
        begun = PatientSession.objects.get().started_at
    with time_machine.travel(begun + timedelta(seconds=30), tick=False):
        page = client.get(HOME).text
    assert (
        '<noscript><meta http-equiv="refresh" content="1770; url=/portal/sign-in/?ended=1"></noscript>'
        in page
    )
    with time_machine.travel(begun + timedelta(minutes=29)):
        assert client.get("/portal/sign-in/?ended=1").status_code == 302  # another tab is still in use
    with time_machine.travel(begun + timedelta(minutes=31)):
        assert client.get("/portal/sign-in/?ended=1").status_code == 200


def test_signing_out_ends_the_session_itself(glow):
    client, _answer = sign_in(glow, PAT.email)
    token = client.cookies["portal"].value
    answer = client.post("/portal/sign-out/")
    assert '"cache"' in answer["Clear-Site-Data"]
    client.cookies["portal"] = token
    assert client.get(HOME).status_code == 302


def test_who_loses_the_contact_loses_the_session(glow):
    client, _answer = sign_in(glow, PAT.email)
    with enter(glow.clinic):
        patients.update_person(glow.cast.pat, {"email": "new@example.com"}, by=BY, on=BEGAN.date())
    assert client.get(HOME).status_code == 302


def test_staff_and_patient_sessions_do_not_mix(glow):
    both = glow.client(glow.cast.desk)
    assert both.get(HOME).status_code == 302
    sign_in(glow, PAT.email, both)
    assert both.get(HOME).status_code == 200
    assert both.get("/desk/").status_code == 200
    patient = glow.portal(glow.cast.pat)
    assert patient.get("/desk/").status_code == 302
    assert patient.get("/api/v1/people/").status_code == 403
    both.post("/portal/sign-out/")
    assert both.get("/desk/").status_code == 200


def test_a_new_sign_in_has_a_new_token_and_ends_the_old_session(glow):
    client, _answer = sign_in(glow, PAT.email)
    before = client.cookies["portal"].value
    sign_in(glow, "quinn@example.com", client)
    assert client.cookies["portal"].value != before
    stale = glow.client()
    stale.cookies["portal"] = before
    assert stale.get(HOME).status_code == 302


@pytest.mark.promise("P153")
def test_a_sign_of_life_begins_the_half_hour_anew_but_not_the_twelve_hours(glow):
    client, _answer = sign_in(glow, PAT.email)
    with enter(glow.clinic):
        begun = PatientSession.objects.get().started_at
    with time_machine.travel(begun + timedelta(seconds=1799), tick=False):
        assert client.post("/portal/stay/").json() == {"left": 1800, "absolute": 43_200 - 1799}
    with time_machine.travel(begun + timedelta(minutes=58)):
        assert client.get(HOME).status_code == 200
    with enter(glow.clinic):
        PatientSession.objects.update(seen_at=begun + timedelta(hours=11, minutes=55))
    with time_machine.travel(begun + timedelta(hours=11, minutes=55), tick=False):
        assert client.post("/portal/stay/").json() == {"left": 300, "absolute": 300}
    with time_machine.travel(begun + timedelta(hours=12), tick=False):
        assert client.post("/portal/stay/").status_code == 302


def test_only_a_page_that_knows_the_patient_warns_before_the_logoff(glow):
    client, _answer = sign_in(glow, PAT.email)
    assert 'data-channel="medspa-portal"' in client.get("/portal/you/").text
    assert 'data-channel="medspa-session"' in glow.client(glow.cast.desk).get("/desk/").text
    assert 'id="logoff"' not in client.get("/book/").text
    assert 'id="logoff"' not in glow.client().get(START).text
    assert client.post("/portal/sign-out/").status_code == 303
    assert client.post("/portal/stay/").status_code == 302


def test_tabs_that_leave_together_are_one_leaving_in_the_trail(glow):
    sign_in(glow, PAT.email)
    with enter(glow.clinic):
        session = PatientSession.objects.get()
        stale = PatientSession.objects.get()
        sessions.end(session, at=now())
        sessions.end(stale, at=now())
    assert verbs(glow, glow.cast.pat).count("portal.signed_out") == 1
