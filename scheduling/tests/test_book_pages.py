"""Choosing a treatment, a provider and a time: each page and each of its states."""

import re
from datetime import date, time

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from practice import actions as practice
from practice.models import Provider, Service
from scheduling import actions
from scheduling.tests.browsing import AT, Browser, forget_bits, plain, time_path, whole_day
from scheduling.tests.visits import MONDAY
from tenants.context import enter

pytestmark = pytest.mark.usefixtures("clock")


def test_the_clinics_address_leads_to_booking(browser):
    browser.get("/", 302)
    assert browser.path == "/book/"


def test_treatments_stand_under_their_categories_with_time_and_price(browser, glow):
    page = browser.get("/book/")
    read = plain(page)
    assert read.index("Face") < read.index("Botox") < read.index("Body") < read.index("Laser hair removal")
    assert "Consultation 30 min Free" in read
    assert "Botox 30 min $360" in read
    assert "Laser hair removal 45 min $180 $50 deposit" in read
    assert "Check after treatment" not in read  # not offered online
    assert f'href="/book/{glow.cast.services["botox"].uid}/"' in page


def test_good_to_know_says_when_where_and_whom_to_call(browser):
    read = plain(browser.get("/book/"))
    assert "Open Every day, 9 am – 6 pm" in read
    assert "(512) 555-0142" in read
    assert "1412 South Congress Avenue" in read
    assert "Free until 24 hours before" in read


def test_opening_hours_are_told_in_as_few_lines_as_there_are_kinds_of_days(browser, glow):
    from practice.actions.hours import Week
    from tests.cast import BY

    with enter(glow.clinic):
        week = [Week(day, time(8), time(18)) for day in (1, 2, 3, 4)]
        week += [Week(5, time(9), time(12)), Week(5, time(13, 30), time(16))]
        practice.set_opening_hours(glow.cast.location, week, by=BY)
    read = plain(browser.get("/book/"))
    assert "Tue – Fri, 8 am – 6 pm" in read
    assert "Sat, 9 am – 12 pm, 1:30 pm – 4 pm" in read


def test_a_clinic_that_offers_nothing_says_whom_to_call(browser, glow):
    with enter(glow.clinic):
        Service.objects.update(online=False)
    read = plain(browser.get("/book/"))
    assert "Nothing can be booked online yet" in read
    assert "Please call (512) 555-0142" in read


@pytest.mark.promise("P169")
@pytest.mark.promise("P170")
def test_the_browser_is_remembered_by_one_cookie_and_nothing_else(browser):
    browser.get("/book/")
    assert set(browser.client.cookies) == {"booking"}
    assert browser.client.cookies["booking"]["httponly"]


def test_pages_speak_spanish_dates_and_prices_where_asked(glow):
    browser = Browser(glow, HTTP_ACCEPT_LANGUAGE="es")
    page = browser.get(time_path(glow.cast, day=MONDAY))
    assert 'lang="es"' in page
    assert "14:00" in page


# --- Provider ------------------------------------------------------------------------------------------------


def test_first_available_comes_first_then_each_provider_with_the_next_free_day(browser, glow):
    page = browser.get(f"/book/{glow.cast.services['botox'].uid}/")
    read = plain(page)
    assert "First available Today, 12:00 pm" in read
    assert "Ines Ibarra, NP Next free Fri 26 Feb · speaks English, Spanish" in read
    assert f"provider={glow.cast.providers['sven'].uid}" in page


def test_only_who_gives_the_treatment_can_be_chosen(browser, glow):
    read = plain(browser.get(f"/book/{glow.cast.services['laser'].uid}/"))
    assert "Ines Ibarra" in read
    assert "Nora Novak" not in read


def test_one_provider_is_not_a_choice(browser, glow):
    with enter(glow.clinic):
        Provider.objects.exclude(pk=glow.cast.providers["sven"].pk).update(bookable_online=False)
    browser.get(f"/book/{glow.cast.services['laser'].uid}/", 302)
    assert browser.path == time_path(glow.cast, "laser", provider=glow.cast.providers["sven"].uid)


def test_nobody_to_choose_is_said_with_a_way_on(browser, glow):
    from practice.models import WorkingHours

    with enter(glow.clinic):
        WorkingHours.objects.all().delete()
    read = plain(browser.get(f"/book/{glow.cast.services['botox'].uid}/"))
    assert "Nobody can be booked for this online just now" in read


@pytest.mark.promise("P158")
def test_ids_that_are_not_offered_here_all_look_the_same(browser, glow, rival):
    ids = [
        glow.cast.services["check"].uid,  # not online
        rival.cast.services["botox"].uid,  # next door's
        glow.cast.providers["ines"].uid,  # no service
        "01900000-0000-7000-8000-000000000000",
    ]
    pages = {browser.get(f"/book/{uid}/{rest}", 404) for uid in ids for rest in ("", "time/")}
    assert len(pages) == 1


# --- Time ----------------------------------------------------------------------------------------------------


