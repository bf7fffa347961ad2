"""Every page of the desk in every state: axe finds nothing, nothing runs over the edge, long names fit."""

import pytest
import time_machine
from playwright.sync_api import expect

from core.clock import now
from desk.tests import days
from messaging import actions as messaging
from messaging.models import Message, State
from patients import letters
from patients.self_service import actor_of
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(days.AT, tick=True) as traveller:
        yield traveller


@pytest.mark.promise("P78")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_in_every_state(size, new_clinic, arrive, clock):
    house = new_clinic("glow" if size is PHONE else "rival")
    if size is DESK:  # two hours west, and Rival opens an hour later
        clock.shift(3 * 60 * 60)
    visits = days.fill_day(house, later=0 if size is PHONE else 1)
    visitor = arrive(house, size=size, at=now())
    eyes = Eyes(visitor, f"desk-{size['width']}")
    as_staff(visitor, house, house.cast.users["owner"])
    the_day(eyes, visits)
    a_visit(house, eyes, visits)
    forms(eyes, visits)
    search_and_patients(house, eyes)
    refusals(house, eyes)
    assert eyes.found == []


def the_day(eyes, visits) -> None:
    eyes.at("/desk/", "today")
    eyes.visitor.page.locator(f"#visit-{visits['arrived'].uid}").click()
    expect(eyes.visitor.page.locator(".panel")).to_be_visible()
    eyes.on("visit")
    eyes.visitor.go("/desk/")
    eyes.visitor.page.get_by_label("Another day").click()
    eyes.on("another-day")
    eyes.at("/desk/day/2026-03-05/", "empty")


def a_visit(house, eyes, visits) -> None:
    page = eyes.visitor.page
    with enter(house.clinic):
        Message.objects.filter(about=visits["confirmed"].uid).update(state=State.UNKNOWN)
    for name in ("confirmed", "no_show", "done", "over"):
        eyes.at(f"/desk/visits/{visits[name].uid}/", name)
    eyes.visitor.go(f"/desk/visits/{visits['arrived'].uid}/")
    page.locator(".panel__foot .btn--primary").click()
    expect(page.locator(".toast")).to_be_visible()
    eyes.on("toast")
    eyes.at(f"/desk/visits/{visits['booked'].uid}/cancel/", "cancel")
    eyes.visitor.go(f"/desk/visits/{visits['booked'].uid}/cancel/")
    page.get_by_role("button", name="Cancel visit").click()
    expect(page.get_by_role("alert")).to_be_focused()
    eyes.on("cancel-error")


def forms(eyes, visits) -> None:
    page = eyes.visitor.page
    eyes.at(f"/desk/visits/{visits['booked'].uid}/move/", "move")
    eyes.visitor.go(f"/desk/visits/{visits['booked'].uid}/move/")
    page.get_by_label("Or type a time").fill("12:15" if eyes.visitor.page.viewport_size == DESK else "11:15")
    page.get_by_role("button", name="Move visit").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    eyes.on("move-conflict")
    eyes.at("/desk/visits/new/", "new")
    eyes.visitor.go("/desk/visits/new/")
    page.get_by_label("Service").select_option(index=2)
    expect(page.locator("input[name=start]").first).to_be_attached()
    eyes.on("new-times")
    eyes.visitor.go("/desk/visits/new/")
    page.get_by_role("button", name="New patient").click()
    page.get_by_role("button", name="Book visit").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    eyes.on("new-errors")


def wrote_in_the_portal(house, person) -> None:
    with enter(house.clinic):
        letters.write_to_clinic(person, "May I swim on Saturday?", by=actor_of(person), at=now())


def search_and_patients(house, eyes) -> None:
    page, pat = eyes.visitor.page, house.cast.pat
    eyes.visitor.go("/desk/")
    page.locator("#search").fill("p")
    page.locator("#search").press_sequentially("a")
    expect(page.locator("#search-list [role=option]").first).to_be_visible()
    eyes.on("search")
    eyes.at("/desk/patients/", "patients")
    eyes.at("/desk/patients/?q=zzz", "nobody")
    wrote_in_the_portal(house, pat)
    eyes.at(f"/desk/patients/{pat.uid}/", "patient")
    with enter(house.clinic):
        messaging.stop_contact(house.cast.owner, to=pat.phone, at=now(), subject=pat.uid)
    eyes.at(f"/desk/patients/{pat.uid}/", "stopped")
    eyes.at(f"/desk/patients/{house.cast.stranger.uid}/", "stranger")
    eyes.at(f"/desk/patients/{pat.uid}/log/", "log")
    eyes.at(f"/desk/patients/{pat.uid}/edit/", "edit")
    eyes.at("/desk/patients/new/", "new-patient")
    eyes.visitor.go("/desk/patients/new/")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_role("alert")).to_be_focused()
    eyes.on("new-patient-errors")


def refusals(house, eyes) -> None:
    as_staff(eyes.visitor, house, house.cast.users["marketer"])
    eyes.at("/desk/", "forbidden")
