"""Patients book, move and cancel, on both clinics: by pointer, by keyboard, without script, across a change of clocks."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from scheduling.models import Appointment, Hold, HoldState, Status
from tenants.context import enter
from tests.browser.booking import (
    CHANGE,
    TYPED,
    book,
    clock,
    enter_on,
    fill_in,
    hold,
    send,
    tab_to,
    to_day,
    to_times,
    type_into,
)
from tests.browser.conftest import DESK, PHONE
from tests.browser.going import follow

__all__ = ["clock"]
pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
MONDAY = date(2027, 3, 1)
ZONES = {"glow": "America/Chicago", "rival": "America/Los_Angeles"}


@pytest.mark.parametrize("which", ["glow", "rival"])
def test_any_provider_across_the_change_of_clocks(which, new_clinic, arrive, clock, tmp_path):
    """From a phone in Madrid. The wall says eleven, before and after; UTC and the calendar entry follow."""
    house = new_clinic(which)
    visitor, zone = arrive(house, zone="Europe/Madrid"), ZONES[which]
    for day in (CHANGE - timedelta(days=1), CHANGE, CHANGE + timedelta(days=1)):
        link = book(visitor, day, "11:00 am")
        starts = datetime(day.year, day.month, day.day, 11, tzinfo=ZoneInfo(zone))
        with enter(house.clinic):
            booked = Appointment.objects.whole().latest("created_at")
            assert booked.starts_at == starts.astimezone(UTC)
            assert (booked.person.first_name, booked.person.timezone) == ("Elena", "Europe/Madrid")
        ticket = visitor.page.inner_text(".ticket").replace("\N{NO-BREAK SPACE}", " ")
        assert "11:00 – 11:30 am" in ticket
        assert f"{starts.astimezone(ZoneInfo('Europe/Madrid')):%-I:%M} pm in Madrid" in ticket
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name="Add to calendar").click()
        download.value.save_as(tmp_path / "visit.ics")
        check_entry(tmp_path / "visit.ics", starts, zone, link)
    assert visitor.trouble == []


def check_entry(path: Path, starts: datetime, zone: str, link: str) -> None:
    """The entry names the zone, and carries the zone's own rules: what is before the change and what after."""
    calendar: Any = Calendar.from_ical(path.read_text())
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == zone
    assert event["DTSTART"].dt.replace(tzinfo=None) == starts.replace(tzinfo=None)
    assert event["URL"].endswith(link)
    assert "Botox" not in path.read_text()
    (rules,) = calendar.walk("VTIMEZONE")
    assert rules["TZID"] == zone
    onset = next(
        part
        for part in rules.subcomponents
        if part.name == "DAYLIGHT" and part["DTSTART"].dt.date() == CHANGE
    )
    assert onset["DTSTART"].dt.hour == 2
    hours = (onset["TZOFFSETFROM"].td, onset["TZOFFSETTO"].td)
    assert hours[1] - hours[0] == timedelta(hours=1)
    assert hours[1] == datetime(2027, 3, 15, 12, tzinfo=ZoneInfo(zone)).utcoffset()


def test_the_difference_of_the_chosen_day_is_told(new_clinic, arrive, clock):
    """Between the American and the European change Madrid is six hours ahead of Austin, not seven."""
    visitor = arrive(new_clinic("glow"), zone="Europe/Madrid")
    to_times(visitor)
    assert "Madrid, 7 hours ahead" in visitor.page.inner_text(".p-title")
    to_day(visitor, date(2027, 3, 16))
    assert "Madrid, 6 hours ahead" in visitor.page.inner_text(".p-title")
    here = arrive(new_clinic("rival"), zone="America/Los_Angeles")
    to_times(here)
    assert "You seem to be" not in here.page.inner_text(".p-title")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_with_tab_and_enter_alone(size, new_clinic, arrive, clock):
    house = new_clinic("glow")
    visitor = arrive(house, size=size)
    visitor.go("/")
    enter_on(visitor, "Botox")
    enter_on(visitor, "Ines Ibarra")
    enter_on(visitor, "Mon 1 March")
    enter_on(visitor, "10:00 am")
    type_into(visitor, "First name", TYPED["first_name"])
    enter_on_invalid(visitor)
    for label, name in (
        ("Last name", "last_name"),
        ("Mobile", "phone"),
        ("Email", "email"),
        ("Date of birth", "date_of_birth"),
    ):
        type_into(visitor, label, TYPED[name])
    enter_on(visitor, "Book visit")
    assert "You’re booked, Elena." in visitor.page.inner_text("h1")
    enter_on(visitor, "Change the time")
    enter_on(visitor, "Tue 2 March")
    enter_on(visitor, "11:00 am")
    enter_on(visitor, "Cancel the visit")
    enter_on(visitor, "Cancel the visit")
    with enter(house.clinic):
        assert Appointment.objects.get().status == Status.CANCELLED


def enter_on_invalid(visitor) -> None:
    """Enter in a field sends the form; the summary of what is missing takes focus, and leads to the fields."""
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("[role=alert]")
    assert visitor.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    tab_to(visitor, "Last name: Enter your last name.")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.name") == "last_name"
    visitor.page.keyboard.press("Shift+Tab")
    assert visitor.page.evaluate("document.activeElement.name") == "first_name"


