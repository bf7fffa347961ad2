"""How a patient's pages leave the screen: all tabs together, a warning before it, and without script by themselves."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.models import PatientSession
from tenants.context import enter
from tests.browser.conftest import PHONE
from tests.browser.eyes import Eyes

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic, pytest.mark.promise("P153")]
SIGN_IN = re.compile(r"/portal/sign-in/\?(out|ended)=1")


def signed_in(house, arrive, **how):
    """A browser with Pat's session, on the home."""
    visitor = arrive(house, size=PHONE, **how)
    token = house.portal(house.cast.pat).cookies["portal"].value
    visitor.context.add_cookies([{"name": "portal", "value": token, "url": visitor.address}])
    return visitor


def test_every_tab_of_the_portal_is_cleared_when_one_signs_out(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = signed_in(house, arrive)
    visitor.go("/portal/you/")
    others = [visitor.context.new_page() for _ in range(2)]
    for page, path in zip(others, ("/portal/", "/portal/record/"), strict=True):
        page.goto(f"{visitor.address}{path}")
        expect(page.locator("#logoff")).to_be_attached()
    visitor.page.get_by_role("button", name="Sign out").first.click()
    for page in (visitor.page, *others):
        expect(page).to_have_url(SIGN_IN)
        expect(page.get_by_label("Email or mobile number")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Pat")
    visitor.go("/portal/")
    assert visitor.path.startswith("/portal/sign-in/")


def test_a_warning_before_the_half_hour_is_over_then_the_door_in_every_tab(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = signed_in(house, arrive)
    visitor.page.clock.install()
    visitor.go("/portal/you/")
    eyes = Eyes(visitor, "portal-leaving")
    other = visitor.context.new_page()
    other.goto(f"{visitor.address}/portal/visits/")
    dialog = visitor.page.locator("#logoff")
    visitor.page.clock.fast_forward(29 * 60_000 + 5_000)
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-logoff-clock]")).to_contain_text("0:5")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    eyes.on("warning")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    visitor.page.clock.fast_forward(29 * 60_000 + 5_000)
    expect(dialog).to_be_visible()
    visitor.page.clock.fast_forward(61_000)
    for page in (visitor.page, other):
        expect(page).to_have_url(re.compile(r"/portal/sign-in/\?ended=1"))
    with enter(house.clinic):
        assert PatientSession.objects.filter(ended_at=None).count() == 0
    assert eyes.found == []


def test_who_comes_back_to_a_session_that_is_over_sees_nothing_of_it(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = signed_in(house, arrive)
    visitor.page.clock.install()
    visitor.go("/portal/you/")
    with enter(house.clinic):
        session = PatientSession.objects.get()
        session.seen_at -= timedelta(minutes=31)
        session.save(update_fields=["seen_at"])
    visitor.page.clock.fast_forward(70_000)
    visitor.page.mouse.click(5, 5)  # a sign of life, a minute after the last: the server says that it is over
    expect(visitor.page).to_have_url(re.compile(r"/portal/sign-in/\?ended=1"))
