"""The front desk's day through a real Chromium: sign-in, a visit from check-in to done, booking by keyboard alone."""

from datetime import time

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import expect

from accounts import second_factor
from core.clock import now
from desk.tests import days
from desk.tests.days import TUESDAY, book, fresh, wall
from scheduling.models import Appointment, Status
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
ELEVEN = days.AT


@pytest.fixture(autouse=True)
def clock():
    """11:23 in Austin, 9:23 in Portland, and going on."""
    with time_machine.travel(ELEVEN, tick=True) as traveller:
        yield traveller


@pytest.fixture
def at_desk(new_clinic, arrive):
    """A clinic, and the front desk signed in at it."""

    def make(which="glow", *, role="front_desk", **more):
        house = more.pop("house", None) or new_clinic(which)
        visitor = arrive(house, **{"size": DESK, "at": ELEVEN} | more)
        cookie = house.client(house.cast.users[role]).cookies[settings.SESSION_COOKIE_NAME]
        visitor.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": visitor.address}]
        )
        return house, visitor

    return make


def visits_of(house) -> list[Appointment]:
    with enter(house.clinic):
        return list(Appointment.objects.whole().order_by("id"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_sign_in_with_a_second_factor_and_take_a_visit_through_its_day(size, new_clinic, arrive):
    house = new_clinic("rival")
    visit = book(house, time(10, 30))
    visitor = arrive(house, size=size, zone="America/Los_Angeles", at=ELEVEN)
    page = visitor.page
    visitor.go(f"/desk/visits/{visit.uid}/")
    assert visitor.path.startswith("/desk/sign-in/")
    page.get_by_label("Email").fill(house.cast.desk.email)
    page.get_by_label("Password", exact=True).fill(house.cast.password)
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_label("Code").fill(second_factor.code_at(house.cast.totp["front_desk"], now()))
    follow(page.get_by_role("button", name="Go on"))
    assert visitor.path == f"/desk/visits/{visit.uid}/"
    visitor.go("/desk/")
    page.locator(f"#visit-{visit.uid}").click()
    expect(page.get_by_role("heading", name="Paula Park")).to_be_focused()
    for button, status, said in (
        ("Check in", Status.ARRIVED, "Checked in."),
        ("Take to Room one", Status.IN_ROOM, "Treatment started."),
        ("Complete visit", Status.DONE, "Visit completed."),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.locator(".toast").last).to_contain_text(said)
        expect(page.locator(f".event:has(#visit-{visit.uid})")).to_have_attribute("data-status", status)
        assert fresh(house, visit).status == status
    page.locator(".toast").last.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("Taken back.")
    expect(page.locator(f".event:has(#visit-{visit.uid})")).to_have_attribute("data-status", "in_room")
    assert fresh(house, visit).status == Status.IN_ROOM
    assert visitor.trouble == []


def test_a_new_visit_by_keyboard_alone(at_desk):
    house, visitor = at_desk()
    page, keys = visitor.page, visitor.page.keyboard
    visitor.go("/desk/")
    keys.press("n")
    expect(page.get_by_role("heading", name="New visit")).to_be_focused()
    tab_to(page, "id_q")
    keys.type("pete")
    expect(page.locator("#id_q-list [role=option]")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#id_q")).to_have_value("Pat Peterson")
    tab_to(page, "id_service")
    keys.type("Botox")
    keys.press("Tab")
    expect(page.locator("input[name=start]").first).to_be_attached()
    tab_to(page, "id_day")
    for _ in range(8):
        keys.press("Tab")
        if page.evaluate("document.activeElement.name") == "start":
            break
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Pat Peterson")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Visit booked.")
    (visit,) = visits_of(house)
    assert visit.person == house.cast.pat
    assert visit.starts_at == wall(house, time(11, 45))
    assert visitor.trouble == []


def test_a_free_time_in_the_calendar_books_for_a_new_patient(at_desk):
    house, visitor = at_desk()
    page = visitor.page
    visitor.go("/desk/")
    page.get_by_role("list", name="Sven Sandberg, NP").get_by_role("link", name="Book 3:00 pm").click()
    page.get_by_role("button", name="New patient").click()
    page.get_by_label("First name").fill("Wanda")
    page.get_by_label("Last name").fill("Webb")
    page.get_by_label("Mobile").fill("(512) 555-0188")
    page.get_by_label("Service").select_option(label="Consultation · 30 min · Free")
    expect(page.locator("input[name=start]:checked")).to_have_value(
        f"2026-03-03T15:00:00-06:00|{house.cast.providers['sven'].uid}"
    )
    expect(page.get_by_label("First name")).to_have_value("Wanda")
    page.get_by_role("button", name="Book visit").click()
    expect(page.get_by_role("heading", name="Wanda Webb")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("Booking taken back.")
    assert visits_of(house)[0].status == Status.CANCELLED
    assert visitor.trouble == []


def test_a_visit_moves_over_a_conflict_with_a_reason(at_desk):
    house, visitor = at_desk()
    visit = book(house, time(14))
    book(house, time(16), who="quinn")
    page = visitor.page
    visitor.go(f"/desk/visits/{visit.uid}/")
    page.get_by_role("link", name="Move").click()
    page.get_by_label("Or type a time").fill("16:00")
    page.get_by_role("button", name="Move visit").last.click()
    expect(page.get_by_role("alert")).to_contain_text("One thing stands in the way.")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Book over this conflict").check()
    page.get_by_label("Reason for booking over it").fill("Sisters, come together")
    page.get_by_role("button", name="Move visit").last.click()
    expect(page.locator(".toast")).to_contain_text("Moved to Tue 3")
    moved = fresh(house, visit)
    assert moved.starts_at == wall(house, time(16))
    assert moved.is_override
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("Taken back.")
    assert fresh(house, visit).starts_at == wall(house, time(14))


def test_what_is_typed_before_the_page_is_wired_is_searched_for(at_desk):
    _house, visitor = at_desk()
    page, keys = visitor.page, visitor.page.keyboard
    page.add_init_script(
        "const real = window.setTimeout;"
        "window.setTimeout = (then, wait, ...more) => real(then, wait === undefined ? 1500 : wait, ...more);"
    )
    visitor.go("/desk/")
    keys.press("/")
    keys.type("quinon")
    expect(page.locator("#search-list [role=option]")).to_have_count(1)


def test_a_late_answer_leaves_the_choice(at_desk):
    house, visitor = at_desk()
    page, keys = visitor.page, visitor.page.keyboard
    visitor.go("/desk/")
    keys.press("/")
    keys.type("qui")
    options = page.locator("#search-list [role=option]")
    expect(options).to_have_count(1)
    keys.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    with page.expect_response("**/desk/find/?q=quin*"):
        keys.type("n")
    expect(options.first).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Quinn Quiñones")).to_be_visible()
    assert visitor.path == f"/desk/patients/{house.cast.people['quinn'].uid}/"


def test_slash_searches_and_enter_opens_the_patient(at_desk):
    house, visitor = at_desk()
    page, keys = visitor.page, visitor.page.keyboard
    visitor.go("/desk/")
    keys.press("/")
    keys.type("quinon")
    expect(page.locator("#search-list [role=option]")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Quinn Quiñones")).to_be_visible()
    assert visitor.path == f"/desk/patients/{house.cast.people['quinn'].uid}/"


def test_the_day_follows_what_others_do_and_keeps_focus_and_place(at_desk):
    house, visitor = at_desk(size={"width": 1280, "height": 560}, at=None)
    visit = book(house, time(14))
    page = visitor.page
    page.clock.install(time=ELEVEN)
    visitor.go("/desk/")
    link = page.locator(f"#visit-{visit.uid}")
    link.focus()
    page.locator(".scroller").evaluate("each => { each.scrollTop = 120; }")
    house.client(house.cast.owner).post(f"/desk/visits/{visit.uid}/check-in/")
    page.clock.fast_forward("00:11")
    expect(page.locator(f".event:has(#visit-{visit.uid})")).to_have_attribute("data-status", "arrived")
    expect(link).to_be_focused()
    assert page.locator(".scroller").evaluate("each => each.scrollTop") == 120


def test_without_script_a_visit_is_booked_checked_in_and_taken_back(at_desk):
    house, visitor = at_desk(script=False)
    page = visitor.page
    visitor.go("/desk/")
    page.get_by_role("link", name="New visit").click()
    page.locator("#id_q").fill("pete")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Service").select_option(label="Botox · 30 min · $360")
    page.get_by_role("button", name="Show free starts").click()
    page.locator("label.slot").filter(has_text="2:00").first.click()
    page.get_by_role("button", name="Book visit").last.click()
    expect(page.get_by_text("Visit booked.")).to_be_visible()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_text("Checked in.")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    (visit,) = visits_of(house)
    assert (visit.status, visit.starts_local.date()) == (Status.BOOKED, TUESDAY)


def tab_to(page, element_id, most=12) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element_id:
            return
    raise AssertionError(f"Tab does not reach #{element_id}")
