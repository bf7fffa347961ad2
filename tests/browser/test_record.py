"""The record as a whole, in a browser: the glass is broken and looked at, records are merged and parted, the timeline sifted."""

import pytest
import time_machine
from playwright.sync_api import expect

from charting.actions import begin_encounter
from core.clock import now
from desk.tests import days
from patients import actions as patients
from patients.models import CareRelation
from patients.rules import Details
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.cast import BEGAN, BY

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
LONG = "Maximiliana-Alexandra Featherstonehaugh-Villanueva"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(days.AT, tick=True) as traveller:
        yield traveller


@pytest.mark.promise("P62")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_record_as_a_whole(size, new_clinic, arrive):
    house = new_clinic()
    pat = house.cast.pat
    days.book(house, who="pat")
    with enter(house.clinic):
        CareRelation.objects.all().delete()
        twin = Details(
            "Maximiliana-Alexandra", "Featherstonehaugh-Villanueva", "", pat.phone, pat.date_of_birth
        )
        other = patients.create_person(twin, by=BY, at=BEGAN)
        for at in (BEGAN, now()):
            provider = house.cast.providers["nora"]
            begin_encounter(pat, provider, location=house.cast.location, kind="exam", by=BY, at=at)
    visitor = arrive(house, size=size, at=now())
    eyes = Eyes(visitor, f"record-{size['width']}")
    page = visitor.page
    break_the_glass(house, eyes, page)
    look_at_it(house, eyes, page)
    merge_and_part(eyes, page, other)
    assert eyes.found == []


def break_the_glass(house, eyes, page) -> None:
    as_staff(eyes.visitor, house, house.cast.users["provider"])
    chart = f"/desk/patients/{house.cast.pat.uid}/chart/"
    eyes.at(chart, "closed")
    expect(page.get_by_role("heading", name="This record is closed to you").first).to_be_visible()
    page.get_by_label("Why you need it").fill("too short")
    page.get_by_role("button", name="Open for four hours").click()
    expect(page.get_by_label("Why you need it")).to_have_value("too short")
    eyes.on("too-short")
    page.get_by_label("Why you need it").fill("Reaction tonight, nobody of the team can be reached.")
    page.get_by_role("button", name="Open for four hours").click()
    expect(page.get_by_text("Open to you with a reason only.")).to_be_visible()
    eyes.on("chart")
    page.get_by_role("link", name="Encounters").click()
    expect(page.locator(".timeline__item")).to_have_count(2)
    assert "kind=encounter" in page.url
    page.get_by_label("Year").select_option("2026")
    expect(page.get_by_role("link", name="Encounters")).to_have_attribute("aria-current", "true")
    eyes.on("sifted")
    page.locator(".timeline__item a").first.click()
    expect(page.get_by_role("link", name="All of the timeline")).to_be_visible()
    eyes.on("encounter")


def look_at_it(house, eyes, page) -> None:
    as_staff(eyes.visitor, house, house.cast.users["owner"])
    eyes.at("/desk/notices/", "news")
    follow(page.get_by_role("link", name="Look at it"))
    eyes.on("reviews")
    page.get_by_role("button", name="It was needed", exact=True).click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    eyes.on("reviewed")
    eyes.at(f"/desk/patients/{house.cast.pat.uid}/care-team/", "care-team")


def merge_and_part(eyes, page, other) -> None:
    eyes.at(f"/desk/patients/{other.uid}/", "here-twice")
    follow(page.get_by_role("link", name="Find the other record"))
    eyes.on("alike")
    follow(page.get_by_role("link", name="Compare").first)
    eyes.on("compare")
    page.locator("#other-email").check()
    page.get_by_role("button", name="Merge into one record").click()
    expect(page.get_by_text("Merged. It can be parted again here.")).to_be_visible()
    eyes.on("merged")
    page.get_by_role("button", name="Part again").click()
    expect(page.get_by_text("Parted: these are two records again.")).to_be_visible()
    eyes.on("parted")
