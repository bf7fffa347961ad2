"""A clinic of several locations: the visitor chooses one, and the choice goes along to the visit."""

import re
from datetime import time

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from messaging.models import Message
from practice import actions as practice
from practice.actions.hours import Week
from practice.models import Location, Service
from scheduling import slots
from scheduling.models import Appointment
from scheduling.slots import Slot
from scheduling.tests.browsing import AT, TYPED, Browser, found, hidden, plain, time_path
from scheduling.tests.visits import MONDAY, wall
from tenants.context import enter
from tests.cast import BY

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.own_clinic]
WEEK = [Week(weekday, time(9), time(18)) for weekday in range(7)]
NOWHERE = "01900000-0000-7000-8000-000000000000"


def open_brooklyn(cast) -> Location:
    """A second location, an hour ahead, where Sven gives Botox; he leaves the first."""
    place = practice.create_location(
        by=BY,
        name="Brooklyn",
        address_1="85 Bedford Avenue",
        city="New York",
        state="NY",
        postal_code="11211",
        timezone="America/New_York",
    )
    practice.set_opening_hours(place, WEEK, by=BY)
    practice.create_room(by=BY, name="Room B", kind="treatment", location=place)
    practice.set_working_hours(cast.providers["sven"], cast.location, [], by=BY)
    practice.set_working_hours(cast.providers["sven"], place, WEEK, by=BY)
    return place


@pytest.fixture
def house(new_clinic):
    return new_clinic("glow")


@pytest.fixture
def brooklyn(house):
    with enter(house.clinic):
        return open_brooklyn(house.cast)


@pytest.fixture
def browser(house, brooklyn):
    return Browser(house)


def provider_path(house, service="botox", location=None):
    query = f"?location={location}" if location else ""
    return f"/book/{house.cast.services[service].uid}/{query}"


def test_the_first_location_is_taken_and_the_other_is_a_link(browser, house, brooklyn):
    page = browser.get(provider_path(house))
    assert 'aria-current="true">South Congress</a>' in page
    assert f'href="{provider_path(house, location=brooklyn.uid)}">Brooklyn</a>' in page
    read = plain(page)
    assert "Ines Ibarra" in read
    assert "Sven Sandberg" not in read
    assert "South Congress 1412 South Congress Avenue" in read


def test_the_location_chosen_goes_along_to_the_visit(browser, house, brooklyn):
    page = browser.get(provider_path(house, location=brooklyn.uid))
    assert "Sven Sandberg" in plain(page)
    assert "Ines Ibarra" not in plain(page)
    assert "Brooklyn 85 Bedford Avenue, New York, NY 11211" in plain(page)
    sven = house.cast.providers["sven"]
    times = time_path(house.cast, provider=sven.uid, location=brooklyn.uid)
    assert f'href="{times}"' in page
    page = browser.get(f"{times}&day={MONDAY}")
    assert "New York time." in plain(page)
    assert "9:00 am" in page
    assert f"location={brooklyn.uid}" in found(r'id="times" method="post" action="([^"]*)"', page)
    token = found(r'name="slot" value="([^"]+)"', page)
    browser.post(f"{times}&day={MONDAY}", {"slot": token})
    path = browser.path
    page = browser.get(path)
    assert "Brooklyn 85 Bedford Avenue" in plain(page)
    assert f"location={brooklyn.uid}" in found(r'<p><a href="([^"]*)">Change', page)
    browser.post(path, {**TYPED, **hidden(page)})
    link = browser.path.partition("?")[0]
    assert "85 Bedford Avenue" in plain(browser.get(link))
    with enter(house.clinic):
        visit = Appointment.objects.get()
        assert visit.location_id == brooklyn.pk
        assert f"{visit.starts_local:%H:%M %Z}" == "09:00 EST"
    page = browser.get(f"{link}move/")
    assert "New York time" in plain(page)
    assert 'aria-label="Location"' not in page


