"""Holding a time on the booking pages: whose it is, how long, and what is told who comes too late."""

import re
from datetime import time, timedelta

import pytest

from scheduling import limits
from scheduling.models import Hold, HoldState
from scheduling.tests.browsing import AT, TYPED, Browser, book_wanda, hidden, plain, the_hold, time_path
from scheduling.tests.visits import MONDAY, token, wall
from tenants.context import enter

pytestmark = pytest.mark.usefixtures("clock")


def test_a_press_holds_the_time_and_goes_on_to_the_details(browser, glow):
    path = browser.hold()
    with enter(glow.clinic):
        hold = the_hold()
        assert path == f"/book/hold/{hold.uid}/?any=1"
        assert hold.starts_at == wall(glow.cast)
    read = plain(browser.get(path))
    assert "We are holding Mon 1 Mar, 10:00 am for you until 10:05 am" in read
    assert "10:00 – 10:30 am" in read
    assert "with" not in hidden(read)


@pytest.mark.parametrize(
    ("slot", "status", "said"),
    [("", 422, "Choose a time."), ("1.2.3", 422, "Choose a time."), ("x" * 500, 422, "Choose a time.")],
)
def test_no_time_and_a_forged_one_are_asked_again(browser, glow, slot, status, said):
    page = browser.post(time_path(glow.cast, day=MONDAY), {"slot": slot}, status)
    assert said in plain(page)
    assert "9:00 am" in page


def test_a_page_open_for_too_long_is_brought_up_to_date(browser, glow, clock):
    with enter(glow.clinic):
        slot = token(glow.cast, now=AT)
    clock.at = AT + timedelta(minutes=16)
    page = browser.post(time_path(glow.cast, day=MONDAY), {"slot": slot}, 409)
    assert "This page was open for a while." in page
    assert "9:00 am" in page


def test_a_time_of_another_treatment_is_refused(browser, glow):
    with enter(glow.clinic):
        slot = token(glow.cast, "consultation", now=AT)
    browser.post(time_path(glow.cast, "botox", day=MONDAY), {"slot": slot}, 422)


def test_a_time_just_taken_is_struck_out_and_all_else_is_kept(browser, glow):
    ines = glow.cast.providers["ines"].uid
    with enter(glow.clinic):
        slot = token(glow.cast, now=AT)
        book_wanda(glow.cast)
    page = browser.post(time_path(glow.cast, provider=ines, day=MONDAY), {"slot": slot}, 409)
    read = plain(page)
    assert "10:00 am was just taken. Nothing is lost." in read
    assert re.search(r'<button class="slot"[^>]* disabled[^>]*><span>10:00 am', page)
    assert 'role="alert"' in page
    assert "Ines Ibarra" in read


def test_with_anyone_the_next_free_provider_takes_it(browser, glow):
    with enter(glow.clinic):
        slot = token(glow.cast, provider="ines", now=AT)
        book_wanda(glow.cast)
    browser.get("/book/")
    browser.post(time_path(glow.cast, day=MONDAY), {"slot": slot})
    with enter(glow.clinic):
        hold = the_hold()
        assert hold.starts_at == wall(glow.cast)
        assert hold.provider != glow.cast.providers["ines"]


def test_with_anyone_it_is_taken_when_all_are_busy(browser, glow):
    with enter(glow.clinic):
        slot = token(glow.cast, "consultation", provider="ines", now=AT)
        for name in ("ines", "sven", "nora"):
            book_wanda(glow.cast, service="consultation", provider=name)
    page = browser.post(time_path(glow.cast, "consultation", day=MONDAY), {"slot": slot}, 409)
    assert "10:00 am was just taken." in plain(page)


def test_another_time_replaces_the_hold(browser, glow):
    browser.hold()
    browser.hold(time(11))
    with enter(glow.clinic):
        assert list(Hold.objects.live(AT).values_list("starts_at", flat=True)) == [wall(glow.cast, time(11))]


