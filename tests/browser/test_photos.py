"""Journey 5's photos: taken by the file field, compared with the earlier one, marked, shown to the patient."""

import base64
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.clock import now
from photos.models import Photo
from photos.tests.pictures import add_photo
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
# What a camera writes into a file: a maker, and where it stood.
DRAW = """() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [900, 1200];
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#c9a58a"; brush.fillRect(0, 0, 900, 1200);
  brush.fillStyle = "#7a4a33"; brush.fillRect(300, 400, 300, 200);
  return canvas.toDataURL("image/jpeg").split(",")[1];
}"""


@pytest.mark.promise("P53")
@pytest.mark.promise("P55")
@pytest.mark.parametrize(
    ("which", "size"), [("glow", DESK), ("rival", PHONE)], ids=["glow-desk", "rival-phone"]
)
def test_a_photo_from_the_camera_to_the_patient(which, size, new_clinic, arrive, tmp_path):
    house = new_clinic(which)
    cast = house.cast
    add_photo(house, at=now() - timedelta(days=60))
    visitor = arrive(house, size=size)
    eyes, page = Eyes(visitor, f"photos-{which}", full_page=True), visitor.page
    record = f"/desk/patients/{cast.pat.uid}/photos/"
    as_staff(visitor, house, cast.users["provider"])
    eyes.at(record, "record")

    # Taken: whatever the camera wrote into the file stays behind
    picture = base64.b64decode(page.evaluate(DRAW))
    place = b"\xff\xe1\x00\x16Exif\0\0GPS 30.25 -97.75"[:24]
    taken = tmp_path / "camera.jpg"
    taken.write_bytes(picture[:2] + place + picture[2:])
    visitor.go(f"{record}take/")
    eyes.on("take")
    page.locator("[data-file]").set_input_files(taken)
    eyes.on("shot")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("[data-state]", has_text="Saved").first).to_be_visible()
    eyes.on("taken")
    with enter(house.clinic):
        photo = Photo.objects.order_by("pk").last()

    # Compared, marked and shown
    eyes.at(f"{record}compare/", "compare")
    eyes.at(f"/desk/photos/{photo.uid}/", "photo")
    layer = page.locator("[data-marks]")
    box = layer.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    page.mouse.up()
    follow(page.get_by_role("button", name="Save", exact=True))
    eyes.at(f"/desk/photos/{photo.uid}/", "marked")
    with enter(house.clinic):
        assert Photo.objects.get(pk=photo.pk).marks, "what was drawn was not kept"
    page.get_by_role("button", name="Show to the patient").click()
    expect(page.get_by_text("The patient sees it in the portal", exact=True)).to_be_visible()

    patient = arrive(house, size=PHONE)
    as_patient(patient, house, cast.pat)
    seen = Eyes(patient, f"photos-{which}-patient", full_page=True)
    seen.at("/portal/photos/", "portal")
    shown = patient.page.locator("main img").first
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.naturalWidth") > 0
    assert eyes.found + seen.found == []