def test_a_provider_who_is_not_there_is_not_asked_for_at_the_other_location(browser, house, brooklyn):
    page = browser.get(time_path(house.cast, provider=house.cast.providers["ines"].uid))
    there = time_path(house.cast, location=brooklyn.uid)
    assert f'href="{there}">Brooklyn</a>' in page
    browser.get(there)


def test_one_provider_there_is_no_reason_to_skip_the_choice_of_location(browser, house, brooklyn):
    page = browser.get(provider_path(house, location=brooklyn.uid))
    assert 'aria-current="true">Brooklyn</a>' in page


def test_a_time_lost_at_a_location_is_told_in_its_time(browser, house, brooklyn):
    cast = house.cast
    with enter(house.clinic):
        ten = wall(cast, time(9), MONDAY)  # ten in New York
        slot = Slot(cast.services["botox"].pk, cast.providers["sven"].pk, brooklyn.pk, ten)
        token = slots.issue(slot, at=AT)
    path = time_path(cast, location=brooklyn.uid, day=MONDAY)
    faster = Browser(house)
    for each in (faster, browser):
        each.get("/book/")
    faster.post(path, {"slot": token})
    page = browser.post(path, {"slot": token}, 409)
    assert "10:00 am was just taken." in plain(page)
    assert "New York time." in plain(page)


def test_letting_the_time_go_leads_back_to_the_same_location(browser, house, brooklyn):
    times = time_path(house.cast, location=brooklyn.uid, day=MONDAY)
    token = found(r'name="slot" value="([^"]+)"', browser.get(times))
    browser.post(times, {"slot": token})
    browser.post(f"{browser.path.partition('?')[0]}release/")
    assert f"location={brooklyn.uid}" in browser.path


@pytest.mark.promise("P158")
def test_a_location_that_is_not_the_clinics_or_not_open_is_unknown(browser, house, rival, brooklyn):
    with enter(house.clinic):
        closed = practice.create_location(by=BY, name="Old", timezone="America/Chicago")
        practice.archive_location(closed, by=BY, at=AT)
    pages = set()
    for uid in (closed.uid, rival.cast.location.uid, NOWHERE):
        paths = (
            f"/book/?location={uid}",
            provider_path(house, location=uid),
            time_path(house.cast, location=uid),
        )
        pages |= {browser.get(path, 404) for path in paths}
    assert len(pages) == 1


def test_nonsense_for_a_location_asks_for_none(browser, house):
    assert 'aria-current="true">South Congress</a>' in browser.get(time_path(house.cast, location="here"))


def test_the_list_of_treatments_names_the_places_and_keeps_the_choice(browser, house, brooklyn):
    page = browser.get(f"/book/?location={brooklyn.uid}")
    read = plain(page)
    assert "South Congress 1412 South Congress Avenue" in read
    assert "Brooklyn 85 Bedford Avenue" in read
    assert f'href="{provider_path(house, location=brooklyn.uid)}"' in page
    assert 'aria-current="true">Brooklyn</a>' in page
    assert "Every day, 9 am – 6 pm" in read  # the hours of each stand with its address
    assert 'aria-current="true">South Congress</a>' in browser.get("/book/")


def head(page) -> str:
    return plain(found(r'(?s)<header class="p-head">(.*?)</header>', page))


def test_the_head_names_the_location_that_the_page_is_about(browser, house, brooklyn):
    sven = house.cast.providers["sven"]
    there = time_path(house.cast, provider=sven.uid, location=brooklyn.uid)
    assert "Avenue" not in head(browser.get("/book/"))  # which of the two is not said yet
    for path in (f"/book/?location={brooklyn.uid}", provider_path(house, location=brooklyn.uid), there):
        assert "Brooklyn · 85 Bedford Avenue" in head(browser.get(path)), path
    for path in (provider_path(house), time_path(house.cast), browser.hold()):
        assert "South Congress · 1412 South Congress Avenue" in head(browser.get(path)), path