def test_the_same_time_again_is_the_same_hold(browser, glow):
    assert browser.hold() == browser.hold()


def test_a_time_that_overlaps_the_own_hold_replaces_it(browser, glow):
    for name in ("sven", "nora"):
        with enter(glow.clinic):
            book_wanda(glow.cast, provider=name, service="consultation")
    browser.hold(provider="ines")
    browser.hold(time(10, 15), provider="ines", provider_asked=glow.cast.providers["ines"].uid)
    with enter(glow.clinic):
        assert Hold.objects.live(AT).get().starts_at == wall(glow.cast, time(10, 15))


def test_who_comes_back_is_told_what_is_held(browser, glow):
    path = browser.hold()
    page = browser.get(time_path(glow.cast))
    assert "We are holding Mon 1 Mar, 10:00 am for you until 10:05 am" in plain(page)
    assert path.partition("?")[0] in page


def test_a_third_treatment_is_too_many(browser, glow):
    browser.hold(service="botox")
    browser.hold(time(12), service="consultation")
    with enter(glow.clinic):
        slot = token(glow.cast, "facial", at=time(14), now=AT)
    page = browser.post(time_path(glow.cast, "facial", day=MONDAY), {"slot": slot}, 429)
    assert "You are holding two times already" in page
    assert plain(page).count("Go on with it") == 2


def test_too_many_requests_are_told_in_the_clinics_dress(browser, glow, monkeypatch):
    monkeypatch.setitem(limits.MOST_A_WINDOW, "availability", 1)
    browser.get(time_path(glow.cast))
    page = browser.get(time_path(glow.cast), 429)
    assert "Too many requests" in page
    assert "Glow Aesthetics" in page


def test_a_hold_is_seen_by_its_own_browser_only(browser, glow):
    path = browser.hold()
    other = Browser(glow)
    for rest in ("", "again/", "release/"):
        uid_path = path.partition("?")[0] + rest
        assert other.client.post(uid_path).status_code == 404
    with enter(glow.clinic):
        assert the_hold().is_live(AT)


def test_longer_is_given_once_and_keeps_what_was_typed(browser, glow, clock):
    path = browser.hold()
    assert "Hold 5 more minutes" in plain(browser.get(path))
    clock.at = AT + timedelta(minutes=4)
    page = browser.post(path.replace("?", "again/?"), {**TYPED, "service_sms": "on"}, 200)
    assert "until 10:09 am" in plain(page)
    assert 'value="Marsh-Villanueva"' in page
    assert "Hold 5 more minutes" not in page
    with enter(glow.clinic):
        again = the_hold()
    page = browser.post(f"/book/hold/{again.uid}/again/", TYPED, 200)
    with enter(glow.clinic):
        assert the_hold().uid == again.uid
        assert Hold.objects.live(clock.at).count() == 1


def test_a_time_let_go_is_free_again(browser, glow):
    path = browser.hold()
    browser.post(path.replace("?", "release/?"))
    assert browser.path == time_path(glow.cast, day=MONDAY)
    with enter(glow.clinic):
        assert the_hold().state == HoldState.RELEASED


def test_a_hold_that_ran_out_offers_the_same_again(browser, glow, clock):
    path = browser.hold()
    clock.at = AT + timedelta(minutes=6)
    page = browser.get(path, 409)
    read = plain(page)
    assert "The time we held is over" in read
    assert "10:00 – 10:30 am" in read
    assert "Hold it again" in read
    browser.post(path.replace("?", "again/?"))
    assert "until 10:11 am" in plain(browser.get(browser.path))


def test_a_hold_that_ran_out_and_was_taken_leads_to_other_times(browser, glow, clock):
    path = browser.hold()
    clock.at = AT + timedelta(minutes=6)
    with enter(glow.clinic):
        book_wanda(glow.cast, now=clock.at)
    page = browser.post(path.replace("?", "again/?"), status=409)
    assert "10:00 am was just taken." in plain(page)
