"""A document's way: filed at the desk, saved, shown to the patient; and one that the patient sends from a phone."""

import base64
from uuid import UUID

import pytest
from playwright.sync_api import expect

from documents.models import Document
from files.tests.papers import pdf
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.browser.test_photos import DRAW

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
LONG = "Referral of Dr. Alexandra Montgomery-Fitzgerald, Dermatology Associates of Greater Texas, for both forearms"


def documents(house):
    with enter(house.clinic):
        return list(Document.objects.order_by("added_at"))


@pytest.mark.promise("P49")
@pytest.mark.parametrize(
    ("which", "size"), [("glow", DESK), ("rival", PHONE)], ids=["glow-desk", "rival-phone"]
)
def test_a_document_from_the_desk_to_the_patient_and_one_back(which, size, new_clinic, arrive, tmp_path):
    house = new_clinic(which)
    cast = house.cast
    visitor = arrive(house, size=size)
    eyes, page = Eyes(visitor, f"documents-{which}", full_page=True), visitor.page
    record = f"/desk/patients/{cast.pat.uid}/documents/"
    as_staff(visitor, house, cast.users["provider"])
    eyes.at(record, "empty")

    # Filed: one that does more than be read is refused, and what was typed stays
    page.get_by_role("link", name="Add document").first.click()
    page.get_by_label("What is it?").select_option("referral")
    page.get_by_label("Title").fill(LONG)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf(b"<< /S /JavaScript >>")}
    )
    page.get_by_role("button", name="Add document").click()
    expect(page.get_by_role("alert").get_by_text("Print it to a new PDF")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(LONG)
    eyes.on("refused")
    paper = tmp_path / "referral.pdf"
    paper.write_bytes(pdf(size=600_000))
    page.locator("input[type=file]").set_input_files(paper)
    expect(page.get_by_text("referral.pdf")).to_be_visible()
    eyes.on("chosen")
    page.get_by_role("button", name="Add document").click()
    expect(page.get_by_text("Document added.")).to_be_visible()
    eyes.on("listed")

    # Saved whole, and shown to the patient
    follow(page.locator(".choice").first)
    eyes.on("document")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Save the PDF").click()
    assert coming.value.path().read_bytes() == paper.read_bytes()
    assert coming.value.suggested_filename.startswith("referral-")
    page.get_by_role("button", name="Show to the patient").click()
    expect(page.get_by_text("The patient sees it in the portal", exact=True)).to_be_visible()

    # The patient saves it, and sends a photo of a paper: place and time stay behind
    patient = arrive(house, size=PHONE)
    as_patient(patient, house, cast.pat)
    seen, phone = Eyes(patient, f"documents-{which}-patient", full_page=True), patient.page
    seen.at("/portal/", "home")
    seen.at("/portal/documents/", "portal")
    with phone.expect_download() as coming:
        phone.get_by_text("Referral of Dr.").click()
    assert coming.value.path().read_bytes() == paper.read_bytes()
    phone.get_by_role("link", name="Send a document").click()
    picture = base64.b64decode(phone.evaluate(DRAW))
    place = b"\xff\xe1\x00\x16Exif\0\0GPS 30.25 -97.75"[:24]
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture[:2] + place + picture[2:]}
    phone.get_by_label("What is it?").select_option("insurance")
    phone.locator("input[type=file]").set_input_files(photo)
    seen.on("sending")
    phone.get_by_role("button", name="Send to the clinic").click()
    expect(phone.get_by_text("Sent. Thank you.")).to_be_visible()
    seen.on("sent")

    # The staff finds it in the news, looks at it, and the patient learns of that
    eyes.at("/desk/notices/", "news")
    follow(page.get_by_role("link", name="Look at them"))
    eyes.on("waiting")
    follow(page.locator(".choice").first)
    eyes.on("from-patient")
    with page.expect_popup() as shown:
        page.get_by_role("link", name="Open the picture").click()
    expect(shown.value.locator("img")).to_be_visible()
    shown.value.close()
    page.get_by_role("button", name="Looked at").click()
    expect(page.get_by_text("Noted that it was looked at.")).to_be_visible()
    page.get_by_text("Remove it from the record").click()
    page.get_by_label("Why?").fill("It is somebody else’s card")
    page.get_by_role("button", name="Remove document").click()
    expect(page.get_by_text("Document removed.")).to_be_visible()
    eyes.at(f"{record}?removed=1", "removed")
    follow(page.locator(".choice").first)
    eyes.on("removed-one")
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.get_by_text("Back in the record.")).to_be_visible()
    found = documents(house)
    assert [(each.kind, each.from_patient, each.removed_at) for each in found] == [
        ("referral", False, None),
        ("insurance", True, None),
    ]
    assert all(isinstance(each.uid, UUID) for each in found)
    assert eyes.found + seen.found == []