def booked_in_brooklyn(browser, house, brooklyn) -> str:
    """The living link of a visit with Sven at nine in New York."""
    times = time_path(
        house.cast, provider=house.cast.providers["sven"].uid, location=brooklyn.uid, day=MONDAY
    )
    browser.post(times, {"slot": found(r'name="slot" value="([^"]+)"', browser.get(times))})
    path = browser.path
    page = browser.get(path)
    typed = {**TYPED, **hidden(page), "service_sms": "on"}
    browser.post(path, typed)
    return browser.path.partition("?")[0]


def test_mail_text_and_calendar_name_the_location(browser, house, brooklyn):
    link = booked_in_brooklyn(browser, house, brooklyn)
    page = browser.get(link)
    assert "Brooklyn · 85 Bedford Avenue" in head(page)
    assert "Where Brooklyn 85 Bedford Avenue" in plain(page)
    with enter(house.clinic):
        mail, text = (Message.objects.get(kind="visit_booked", channel=way) for way in ("email", "sms"))
        assert "Where: Brooklyn, 85 Bedford Avenue, New York, NY 11211" in mail.body
        assert "9 am EST" in mail.body
        assert "Glow Aesthetics, Brooklyn: your visit is booked" in text.body
        assert "EST" in text.body
        where = Calendar.from_ical(browser.client.get(f"{link}visit.ics").content).walk("VEVENT")[0][
            "location"
        ]
        assert "Brooklyn, 85 Bedford Avenue" in where


def test_book_again_leads_to_the_same_treatment_place_and_provider(browser, house, brooklyn):
    link = booked_in_brooklyn(browser, house, brooklyn)
    browser.post(f"{link}cancel/", {"reason": ""})
    again = found(r'href="([^"]+)">Book again', browser.get(link)).replace("&amp;", "&")
    sven = house.cast.providers["sven"]
    assert again == time_path(house.cast, provider=sven.uid, location=brooklyn.uid, again=1)
    page = plain(browser.get(again))
    assert "With Sven Sandberg" in page
    assert "New York time." in page
    with enter(house.clinic):
        practice.set_working_hours(sven, brooklyn, [], by=BY)
        practice.set_working_hours(house.cast.providers["ines"], brooklyn, WEEK, by=BY)
    browser.get(again, 302)
    assert browser.path == provider_path(house, location=brooklyn.uid)
    with enter(house.clinic):
        Service.objects.filter(name="Botox").update(online=False)
    assert f'href="/book/?location={brooklyn.uid}">Book again' in browser.get(link)


def test_a_treatment_given_at_one_location_only_leaves_no_choice(browser, house):
    """The laser and its room are at the first."""
    page = browser.get(time_path(house.cast, "laser"))
    assert "Brooklyn" not in page


def test_a_clinic_of_one_location_is_never_asked(house):
    browser = Browser(house)
    for path in (
        "/book/",
        f"/book/{house.cast.services['botox'].uid}/",
        time_path(house.cast),
        browser.hold(),
    ):
        page = browser.get(path)
        assert "location=" not in page
        assert not re.search(r'<nav class="jump" aria-label="Location"', page)


def test_pages_of_several_locations_stay_within_six_queries(browser, house, brooklyn):
    cast = house.cast
    times = time_path(cast, location=brooklyn.uid, day=MONDAY)
    token = found(r'name="slot" value="([^"]+)"', browser.get(times))
    browser.post(times, {"slot": token})
    paths = ["/book/", provider_path(house), provider_path(house, location=brooklyn.uid)]
    counts = {}
    for path in [*paths, time_path(cast), times, browser.path]:
        browser.get(path)
        with (
            CaptureQueriesContext(connections["default"]) as main,
            CaptureQueriesContext(connections["vault"]) as vault,
        ):
            browser.get(path)
        counts[path] = len(main) + len(vault)
    assert max(counts.values()) <= 6, counts