@pytest.mark.parametrize("which", ["glow", "rival"])
def test_without_script(which, new_clinic, arrive, clock):
    house = new_clinic(which)
    visitor = arrive(house, script=False)
    link = book(visitor, MONDAY, "11:00 am")
    assert "You’re booked, Elena." in visitor.page.inner_text("h1")
    visitor.page.get_by_role("link", name="Change the time").click()
    to_day(visitor, date(2027, 3, 3))
    follow(visitor.page.get_by_role("button", name="2:30 pm", exact=True))
    assert "Your visit has moved, Elena." in visitor.page.inner_text("h1")
    visitor.go(f"{link}cancel/")
    visitor.page.fill("[name=reason]", "A cold")
    follow(visitor.page.get_by_role("button", name="Cancel the visit"))
    assert "This visit is cancelled." in visitor.page.inner_text("h1")


def test_without_script_the_hold_says_until_when_and_is_held_longer(new_clinic, arrive, clock):
    house = new_clinic("glow")
    visitor = arrive(house, script=False)
    to_times(visitor)
    to_day(visitor, MONDAY)
    hold(visitor)
    assert "until" in visitor.page.inner_text(".hold")
    visitor.page.fill("[name=first_name]", "Elena")
    follow(visitor.page.get_by_role("button", name="Hold 5 more minutes"))
    assert visitor.page.input_value("[name=first_name]") == "Elena"
    assert visitor.page.get_by_role("button", name="Hold 5 more minutes").count() == 0
    fill_in(visitor)
    send(visitor)
    assert "You’re booked, Elena." in visitor.page.inner_text("h1")


@pytest.mark.promise("P40")
@pytest.mark.parametrize("which", ["glow", "rival"])
def test_moved_by_the_link_which_still_leads_there_and_cancelled(which, new_clinic, arrive, clock):
    house = new_clinic(which)
    visitor = arrive(house)
    link = book(visitor, MONDAY, "11:00 am")
    visitor.page.get_by_role("link", name="Change the time").click()
    to_day(visitor, date(2027, 3, 2))
    visitor.page.get_by_role("button", name="3:00 pm", exact=True).click()
    visitor.page.wait_for_url("**?done=moved")
    other = arrive(house)  # the old link, opened elsewhere
    other.go(link)
    assert "3:00 – 3:30 pm" in other.page.inner_text(".ticket").replace("\N{NO-BREAK SPACE}", " ")
    assert TYPED["email"] not in other.page.content()
    other.page.get_by_role("link", name="Cancel the visit").click()
    follow(other.page.get_by_role("button", name="Cancel the visit"))
    visitor.go(link)
    assert "This visit is cancelled." in visitor.page.inner_text("h1")
    with enter(house.clinic):
        booked = Appointment.objects.get()
        assert (booked.status, booked.revision) == (Status.CANCELLED, 2)
    assert visitor.trouble == other.trouble == []


def test_the_held_time_counts_down_and_says_when_it_is_over(new_clinic, arrive, clock):
    house = new_clinic("glow")
    visitor = arrive(house)
    visitor.page.clock.install()
    to_times(visitor)
    to_day(visitor, MONDAY)
    hold(visitor)
    assert visitor.page.inner_text(".hold time") in ("5:00", "4:59")
    longer = visitor.page.get_by_role("button", name="Hold 5 more minutes")
    assert not longer.is_visible()
    visitor.page.clock.run_for(245_000)
    assert visitor.page.get_attribute(".hold", "data-state") == "soon"
    assert longer.is_visible()
    assert "One minute left" in visitor.page.inner_text("[role=status].sr")
    visitor.page.clock.run_for(60_000)
    assert visitor.page.get_attribute(".hold", "data-state") == "over"
    assert "The time we held is over." in visitor.page.inner_text(".hold")


def test_back_and_another_time_leaves_one_hold(new_clinic, arrive, clock):
    house = new_clinic("glow")
    visitor = arrive(house)
    to_times(visitor)
    to_day(visitor, MONDAY)
    hold(visitor)
    visitor.page.go_back()
    hold(visitor, "11:15 am")
    with enter(house.clinic):
        assert Hold.objects.filter(state=HoldState.LIVE).count() == 1
    assert "11:15" in visitor.page.inner_text(".hold")


def test_a_double_press_books_once(new_clinic, arrive, clock):
    house = new_clinic("glow")
    visitor = arrive(house)
    to_times(visitor)
    to_day(visitor, MONDAY)
    hold(visitor)
    fill_in(visitor)
    visitor.page.get_by_role("button", name="Book visit").dblclick()
    visitor.page.wait_for_url("**/book/visit/**")
    with enter(house.clinic):
        assert Appointment.objects.count() == 1


def test_the_first_view_is_light(new_clinic, arrive, clock):
    visitor = arrive(new_clinic("glow"))
    sizes: dict[str, int] = {}
    visitor.page.on("response", lambda got: sizes.update({got.url: len(got.body())}) if got.ok else None)
    visitor.go("/book/")
    visitor.page.wait_for_load_state("networkidle")
    assert all(url.startswith(visitor.address) for url in sizes)
    assert sum(sizes.values()) < 250_000, sizes  # before compression, which the server's files bring along
