"""A form from the portal to the receipt: read and signed by hand, taken back, asked for again."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from consents.models import Signature
from consents.tests.papers import published
from core.clock import now
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.matrix.objects import visit_of

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


def draw(page) -> None:
    """A line back and forth, as a hand would."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 16):
        high = 0.25 if step % 2 else 0.75
        page.mouse.move(box["x"] + 20 + step * 12, box["y"] + box["height"] * high)
    page.mouse.up()


@pytest.mark.promise("P44")
@pytest.mark.promise("P70")
@pytest.mark.parametrize(
    ("which", "size"), [("glow", PHONE), ("rival", DESK)], ids=["glow-phone", "rival-desk"]
)
def test_a_form_is_signed_taken_back_and_asked_for_again(which, size, new_clinic, arrive):
    house = new_clinic(which)
    cast = house.cast
    with enter(house.clinic):
        published(services=[cast.services["botox"]])
    visit_of(house)
    patient = arrive(house, size=size)
    eyes, page = Eyes(patient, f"consents-{which}", full_page=True), patient.page
    as_patient(patient, house, cast.pat)
    eyes.at("/portal/", "home")
    eyes.at("/portal/consents/", "list")
    follow(page.get_by_role("link", name=re.compile("Consent to treatment")).first)
    eyes.on("form")

    # A dot is no signature; what was typed stays
    page.get_by_label("Your full name").fill("Pat Peterson")
    page.get_by_label("I have read this.").check()
    page.get_by_label("I agree to sign this electronically").check()
    page.locator("#pad").scroll_into_view_if_needed()
    page.locator("#pad").click()
    page.locator("main form button.btn--primary").click()
    expect(page.get_by_label("Your full name")).to_have_value("Pat Peterson")
    eyes.on("refused")
    draw(page)
    follow(page.locator("main form button.btn--primary"))
    eyes.on("signed")
    with enter(house.clinic):
        signed = Signature.objects.get()
    receipt = house.portal(cast.pat).get(f"/portal/consents/signed/{signed.uid}/receipt.pdf")
    text = "".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(receipt.content)).pages)
    assert "Bruises are rare" in text
    assert "Pat Peterson" in text

    eyes.at(f"/portal/consents/signed/{signed.uid}/withdraw/", "taking-back")
    follow(page.locator("main form button").last)
    eyes.at("/portal/consents/", "asked-again")
    expect(page.get_by_role("link", name=re.compile("Consent to treatment")).first).to_be_visible()

    desk = arrive(house, size=DESK if size is PHONE else PHONE)
    seen = Eyes(desk, f"consents-{which}-desk", full_page=True)
    as_staff(desk, house, cast.desk)
    seen.at(f"/desk/patients/{cast.pat.uid}/forms/", "record")
    assert now() >= signed.signed_at
    assert eyes.found + seen.found == []
