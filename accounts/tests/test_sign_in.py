"""Signing in by password, and out: what works, what is refused, and what neither tells."""

import logging

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import actions, devices, sessions, signals
from accounts.models import User
from accounts.tests.helpers import fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from tenants.context import enter

SIGN_IN = "/desk/sign-in/"
PROFILE = "/desk/profile/"
BY = job("tests")


def post(client, user, password, **data):
    return client.post(SIGN_IN, {"email": user.email, "password": password, **data})


def test_the_page(glow):
    page = glow.client().get(SIGN_IN)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    for part in ('autocomplete="username"', 'autocomplete="current-password"', "csrfmiddlewaretoken"):
        assert part in text


@pytest.mark.promise("P153")
def test_the_right_password_opens_the_desk(glow):
    client, desk = glow.client(), glow.cast.desk
    answer = post(client, desk, glow.cast.password)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get(PROFILE).status_code == 200
    assert verbs(glow)[-1] == "sign_in.succeeded"


def test_it_goes_where_the_person_wanted_to_go(glow):
    answer = post(glow.client(), glow.cast.desk, glow.cast.password, next="/desk/patients/?q=pe")
    assert answer["Location"] == "/desk/patients/?q=pe"


def test_the_address_may_be_typed_as_people_type_it(glow):
    answer = glow.client().post(SIGN_IN, {"email": "  FRAN@Glow.Example ", "password": glow.cast.password})
    assert answer.status_code == 302


def test_a_wrong_password_is_shown_on_the_page_with_what_was_typed(glow):
    client, desk = glow.client(), glow.cast.desk
    answer = post(client, desk, "not it at all", next="/desk/patients/")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "do not go together" in text
    assert f'value="{desk.email}"' in text
    assert 'value="/desk/patients/"' in text
    assert "not it at all" not in text
    assert client.get(PROFILE).status_code == 302
    assert verbs(glow)[-1] == "sign_in.failed"


def plain(answer):
    """The page without what differs by nature."""
    lines = answer.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and 'name="email"' not in line]


@pytest.mark.parametrize("who", ["unknown", "ended", "no_password", "wrong"])
def test_no_refusal_tells_why(glow, who):
    user = fresh(glow)
    with enter(glow.clinic):
        if who == "ended":
            actions.end_access(user, by=BY, at=now())
        if who == "no_password":
            user.set_unusable_password()
            user.save()
    email = "nobody@glow.example" if who == "unknown" else user.email
    password = "wrong" if who == "wrong" else glow.cast.password
    answer = glow.client().post(SIGN_IN, {"email": email, "password": password})
    known = post(glow.client(), glow.cast.owner, "wrong too")
    assert answer.status_code == known.status_code == 422
    assert plain(answer) == plain(known)