def test_the_first_day_with_a_free_time_is_open(browser, glow):
    page = browser.get(time_path(glow.cast))
    assert plain(page).count("Austin time.") == 1
    assert re.search(r'aria-current="date".*?<b>26</b>', page, re.DOTALL)
    assert "12:00 pm" in page  # two hours' notice at 10:00


def test_starts_stand_under_morning_afternoon_and_evening(browser, glow):
    read = plain(browser.get(time_path(glow.cast, day=MONDAY)))
    assert read.index("Morning") < read.index("9:00 am") < read.index("Afternoon") < read.index("12:00 pm")
    assert read.index("Evening") < read.index("5:15 pm")


def test_each_start_is_a_button_that_needs_no_script(browser, glow):
    page = browser.get(time_path(glow.cast, day=MONDAY))
    assert page.count('<button class="slot" name="slot"') == len(re.findall(r'class="slot"', page)) > 20
    assert 'method="post"' in page


def test_closed_and_full_days_are_told_apart(browser, glow):
    from practice.actions.hours import Week
    from tests.cast import BY

    with enter(glow.clinic):
        week = [Week(day, time(9), time(18)) for day in range(5)]
        practice.set_opening_hours(glow.cast.location, week, by=BY)
        for name in ("ines", "sven", "nora"):
            actions.take_time_off(
                glow.cast.providers[name],
                span=whole_day(glow.cast, MONDAY),
                reason="",
                by=BY,
                at=AT,
            )
    read = plain(browser.get(time_path(glow.cast)))
    assert "Sun 28 February Closed" in read
    assert "Mon 1 March Full" in read


def test_a_day_without_a_free_time_leads_to_the_next_that_has_one(browser, glow):
    from tests.cast import BY

    with enter(glow.clinic):
        ines = glow.cast.providers["ines"]
        actions.take_time_off(ines, span=whole_day(glow.cast, MONDAY), reason="", by=BY, at=AT)
    page = browser.get(time_path(glow.cast, provider=ines.uid, day=MONDAY))
    read = plain(page)
    assert "Nothing free on Monday 1 March" in read
    assert "The next free times are on Tuesday 2 March" in read
    assert time_path(glow.cast, provider=ines.uid, day="2027-03-02") in page
    assert "Anyone who is free" in read


def test_no_free_time_at_all_says_so(browser, glow):
    from practice.models import WorkingHours

    with enter(glow.clinic):
        WorkingHours.objects.update(valid_until=date(2027, 1, 1))
        forget_bits()
    read = plain(browser.get(time_path(glow.cast)))
    assert "Nothing free in these two weeks" in read
    assert "are taken. Please call the clinic" in read


def test_later_days_are_a_press_away_and_end_at_the_horizon(browser, glow):
    page = browser.get(time_path(glow.cast))
    assert "since=2027-03-12" in page
    assert "Earlier days" not in page
    page = browser.get(time_path(glow.cast, since="2027-03-12"))
    assert "since=2027-02-26" in page
    page = browser.get(time_path(glow.cast, day="2029-01-01"))
    assert "Later days" not in page
    assert "August 2027" in page


@pytest.mark.parametrize(
    "query", [{"day": "soon"}, {"day": "2027-02-31"}, {"since": "x"}, {"provider": "me"}]
)
def test_nonsense_in_the_address_asks_for_nothing(browser, glow, query):
    assert "12:00 pm" in browser.get(time_path(glow.cast, **query))


def test_a_provider_who_does_not_give_it_is_not_there(browser, glow, rival):
    browser.get(time_path(glow.cast, "laser", provider=glow.cast.providers["nora"].uid), 404)
    browser.get(time_path(glow.cast, provider=rival.cast.providers["ines"].uid), 404)


def test_the_zone_goes_along_for_visitors_from_elsewhere(browser, glow):
    assert 'data-zone="America/Chicago"' in browser.get(time_path(glow.cast, day=MONDAY))


def test_across_the_change_of_clocks_the_wall_keeps_its_times(browser, glow):
    """On 14 March 2027 the clock of both clinics skips an hour."""
    for day in ("2027-03-13", "2027-03-14", "2027-03-15"):
        page = browser.get(time_path(glow.cast, day=day))
        assert "9:00 am" in page
        assert "5:15 pm" in page
        assert "8:45 am" not in page


# --- What it costs -------------------------------------------------------------------------------------------


def queries(browser, path) -> int:
    with (
        CaptureQueriesContext(connections["default"]) as main,
        CaptureQueriesContext(connections["vault"]) as vault,
    ):
        browser.get(path)
    return len(main) + len(vault)


@pytest.mark.own_clinic
def test_pages_ask_the_database_at_most_six_times(new_clinic):
    house = new_clinic("glow")
    browser, cast = Browser(house), house.cast
    paths = {
        "treatment": "/book/",
        "provider": f"/book/{cast.services['botox'].uid}/",
        "time": time_path(cast),
        "one provider's time": time_path(cast, provider=cast.providers["ines"].uid, day=MONDAY),
        "details": browser.hold(),
    }
    for path in paths.values():
        browser.get(path)  # what is remembered for seconds, and the bits of the days
    counts = {name: queries(browser, path) for name, path in paths.items()}
    assert max(counts.values()) <= 6, counts
