"""The screen in the patient's hand: the health form, then the consent, then back with the password and nothing of it left."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from charting.models import Intake
from charting.tests.test_intakes import PARTS, form_of
from consents.models import Signature
from consents.tests.papers import published
from core.clock import now
from tenants.context import enter
from tests.browser.conftest import PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes
from tests.browser.test_consents import draw
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.mark.promise("P48")
@pytest.mark.promise("P65")
def test_one_screen_for_the_health_form_and_the_consent(new_clinic, arrive):
    house = new_clinic("glow")
    pat = house.cast.pat
    with enter(house.clinic):
        health = form_of(house.cast)
        published(asked="everyone", at=now() - timedelta(days=2))
    visitor = arrive(house, size=PHONE)
    eyes, page = Eyes(visitor, "hand-over", full_page=True), visitor.page
    as_staff(visitor, house, house.cast.desk)
    eyes.at(f"/desk/patients/{pat.uid}/forms/", "desk")
    page.get_by_label(health.title).check()
    for box in page.locator("input[name=form]").all():
        box.check()
    page.get_by_role("button", name="Hand over").click()
    for number, part in enumerate(PARTS, 1):
        expect(page.get_by_text(f"{number} of {len(PARTS)}")).to_be_visible()
        if number == 1:
            eyes.on("health")
            page.get_by_role("button", name="Go on").click()
            expect(page.get_by_role("alert")).to_be_visible()
            eyes.on("gap")
        for key, (value,) in part.items():
            field = page.locator(f"[name={key}]")
            if field.first.get_attribute("type") == "radio":
                page.locator(f"[name={key}][value={value}]").check()
            else:
                field.fill(value)
        page.get_by_role("button", name="Send to the clinic" if number == len(PARTS) else "Go on").click()
    expect(page.locator("#pad")).to_be_visible()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("[name=name]").fill(pat.name)
    draw(page)
    page.locator("main form button.btn--primary").click()
    expect(page.get_by_role("heading", name="Thank you. That is all.")).to_be_visible()
    eyes.on("done")
    visitor.go(f"/desk/patients/{pat.uid}/chart/")
    assert "/desk/take-back/" in visitor.path
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.wait_for_url("**/desk/**")
    with enter(house.clinic):
        assert Intake.objects.get().completed_at
        assert Signature.objects.get().channel == "tablet"
    assert eyes.found == []
