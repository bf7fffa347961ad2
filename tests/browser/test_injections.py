"""Journey 7's first half, and the room before it: a point by click and one by keyboard, the tally, the shelf that
falls with them, then the recall of the lot and its proof."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from charting import actions
from core.clock import now
from messaging.models import Message, State
from practice.actions import stock
from practice.tests.shelf import BY, filler, toxin
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.mark.promise("P51")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_map_to_the_recall(size, new_clinic, arrive):
    house = new_clinic("glow")
    cast, at = house.cast, now()
    with enter(house.clinic):
        product = toxin(name="Relaxine, long-acting formulation")
        filler()
        for number, days in (("C6184", 20), ("C6207", 300)):
            lot = stock.receive(
                product,
                number=number,
                expires_on=at.date() + timedelta(days=days),
                location=cast.location,
                quantity=10_000,
                by=BY,
                at=at,
            ).lot
        how = {"location": cast.location, "kind": "treatment", "by": BY, "at": at}
        encounter = actions.begin_encounter(
            cast.pat, cast.providers["ines"], service=cast.services["botox"], **how
        )
    visitor = arrive(house, size=size)
    eyes = Eyes(visitor, "desk" if size is DESK else "phone", full_page=True)
    page = visitor.page
    map_path = f"/desk/encounters/{encounter.uid}/injections/"

    # In the room
    as_staff(visitor, house, cast.users["provider"])
    eyes.at(f"/desk/encounters/{encounter.uid}/", "empty-map")
    card = page.locator("#injections")
    card.get_by_label("Quantity").first.fill("4")
    face = card.locator("svg.face")
    box = face.bounding_box()
    # The drawing is shown whole and centred in its box.
    scale = min(box["width"] / 320, box["height"] / 380)
    left, top = box["x"] + (box["width"] - 320 * scale) / 2, box["y"] + (box["height"] - 380 * scale) / 2
    page.mouse.click(left + 192 * scale, top + 108 * scale)
    expect(card.get_by_text("Point 1 is charted.")).to_be_visible()
    expect(card.get_by_role("rowheader", name="Forehead, left")).to_be_visible()
    card.get_by_label("Place").last.select_option(label="Glabella")
    card.get_by_role("button", name="Add point").focus()
    page.keyboard.press("Enter")
    expect(card.get_by_text("Point 2 is charted.")).to_be_visible()
    card.get_by_role("button", name="More").click()
    expect(card.get_by_text("Point 2 is changed.")).to_be_visible()
    card.locator("input[name=quantity]").first.fill("10")
    card.get_by_role("button", name="Save what was drawn of C6184").click()
    expect(card.get_by_role("button", name="1 thrown away")).to_be_visible()
    eyes.at(f"/desk/encounters/{encounter.uid}/", "tally")  # anew: axe has left its marks on what was swapped
    card.get_by_role("button", name="1 thrown away").click()
    expect(card.get_by_text("Waste is noted.")).to_be_visible()
    card.locator("a.pt").first.focus()
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Remove point 1").click()
    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_text("Point 1 is back.")).to_be_visible()
    card.get_by_role("link", name="Back", exact=True).click()
    expect(card.locator("svg[data-view=body_back]")).to_be_visible()
    for view in ("face_left", "face_right", "body_front", "body_back"):
        eyes.at(f"{map_path}?view={view}", view)
    with enter(house.clinic):
        point = encounter.injection_map.points.get(number=1)
    eyes.at(f"{map_path}?point={point.uid}", "point")

    # At the shelf: 100 less 9 charted and 1 wasted
    as_staff(visitor, house, cast.owner)
    eyes.at("/desk/stock/", "shelf")
    expect(page.get_by_text("90 u", exact=True)).to_be_visible()
    for path, name in (
        ("receive/", "receive"),
        ("products/", "products"),
        ("products/new/", "product"),
        ("movements/", "movements"),
        ("variance/", "day"),
    ):
        eyes.at(f"/desk/stock/{path}", name)
    visitor.go("/desk/stock/")
    page.get_by_role("link", name="C6184").click()
    page.get_by_role("link", name="Count").click()
    page.get_by_label("Counted").fill("89.5")
    page.get_by_role("button", name="Save the count").click()
    expect(page.get_by_text("Counted: lot C6184, 89.5 u.")).to_be_visible()
    eyes.on("lot")

    # The recall
    page.get_by_role("link", name="Recall", exact=True).click()
    page.get_by_role("button", name="Recall, and tell 1 patient").click()
    page.wait_for_selector("[role=alert]")
    eyes.on("recall-refused")
    page.get_by_label("Why, and who said so").fill("Letter of the maker, sterility")
    page.get_by_label("Block the lot now").check()
    page.get_by_role("button", name="Recall, and tell 1 patient").click()
    expect(page.get_by_text("0 of 1")).to_be_visible()
    eyes.on("recall-begun")
    with enter(house.clinic):
        Message.objects.filter(kind="lot_recall").update(state=State.DELIVERED, delivered_at=now())
    expect(page.get_by_text("1 of 1")).to_be_visible()
    eyes.at(visitor.path, "recall-proof")
    with enter(house.clinic), pytest.raises(stock.LotUnusable):
        lot = type(lot).objects.get(number="C6184")
        stock.require_usable(lot, location=cast.location, at=now())
    assert eyes.found == []
