"""Signing in by a mailed code: once, in one browser, for ten minutes, and never telling who works here."""

import time
from datetime import timedelta

import pytest
import time_machine

from accounts import actions
from accounts.tests.helpers import fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from tenants.context import enter

ASK, ENTER = "/desk/sign-in/code/", "/desk/sign-in/code/enter/"
PROFILE = "/desk/profile/"


def ask(client, email, **data):
    return client.post(ASK, {"email": email, **data})


@pytest.mark.promise("P152")
def test_a_code_opens_the_desk(glow, notices):
    client, desk = glow.client(), glow.cast.desk
    answer = ask(client, desk.email, next="/desk/patients/")
    assert (answer.status_code, answer["Location"]) == (302, ENTER)
    (code,) = notices.codes()
    assert client.get(ENTER).status_code == 200
    done = client.post(ENTER, {"code": code.lower().replace("-", " ")})
    assert (done.status_code, done["Location"]) == (302, "/desk/patients/")
    assert client.get(PROFILE).status_code == 200


def test_a_code_works_once(glow, notices):
    client = glow.client()
    ask(client, glow.cast.desk.email)
    (code,) = notices.codes()
    client.post(ENTER, {"code": code})
    client.post("/desk/sign-out/")
    assert client.post(ENTER, {"code": code})["Location"].startswith(ASK)


def test_a_code_works_in_the_browser_that_asked(glow, notices):
    ask(glow.client(), glow.cast.desk.email)
    (code,) = notices.codes()
    other = glow.client()
    ask(other, glow.cast.desk.email)
    assert other.post(ENTER, {"code": code}).status_code == 422
    assert other.get(PROFILE).status_code == 302


def test_a_code_runs_out(glow, notices):
    client = glow.client()
    ask(client, glow.cast.desk.email)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=5)):
        answer = client.post(ENTER, {"code": notices.codes()[0]})
    assert answer["Location"].startswith(ASK)


def test_a_newer_code_voids_the_older(glow, notices):
    client = glow.client()
    ask(client, glow.cast.desk.email)
    ask(client, glow.cast.desk.email)
    old, new = notices.codes()
    assert client.post(ENTER, {"code": old}).status_code == 422
    assert client.post(ENTER, {"code": new}).status_code == 302


def test_three_wrong_codes_void_it(glow, notices):
    client = glow.client()
    ask(client, glow.cast.desk.email)
    answers = [client.post(ENTER, {"code": "BCDF-GHJK"}) for _ in range(3)]
    assert [each.status_code for each in answers] == [422] * 3
    assert "void" in answers[-1].content.decode()
    assert client.post(ENTER, {"code": notices.codes()[0]}).status_code == 302
    assert client.get(PROFILE).status_code == 302
    assert verbs(glow).count("sign_in.code_refused") == 3


@pytest.mark.parametrize("who", ["nobody", "ended"])
def test_nobody_learns_who_works_here(glow, notices, who):
    user = fresh(glow, "analyst")
    with enter(glow.clinic):
        actions.end_access(user, by=job("tests"), at=now())
    notices.clear()
    email = user.email if who == "ended" else "nobody@glow.example"
    stranger, known = glow.client(), glow.client()
    first, second = ask(stranger, email), ask(known, glow.cast.desk.email)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert len(notices) == 1
    pages = [
        client.get(ENTER).content.decode().replace(address, "…")
        for client, address in ((stranger, email), (known, glow.cast.desk.email))
    ]
    lines = [[line for line in page.splitlines() if "csrf" not in line] for page in pages]
    assert lines[0] == lines[1]
    assert stranger.post(ENTER, {"code": "BCDF-GHJK"}).status_code == 422


def test_known_and_unknown_take_equally_long(glow):
    def seconds(email):
        began = time.perf_counter()
        ask(glow.client(), email)
        return time.perf_counter() - began

    known = [seconds(glow.cast.users[role].email) for role in ("owner", "admin", "provider")]
    unknown = [seconds(f"{n}@glow.example") for n in range(3)]
    assert abs(min(known) - min(unknown)) < 0.03


def test_the_session_holds_no_code_in_clear(glow, notices):
    client = glow.client()
    ask(client, glow.cast.desk.email)
    code = notices.codes()[0]
    with session_of(glow, client) as session:
        kept = str(dict(session.items()))
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_codes_are_not_mailed_without_end(glow, notices):
    answers = [ask(glow.client(), glow.cast.desk.email).status_code for _ in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert len(notices.codes()) == 5


def test_guessing_is_stopped_across_browsers(glow, notices):
    """Three tries a browser, but ten an account; the code on its way then opens nothing either."""
    clients = [glow.client() for _ in range(5)]
    for client in clients:
        ask(client, glow.cast.desk.email)
    answers = [client.post(ENTER, {"code": "BCDF-GHJK"}).status_code for client in clients for _ in range(2)]
    assert answers == [422] * 10
    assert clients[0].post(ENTER, {"code": notices.codes()[0]}).status_code == 429


@pytest.mark.promise("P146")
def test_a_code_is_no_second_factor(rival, notices):
    client = rival.client()
    ask(client, rival.cast.desk.email)
    answer = client.post(ENTER, {"code": notices.codes()[0]})
    assert answer["Location"] == "/desk/two-factor/"
    assert client.get(PROFILE).status_code == 302


def test_who_forgot_the_password_gets_a_new_one_by_mail(glow, notices):
    """The code stands in for the old password, for a quarter of an hour."""
    client = glow.client()
    ask(client, glow.cast.desk.email)
    client.post(ENTER, {"code": notices.codes()[0]})
    assert 'name="current"' not in client.get("/desk/password/").content.decode()
    with time_machine.travel(now() + timedelta(minutes=14)):
        client.get(PROFILE)
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert 'name="current"' in client.get("/desk/password/").content.decode()
    new = {"new": "zebra wagon lamp cloud", "repeated": "zebra wagon lamp cloud"}
    assert client.post("/desk/password/", new)["Location"] == "/desk/profile/?done=password"


def test_the_button_of_the_sign_in_page_brings_the_address_along(glow):
    text = glow.client().get("/desk/sign-in/").content.decode()
    assert f'formaction="{ASK}"' in text
    assert "formnovalidate" in text


def test_nonsense_gets_a_reason(glow):
    answer = ask(glow.client(), "not an address")
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.content.decode()


def test_entering_without_having_asked(glow):
    assert glow.client().get(ENTER)["Location"].startswith(ASK)
