"""The living link of a visit: what it shows, moves and calls off, and for whom."""

from datetime import date, time, timedelta

import pytest

from practice.models import Service
from scheduling.models import Appointment, Status
from scheduling.tests.browsing import AT, Browser, book_wanda, plain, text_of
from scheduling.tests.visits import token, wall
from tenants.context import enter

pytestmark = pytest.mark.usefixtures("clock")


def test_the_confirmation_says_what_when_where_and_with_whom(browser, glow):
    read = plain(browser.get(browser.book()))
    assert "You’re booked, Elena." in read
    assert "We sent the details to elena@example.com." in read
    assert "Mon 1 Mar" in read
    assert "10:00 – 10:30 am Austin time" in read
    assert "With Ines Ibarra, NP" in read
    assert "1412 South Congress Avenue" in read
    assert "Price $360" in read
    assert "You can change or cancel here until Sun 28 Feb, 10:00 am." in read


def test_a_link_passed_on_does_not_tell_the_address(browser, glow):
    path = browser.book()
    other = plain(Browser(glow).get(path))
    assert "You’re booked, Elena." in other
    assert "elena@example.com" not in other


def test_the_page_of_a_link_is_private(browser, glow):
    answer = browser.client.get(browser.book())
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in text_of(answer)


@pytest.mark.promise("P158")
@pytest.mark.parametrize("page", ["", "visit.ics", "move/", "cancel/"])
def test_an_unknown_link_and_the_neighbours_are_the_same_404(browser, glow, rival, page):
    link = browser.book().partition("?")[0]
    unknown = "/book/visit/" + "a" * 43 + "/"
    nonsense = "/book/visit/%F0%9F%A6%A9/"
    pages = {Browser(rival).get(path + page, 404) for path in (link, unknown, nonsense)}
    assert len(pages) == 1
    assert "This link leads to no visit" in pages.pop()


def test_the_calendar_entry_has_the_clinics_zone(browser, glow):
    link = browser.book(day=date(2027, 3, 15)).partition("?")[0]
    answer = browser.client.get(f"{link}visit.ics")
    content = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "METHOD:PUBLISH" in content
    assert "BEGIN:VTIMEZONE" in content
    assert "TZID:America/Chicago" in content
    assert "DTSTART;TZID=America/Chicago:20270315T100000" in content
    assert "Botox" not in content
    assert link in content.replace("\r\n ", "")


def test_moving_keeps_the_link_and_tells_the_new_time(browser, glow):
    link = browser.book().partition("?")[0]
    page = browser.get(f"{link}move/")
    assert "Until you choose, your visit stays on Mon 1 Mar, 10:00 am." in plain(page)
    assert "Ines Ibarra" in page
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(15), now=AT)
    browser.post(f"{link}move/", {"slot": slot})
    assert browser.path == f"{link}?done=moved"
    read = plain(browser.get(browser.path))
    assert "Your visit has moved, Elena." in read
    assert "3:00 – 3:30 pm" in read
    assert "3:00 – 3:30 pm" in plain(browser.get(link))


def test_moving_to_a_time_just_taken_leaves_the_visit(browser, glow):
    link = browser.book().partition("?")[0]
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(15), now=AT)
        book_wanda(glow.cast, at=time(15))
    page = browser.post(f"{link}move/", {"slot": slot}, 409)
    assert "3:00 pm was just taken." in plain(page)
    assert "10:00 – 10:30 am" in plain(browser.get(link))


def test_moving_to_anyone_finds_somebody_else(browser, glow):
    link = browser.book().partition("?")[0]
    assert "With Ines Ibarra, NP. Anyone who is free" in plain(browser.get(f"{link}move/"))
    with enter(glow.clinic):
        slot = token(glow.cast, at=time(15), now=AT)
        book_wanda(glow.cast, at=time(15))
    browser.post(f"{link}move/?with=any", {"slot": slot})
    with enter(glow.clinic):
        moved = Appointment.objects.get(starts_at=wall(glow.cast, time(15)), revision=1)
        assert moved.provider_id != glow.cast.providers["ines"].pk


@pytest.mark.parametrize("slot", ["", "forged"])
def test_moving_nowhere_is_asked_again(browser, glow, slot):
    link = browser.book().partition("?")[0]
    assert "Choose a time." in browser.post(f"{link}move/", {"slot": slot}, 422)


def test_a_treatment_no_longer_online_is_moved_by_phone(browser, glow):
    link = browser.book().partition("?")[0]
    with enter(glow.clinic):
        Service.objects.update(online=False)
    assert "This treatment is not booked online just now." in plain(browser.get(f"{link}move/"))


@pytest.mark.promise("P40")
def test_cancelling_is_asked_once_and_frees_the_time(browser, glow):
    link = browser.book().partition("?")[0]
    assert "Cancel this visit?" in plain(browser.get(f"{link}cancel/"))
    browser.post(f"{link}cancel/", {"reason": "Caught a cold"})
    read = plain(browser.get(browser.path))
    assert "This visit is cancelled." in read
    assert "Book again" in read
    assert "Change the time" not in read
    with enter(glow.clinic):
        visit = Appointment.objects.get()
        assert (visit.status, visit.cancel_reason) == (Status.CANCELLED, "Caught a cold")
    browser.post(f"{link}cancel/")  # once more is no error
    assert "cannot be changed any more" in plain(browser.get(f"{link}move/"))
    assert "METHOD:CANCEL" in browser.get(f"{link}visit.ics")


def test_a_reason_that_cannot_be_kept_is_told(browser, glow):
    link = browser.book().partition("?")[0]
    page = browser.post(f"{link}cancel/", {"reason": "x" * 3_000}, 422)
    assert "Use at most 2000 characters" in plain(page)
    assert "x" * 3_000 in page


def test_too_late_to_change_says_whom_to_call(browser, glow, clock):
    link = browser.book().partition("?")[0]
    clock.at = wall(glow.cast) - timedelta(hours=3)
    read = plain(browser.get(link))
    assert "Less than 24 hours before a visit we change it by phone only. Please call (512) 555-0142" in read
    assert "Change the time" not in read
    for page in ("move/", "cancel/"):
        assert "Please call us to change this" in plain(browser.get(link + page))
        assert "Please call us to change this" in plain(browser.post(link + page, {"slot": "x"}, 409))
    with enter(glow.clinic):
        assert Appointment.objects.get().status == Status.BOOKED


def test_near_the_day_the_clinic_asks_whether_she_comes(browser, glow):
    link = browser.book().partition("?")[0]
    assert "Yes, I’ll be there" in plain(browser.get(link))
    browser.post(f"{link}confirm/")
    assert "we know that you are coming" in plain(browser.get(browser.path))
    with enter(glow.clinic):
        assert Appointment.objects.get().status == Status.CONFIRMED
    assert "Yes, I’ll be there" not in plain(browser.get(link))


@pytest.mark.parametrize(
    ("later", "said"),
    [(timedelta(minutes=10), "Welcome, Elena."), (timedelta(days=1), "This visit is over.")],
)
def test_during_and_after_the_visit_the_link_says_so(browser, glow, clock, later, said):
    link = browser.book().partition("?")[0]
    clock.at = wall(glow.cast) + later
    read = plain(browser.get(link))
    assert said in read
    assert "Change the time" not in read


def test_with_the_vault_away_the_link_still_says_when(browser, glow, vault_away):
    link = browser.book().partition("?")[0]
    with vault_away():
        read = plain(browser.get(link))
    assert "You’re booked." in read
    assert "10:00 – 10:30 am" in read
