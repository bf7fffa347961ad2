"""From an empty clinic to a bookable page through the checklist; and every page of the settings under axe's eyes."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from audit.actors import job
from practice import actions, checklist
from practice.actions.hours import Week
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow
from tests.cast import BEGAN, HOURS, Cast, password_hash

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
BY = job("test")
PAGES = (
    *(
        "settings/",
        "settings/clinic/",
        "settings/branding/",
        "settings/locations/",
        "settings/locations/new/",
    ),
    *("settings/resources/", "settings/rooms/new/", "settings/services/", "settings/services/new/"),
    *("settings/policies/", "settings/import/", "set-up/"),
)


@pytest.mark.promise("P22")
def test_the_checklist_leads_from_nothing_to_a_booking_page(new_clinic, arrive):
    house = new_clinic("glow", cast=False)
    with enter(house.clinic):
        owner = User.objects.create(
            email="olive@glow.example",
            display_name="Olive Ortega",
            role="owner",
            password=password_hash(),
            created_at=BEGAN,
        )
    house.cast = Cast(house.clinic, users={"owner": owner})
    visitor = arrive(house, size=DESK)
    as_staff(visitor, house, owner)
    page = visitor.page
    visitor.go("/desk/")
    page.get_by_role("link", name="Go on with the set-up").click()
    expect(page.get_by_role("heading", name="Get ready for the first booking")).to_be_visible()

    page.get_by_role("link", name="Clinic details").click()
    page.get_by_label("Name", exact=True).fill("Glow Aesthetics")
    page.get_by_label("Phone").fill("(512) 555-0142")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    visitor.go("/desk/set-up/")
    page.get_by_role("link", name="Location An address").click()
    page.get_by_label("Name", exact=True).fill("South Congress")
    page.get_by_label("Time zone").select_option("America/Chicago")
    page.get_by_label("Address").fill("1412 South Congress Avenue")
    page.get_by_label("City").fill("Austin")
    page.get_by_role("button", name="Add location").click()
    page.get_by_label("Monday, opens").first.fill("18:00")
    page.get_by_label("Monday, closes").first.fill("09:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The end must come after the start.").first).to_be_visible()

    visitor.go("/desk/set-up/")
    page.get_by_role("button", name="Take over suggestions").click()
    expect(page.get_by_text("Taken over.")).to_be_visible()

    with enter(house.clinic):  # the pages of people have tests of their own
        from practice.models import Location

        ann = actions.create_provider(by=BY, display_name="Ann Able", credentials="RN")
        week = [Week(day, *HOURS["glow"]) for day in range(7)]
        actions.set_working_hours(ann, Location.objects.get(), week, by=BY)
    visitor.go("/desk/settings/services/")
    page.locator(".offer__name", has_text="Consultation").first.click()
    page.get_by_label("Ann Able, RN").check()
    follow(page.get_by_role("button", name="Save"))
    visitor.go("/desk/set-up/")
    expect(page.get_by_role("heading", name="Patients can book")).to_be_visible()
    with enter(house.clinic):
        assert checklist.read().is_complete
    visitor.go("/book/")
    expect(page.get_by_text("Consultation").first).to_be_visible()
    assert [each for each in visitor.trouble if "status of 422" not in each] == []


@pytest.mark.promise("P78")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_the_settings(size, new_clinic, arrive):
    house = new_clinic("glow")
    visitor = arrive(house, size=size)
    eyes = Eyes(visitor, f"settings-{size['width']}")
    as_staff(visitor, house, house.cast.owner)
    location, service = house.cast.location.uid, house.cast.services["botox"].uid
    device = house.cast.devices["laser"].uid
    more = [f"settings/locations/{location}/{part}" for part in ("", "hours/", "closures/", "archive/")]
    more += [f"settings/services/{service}/", f"settings/devices/{device}/archive/"]
    for path in (*PAGES, *more):
        eyes.at(f"/desk/{path}", path.strip("/").replace("/", "-"))
    visitor.go("/desk/settings/services/new/")
    follow(visitor.page.get_by_role("button", name="Add service"))
    eyes.on("refused")
    assert eyes.found == []