@pytest.mark.parametrize("email", ["", "no address", "a@b", "\0@x.example", "x" * 300 + "@x.example"])
def test_nonsense_gets_a_reason(glow, email):
    answer = glow.client().post(SIGN_IN, {"email": email, "password": "x"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_only_forms_of_our_own_pages_are_read(glow):
    client = Client(HTTP_HOST=glow.host, enforce_csrf_checks=True)
    assert post(client, glow.cast.desk, glow.cast.password).status_code == 403


def test_other_methods_are_refused(glow):
    assert glow.client().put(SIGN_IN).status_code == 405
    assert glow.client().get("/desk/sign-out/").status_code == 405


@pytest.mark.promise("P159")
def test_a_session_means_nothing_next_door(glow, rival):
    """Neither the cookie of glow nor its password opens rival; and glow's session survives the visit."""
    client = glow.client(glow.cast.owner)
    key = client.cookies["session"].value
    stranger = rival.client()
    stranger.cookies["session"] = key
    assert stranger.get(PROFILE).status_code == 302
    assert stranger.get("/api/v1/me/").status_code == 401
    assert post(rival.client(), glow.cast.owner, glow.cast.password).status_code == 422
    assert client.get(PROFILE).status_code == 200


def test_signing_in_changes_the_session_key(glow):
    client = glow.client()
    client.get(SIGN_IN)
    with enter(glow.clinic):
        planted = SessionStore()
        planted["planted"] = True
        planted.save()
    client.cookies["session"] = planted.session_key
    post(client, glow.cast.desk, glow.cast.password)
    assert client.cookies["session"].value != planted.session_key


def test_another_person_on_the_same_browser(glow):
    client = glow.client(glow.cast.owner)
    post(client, glow.cast.desk, glow.cast.password)
    assert glow.cast.desk.email in client.get(PROFILE).content.decode()


def test_sign_out(glow):
    client = glow.client(glow.cast.desk)
    key = client.cookies["session"].value
    answer = client.post("/desk/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert '"cache"' in answer["Clear-Site-Data"]
    assert '"storage"' in answer["Clear-Site-Data"]
    with enter(glow.clinic):
        assert not Session.objects.filter(session_key=key).exists()
    again = glow.client()
    again.cookies["session"] = key
    assert again.get(PROFILE).status_code == 302
    assert "sign_out" in verbs(glow)


def test_signing_out_twice_is_no_fault(glow):
    assert glow.client().post("/desk/sign-out/").status_code == 302


def test_whoever_is_signed_in_is_sent_on(glow):
    assert glow.client(glow.cast.desk).get(SIGN_IN)["Location"] == "/desk/"


def test_a_browser_not_seen_before_is_worth_a_mail(glow, notices):
    desk = glow.cast.desk
    with enter(glow.clinic):
        User.objects.filter(pk=desk.pk).update(last_login=None)
    first = glow.client()
    post(first, desk, glow.cast.password)
    assert notices.events() == []  # the very first sign-in of all tells nothing
    first.post("/desk/sign-out/")
    post(first, desk, glow.cast.password)
    assert notices.events() == []
    post(glow.client(), desk, glow.cast.password)
    assert notices.events(desk.email) == [signals.NEW_DEVICE]


def test_the_device_cookie_names_nobody(glow, rival):
    client, desk = glow.client(), glow.cast.desk
    post(client, desk, glow.cast.password)
    cookie = client.cookies[devices.COOKIE]
    assert cookie["httponly"]
    assert str(desk.pk) not in cookie.value
    client.cookies[devices.COOKIE] = "forged" + cookie.value
    assert client.get(SIGN_IN).status_code == 302


def test_a_lock_is_told_to_the_person_and_the_owners_once(glow, notices):
    desk, owner = glow.cast.desk, glow.cast.owner
    for _ in range(12):
        post(glow.client(), desk, "wrong")
    assert notices.events(desk.email) == [signals.LOCKED]
    assert notices.events(owner.email) == [signals.LOCKED]
    assert verbs(glow).count("sign_in.failed") == 10
    assert verbs(glow).count("sign_in.locked") == 1


def test_access_that_ended_ends_at_the_next_request(glow):
    client, desk = glow.client(glow.cast.desk), fresh(glow)
    assert client.get(PROFILE).status_code == 200
    with enter(glow.clinic):
        actions.end_access(desk, by=BY, at=now())
    assert client.get(PROFILE).status_code == 302
    assert client.get("/api/v1/me/").status_code == 401


def test_access_that_ends_on_a_day_ends_on_that_day(glow):
    client, desk = glow.client(glow.cast.desk), fresh(glow)
    with enter(glow.clinic):
        User.objects.filter(pk=desk.pk).update(access_ends_at=now())
    assert client.get(PROFILE).status_code == 302


def test_the_session_carries_its_stamps(glow):
    client = glow.client()
    post(client, glow.cast.desk, glow.cast.password)
    with session_of(glow, client) as session:
        assert sessions.STARTED in session
        assert sessions.VERIFIED not in session


@pytest.mark.promise("P147")
@pytest.mark.promise("P148")
def test_passwords_are_hashed_and_in_no_log(glow, caplog):
    caplog.set_level(logging.DEBUG)
    typed = "zebra-wagon-lamp-cloud"
    for password in (typed, glow.cast.password):
        post(glow.client(), glow.cast.desk, password)
    with enter(glow.clinic):
        stored = User.objects.get(pk=glow.cast.desk.pk).password
    assert stored.startswith("argon2$argon2id$")
    said = " ".join(record.getMessage() for record in caplog.records)
    assert typed not in said
    assert glow.cast.password not in said


def test_the_demo_says_who_can_sign_in(glow, rival):
    for house in (glow, rival):
        text = house.client().get(SIGN_IN).content.decode()
        assert "Who can sign in" in text
        assert house.cast.owner.email in text
        assert ("totp_secret" in text) is (house is rival)


def test_production_and_real_clinics_do_not(glow, settings):
    settings.PRODUCTION = True
    assert "Who can sign in" not in glow.client().get(SIGN_IN).content.decode()
