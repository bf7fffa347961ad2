"""A visit carried over the calendar in a real Chromium: by mouse, by keyboard, refused, and taken back."""

from datetime import time

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import expect

from desk.tests import days
from desk.tests.days import book, fresh, wall
from tests.browser.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(days.AT, tick=True) as traveller:
        yield traveller


@pytest.fixture
def at_desk(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = arrive(house, size=DESK, at=days.AT)
    cookie = house.client(house.cast.desk).cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": visitor.address}]
    )
    return house, visitor


def place_of(page, label: str, minute: str):
    """The middle of a column, at a time of it."""
    column = page.locator(f".cal__col[aria-label^='{label}']").bounding_box()
    row = page.locator(f".cal__hours li[data-at='{minute}']").bounding_box()
    return column["x"] + column["width"] / 2, row["y"] + 2


def carry(page, visit, to, *, dy=6):
    event = page.locator(f"#visit-{visit.uid}")
    event.scroll_into_view_if_needed()
    box = event.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + dy)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + dy + 10, steps=3)
    page.mouse.move(*to, steps=8)
    page.mouse.up()


def test_by_mouse_to_another_provider_and_taken_back(at_desk):
    house, visitor = at_desk
    visit = book(house)
    page = visitor.page
    visitor.go("/desk/")
    carry(page, visit, place_of(page, "Sven", "16:00"))
    toast = page.locator(".toast", has_text="Moved to Tue 3")
    expect(toast).to_be_visible()
    moved = fresh(house, visit)
    assert moved.provider == house.cast.providers["sven"]
    assert moved.starts_at == wall(house, time(16))
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.locator(f".cal__col[aria-label^='Sven'] #visit-{visit.uid}")).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Taken back.")).to_be_visible()
    assert fresh(house, visit).starts_at == wall(house, days.TWO)
    expect(page.locator(f".cal__col[aria-label^='Ines'] #visit-{visit.uid}")).to_be_visible()


def test_longer_by_its_lower_edge(at_desk):
    house, visitor = at_desk
    visit = book(house)
    page = visitor.page
    visitor.go("/desk/")
    event = page.locator(f"#visit-{visit.uid}")
    event.scroll_into_view_if_needed()
    height = event.bounding_box()["height"]
    carry(page, visit, place_of(page, "Ines", "15:00"), dy=height - 3)
    expect(page.locator(".toast", has_text="Now takes")).to_be_visible()
    assert fresh(house, visit).ends_at == wall(house, time(15))


def test_onto_a_slot_that_somebody_else_has_just_taken_the_card_goes_back(at_desk):
    house, visitor = at_desk
    visit = book(house)
    page = visitor.page
    visitor.go("/desk/")
    book(house, time(16), who="quinn", provider="sven")
    carry(page, visit, place_of(page, "Sven", "16:00"))
    alert = page.locator("#panel [role='alert']")
    expect(alert).to_contain_text("in the way")
    expect(
        page.locator(f".cal__col[aria-label^='Ines'] .event[data-at='14:00'] #visit-{visit.uid}")
    ).to_be_visible()
    expect(page.get_by_text("Quinn Quiñones")).to_be_visible()
    assert fresh(house, visit).starts_at == wall(house, days.TWO)
    assert visitor.findings() == []


def test_by_keyboard(at_desk):
    house, visitor = at_desk
    visit = book(house)
    page = visitor.page
    visitor.go("/desk/")
    event = page.locator(f"#visit-{visit.uid}")
    event.focus()
    for key in ("m", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".event[data-at='14:00']").locator(f"#visit-{visit.uid}")).to_be_visible()
    assert fresh(house, visit).revision == visit.revision
    event.focus()
    for key in ("m", "ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("body > .sr[role='status']")).to_contain_text("2:30")
    page.keyboard.press("Enter")
    expect(page.locator(".toast", has_text="Moved to")).to_be_visible()
    moved = fresh(house, visit)
    assert (moved.starts_at, moved.ends_at) == (wall(house, time(14, 30)), wall(house, time(15, 15)))
    assert moved.provider == house.cast.providers["sven"]
    expect(event).to_be_focused()


def test_in_the_week_to_another_day(at_desk):
    house, visitor = at_desk
    visit = book(house)
    page = visitor.page
    visitor.go("/desk/week/2026-03-03/")
    chip = page.locator(f"#visit-{visit.uid}")
    ines = house.cast.providers["ines"].uid
    page.locator(f".wcal__cell[data-who='{ines}'][data-day='2026-03-05']").scroll_into_view_if_needed()
    chip.drag_to(page.locator(f".wcal__cell[data-who='{ines}'][data-day='2026-03-05']"))
    expect(page.locator(".toast", has_text="Moved to Thu 5")).to_be_visible()
    assert fresh(house, visit).starts_local.isoformat().startswith("2026-03-05T14:00")
    expect(page.locator(f".wcal__cell[data-day='2026-03-05'] #visit-{visit.uid}")).to_be_visible()
    assert visitor.findings() == []
