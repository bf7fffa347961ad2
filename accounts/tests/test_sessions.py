"""Automatic logoff: fifteen minutes idle, twelve hours in all, and a page that asks by itself keeps nobody in."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from accounts import actions, sessions
from accounts.tests.helpers import fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from tenants.context import enter

PROFILE, ME = "/desk/profile/", "/api/v1/me/"


@pytest.fixture
def at():
    with time_machine.travel("2026-03-03T15:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def client(at, glow):
    return glow.client(glow.cast.desk)


def test_fifteen_minutes_idle(client, at, glow):
    at.shift(timedelta(minutes=14, seconds=59))
    assert client.get(PROFILE).status_code == 200
    at.shift(timedelta(minutes=15))
    answer = client.get(PROFILE)
    assert answer.status_code == 302
    assert "ended=1" in answer["Location"]
    assert "signed out because" in client.get(answer["Location"]).content.decode()
    assert "session.ended" in verbs(glow)


def test_an_ended_session_is_gone_and_does_not_come_back(client, at, glow):
    key = client.cookies["session"].value
    at.shift(timedelta(minutes=16))
    client.get(PROFILE)
    with enter(glow.clinic):
        assert not Session.objects.filter(session_key=key).exists()
    at.shift(timedelta(minutes=-16))
    client.cookies["session"] = key
    assert client.get(PROFILE).status_code == 302


def test_working_keeps_one_in_until_twelve_hours_are_over(client, at):
    for _ in range(71):
        at.shift(timedelta(minutes=10))
        assert client.get(PROFILE).status_code == 200
    at.shift(timedelta(minutes=10))
    assert client.get(PROFILE).status_code == 302


def test_a_page_that_asks_by_itself_keeps_nobody_in(client, at):
    for _ in range(14):
        at.shift(timedelta(minutes=1))
        assert client.get(PROFILE, HTTP_X_POLL="1", HTTP_HX_REQUEST="true").status_code == 200
    at.shift(timedelta(minutes=1))
    answer = client.get(PROFILE, HTTP_X_POLL="1", HTTP_HX_REQUEST="true")
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/desk/sign-in/")


def test_the_stamp_is_written_once_a_minute(client, at, glow):
    began = now().timestamp()
    for seconds, stamp in ((59, began), (1, began + 60), (59, began + 60)):
        at.shift(timedelta(seconds=seconds))
        client.get(PROFILE)
        with session_of(glow, client) as session:
            assert session[sessions.SEEN] == stamp


def test_the_api_keeps_the_same_hours(client, at):
    assert client.get(ME).status_code == 200
    at.shift(timedelta(minutes=15))
    assert client.get(ME).status_code == 401
    assert client.get(PROFILE).status_code == 302


def test_a_new_password_ends_every_session(client, glow):
    with enter(glow.clinic):
        actions.set_password(fresh(glow), "quiet-lamp-under-water", by=job("tests"), at=now())
    assert client.get(PROFILE).status_code == 302


def test_ending_sessions_ends_them_all(client, glow):
    with enter(glow.clinic):
        actions.end_sessions(fresh(glow), by=job("tests"), at=now())
    assert client.get(PROFILE).status_code == 302


def test_old_sessions_are_swept(client, glow, at):
    from accounts.tasks import reconcile

    with enter(glow.clinic):
        reconcile.run()
        assert Session.objects.count() == 1
        at.shift(timedelta(hours=13))
        reconcile.run()
        assert Session.objects.count() == 0
