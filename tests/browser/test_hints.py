"""First-run hints in a browser: the next takes its place with the focus on it, and without a script a form does it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


def title(page):
    return page.locator("#hint-title")


def test_one_after_the_other_and_none_on_paper(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = arrive(house, size=DESK)
    as_staff(visitor, house, house.cast.users["owner"])
    page = visitor.page
    visitor.go("/desk/")
    expect(title(page)).to_have_text("Visits move where you drag them.")
    assert visitor.findings() == []
    page.emulate_media(media="print")
    expect(title(page)).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Got it").click()
    expect(title(page)).to_have_text("Lunch, training, a day off: block the time.")
    expect(title(page)).to_be_focused()
    page.get_by_role("button", name="Don’t show hints").click()
    expect(title(page)).to_have_count(0)
    expect(page.locator("#hint")).to_be_focused()
    visitor.go("/desk/patients/")
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()
    expect(title(page)).to_have_count(0)


def test_without_a_script_a_form_does_it(new_clinic, arrive):
    house = new_clinic("glow")
    visitor = arrive(house, size=PHONE, script=False)
    as_staff(visitor, house, house.cast.users["front_desk"])
    page = visitor.page
    visitor.go("/desk/patients/?q=pa")
    page.get_by_role("button", name="Got it").click()
    expect(page).to_have_url(f"{visitor.address}/desk/patients/?q=pa")
    expect(title(page)).to_have_count(0)
    visitor.go("/desk/profile/")
    page.get_by_role("button", name="Show them again").click()
    expect(page.get_by_text("Hints are shown again, from the first.")).to_be_visible()
