"""Every page of the booking in every state: axe finds nothing, nothing runs over the edge, long names fit."""

from datetime import date, time, timedelta

import pytest

from practice.models import Provider, Service, ServiceCategory
from scheduling.models import Appointment, Status
from scheduling.tests.visits import book as book_wanda
from tenants.context import enter
from tests.browser.booking import clock, fill_in, hold, send, slot_of, tab_to, to_day, to_times
from tests.browser.conftest import DESK, PHONE
from tests.browser.eyes import Eyes
from tests.browser.going import follow

__all__ = ["clock"]
pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
MONDAY = date(2027, 3, 1)
LONG = "Full face photorejuvenation and redness treatment with cooling, neck and décolleté, second of three"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_in_every_state(size, new_clinic, arrive, clock):
    house = new_clinic("glow" if size is PHONE else "rival")
    visitor = arrive(house, size=size, zone="Europe/Madrid")
    eyes = Eyes(visitor, f"book-{size['width']}", full_page=True)
    choose(house, visitor, eyes, clock)
    link = details(house, visitor, eyes, clock)
    living_link(house, visitor, eyes, clock, link)
    assert eyes.found == []


def choose(house, visitor, eyes, clock) -> None:
    cast = house.cast
    visitor.go("/book/")
    eyes.on("treatments")
    follow(visitor.page.get_by_role("link", name="Laser hair removal"))
    eyes.on("providers")
    to_times(visitor)
    eyes.on("times")
    with enter(house.clinic):
        taken = slot_of(cast, clock, at=time(11))
        for name in cast.providers:
            book_wanda(cast, time(11), provider=name, service="consultation", now=clock())
    to_day(visitor, MONDAY)
    visitor.page.evaluate(
        "(slot) => { const one = document.querySelector('.slot'); one.value = slot; one.click(); }", taken
    )
    visitor.page.wait_for_selector("[role=alert]")
    eyes.on("time taken")
    visitor.go(f"/book/{cast.services['botox'].uid}/time/?day={MONDAY}&provider={cast.providers['ines'].uid}")
    visitor.page.evaluate("document.getElementById('times').submit()")
    visitor.page.wait_for_selector("[role=alert]")
    eyes.on("no time chosen")
    day = (clock() + timedelta(days=0)).date()
    with enter(house.clinic):
        Service.objects.filter(pk=cast.services["facial"].pk).update(duration_minutes=540)
    visitor.go(f"/book/{cast.services['facial'].uid}/time/?day={day}")
    eyes.on("day without times")
    visitor.go("/book/01900000-0000-7000-8000-000000000000/")
    eyes.on("no such treatment")


def details(house, visitor, eyes, clock) -> str:
    to_times(visitor)
    to_day(visitor, MONDAY)
    hold(visitor, "1:00 pm")
    held = visitor.path
    eyes.on("details")
    to_times(visitor)
    eyes.on("times while one is held")
    visitor.go(held)
    visitor.page.fill("[name=first_name]", "Elena")
    visitor.page.fill("[name=phone]", "+34 612 555 0")
    visitor.page.fill("[name=date_of_birth]", "06 / 14")
    visitor.page.fill("[name=notes]", "n" * 3000)
    send(visitor)
    visitor.page.wait_for_selector("[role=alert]")
    eyes.on("details with errors")
    clock.wait(timedelta(minutes=6))
    send(visitor)
    visitor.page.wait_for_selector(".p-main > .banner--warning")
    eyes.on("details after the hold")
    visitor.go(held)
    eyes.on("hold run out")
    follow(visitor.page.get_by_role("button", name="Hold it again"))
    fill_in(visitor)
    send(visitor)
    visitor.page.wait_for_url("**/book/visit/**")
    eyes.on("booked")
    return str(visitor.path).partition("?")[0]


def living_link(house, visitor, eyes, clock, link: str) -> None:
    visitor.go(link)
    eyes.on("visit")
    visitor.go(f"{link}move/")
    eyes.on("move")
    visitor.go(f"{link}cancel/")
    eyes.on("cancel")
    visitor.page.fill("[name=reason]", "n" * 3000)
    visitor.page.get_by_role("button", name="Cancel the visit").click()
    visitor.page.wait_for_selector("[role=alert]")
    eyes.on("cancel with an error")
    with enter(house.clinic):
        ours = Appointment.objects.order_by("-created_at")[:1]
        for status in (Status.ARRIVED, Status.DONE, Status.BOOKED):
            Appointment.objects.filter(pk__in=[row.pk for row in ours]).update(status=status)
            visitor.go(link)
            eyes.on(f"visit {status}")
    clock.wait(timedelta(days=2, hours=12))
    visitor.go(link)
    eyes.on("too late to change")
    visitor.go(f"{link}move/")
    eyes.on("change by phone")
    clock.wait(-timedelta(days=2))
    visitor.go(f"{link}cancel/")
    visitor.page.get_by_role("button", name="Cancel the visit").click()
    visitor.page.wait_for_url(f"**{link}")
    eyes.on("cancelled")
    visitor.go("/book/visit/nosuch/")
    eyes.on("unknown link")
    with enter(house.clinic):
        Service.objects.update(online=False)
    visitor.go("/book/")
    eyes.on("nothing offered")


def test_long_names_fit_at_every_width(new_clinic, arrive, clock):
    house = new_clinic("glow")
    with enter(house.clinic):
        Service.objects.filter(pk=house.cast.services["botox"].pk).update(
            name=LONG, description="Stay out of the sun for two weeks before, and bring " + "a" * 60
        )
        Provider.objects.update(display_name="Maximiliana Fernández-Oyarzún de la Vega y Santisteban")
        ServiceCategory.objects.filter(name="Face").update(
            name="Injectables, fillers and everything around them for face and body"
        )
    found = []
    for width in (320, 390, 820, 1280, 1600):
        visitor = arrive(house, size={"width": width, "height": 700})
        eyes = Eyes(visitor, f"long-{width}", edge_only=width != 390)
        book_long(eyes)
        found += [f"{width}: {each}" for each in eyes.found]
    assert found == []


def book_long(eyes) -> None:
    visitor = eyes.visitor
    visitor.go("/book/")
    eyes.on("treatments")
    follow(visitor.page.get_by_role("link", name=LONG))
    eyes.on("providers")
    follow(visitor.page.get_by_role("link", name="Maximiliana").first)
    eyes.on("times")
    visitor.page.locator(".slot").first.click()
    fill_in(visitor, first_name="Wolfeschlegelsteinhausenbergerdorff", last_name="M" * 60)
    eyes.on("details")
    send(visitor)
    visitor.page.wait_for_url("**/book/visit/**")
    eyes.on("booked")


def test_at_twice_the_size_everything_can_still_be_reached(new_clinic, arrive, clock):
    """A phone at 200 %: half as many pixels each way. What sticks may not cover the field that has focus."""
    visitor = arrive(new_clinic("glow"), size={"width": 320, "height": 422})
    eyes = Eyes(visitor, "zoomed")
    to_times(visitor)
    to_day(visitor, MONDAY)
    eyes.on("times")
    hold(visitor)
    eyes.on("details")
    for label in ("First name", "Last name", "Mobile", "Email", "Date of birth", "Anything", "Book visit"):
        tab_to(visitor, label)  # refuses what has focus and is not seen
    assert eyes.found == []
