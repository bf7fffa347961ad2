"""Asked every ten seconds: an unchanged calendar answers 204, shows nobody and leaves nothing in the trail."""

import re

import pytest

from accounts.actors import actor_for
from audit.models import Event
from core.spans import Span
from desk.tests.days import AT, HTMX, MINUTE, Counted, book, wall
from practice import actions as practice
from scheduling import actions
from tenants.context import enter
from tests.cast import BY

DAY, WEEK = "/desk/day/2026-03-03/", "/desk/week/2026-03-02/"


def look(client, page=DAY, version=""):
    headers = HTMX | {"X-Poll": "1"} | ({"X-Version": version} if version else {})
    response = client.get(page, headers=headers)
    found = re.search(r'data-version="(\w+)"', response.content.decode())
    return response, found.group(1) if found else version


def events(house):
    with enter(house.clinic):
        return Event.objects.count()


@pytest.mark.parametrize("page", [DAY, WEEK])
def test_unchanged_is_204_without_a_trace_and_cheap(page, glow, visit):
    client = glow.client(glow.cast.desk)
    first, version = look(client, page)
    assert first.status_code == 200
    before = events(glow)
    with Counted() as counted:
        again, _ = look(client, page, version)
    assert again.status_code == 204
    assert again.content == b""
    assert events(glow) == before
    assert len(counted.statements) <= 6, "\n".join(counted.statements)


@pytest.mark.parametrize("page", [DAY, WEEK])
def test_whatever_changes_the_day_is_seen_at_the_next_look(page, glow, visit):
    client, by = glow.client(glow.cast.desk), actor_for(glow.cast.desk)

    def close():
        practice.close_location(
            glow.cast.location, wall(glow, AT.time()).date(), wall(glow, AT.time()).date(), by=BY
        )

    def away():
        span = Span(visit.starts_at + 90 * MINUTE, visit.starts_at + 120 * MINUTE)
        return actions.take_time_off(glow.cast.providers["sven"], span=span, by=by, at=AT)

    changes = [
        lambda: actions.confirm(visit, by=by, at=AT),
        lambda: actions.check_in(visit, by=by, at=AT),
        lambda: away(),
        lambda: close(),
    ]
    _, version = look(client, page)
    for change in changes:
        with enter(glow.clinic):
            change()
        response, new = look(client, page, version)
        assert response.status_code == 200
        assert new != version
        assert look(client, page, new)[0].status_code == 204
        version = new


def test_a_new_visit_and_the_minutes_of_who_waits(glow, visit, clock):
    client = glow.client(glow.cast.desk)
    _, version = look(client)
    book(glow, AT.time().replace(hour=16, minute=0), who="quinn")
    response, version = look(client, DAY, version)
    assert b"Quinn" in response.content
    with enter(glow.clinic):
        actions.check_in(visit, by=actor_for(glow.cast.desk), at=AT)
    _, version = look(client, DAY, version)
    assert look(client, DAY, version)[0].status_code == 204
    clock.shift(60)
    assert look(client, DAY, version)[0].status_code == 200


def test_an_empty_day_leaves_nothing_in_the_trail(glow, visit):
    client = glow.client(glow.cast.desk)
    before = events(glow)
    assert client.get("/desk/day/2026-03-05/").status_code == 200
    assert events(glow) == before


def test_signed_out_is_not_unchanged(glow, visit):
    client = glow.client(glow.cast.desk)
    _, version = look(client)
    client.logout()
    assert look(client, DAY, version)[0].status_code == 401
