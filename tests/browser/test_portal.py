"""The portal on a phone, from the code to a visit called off; axe finds nothing on any page, in either clinic."""

from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from audit.actors import job
from messaging.models import Message
from patients import actions, guardians, letters
from patients.rules import Details
from portal import codes
from portal.models import OneTimeCode
from portal.tests.helpers import digits_of
from scheduling.models import Appointment, Status
from scheduling.tests.visits import book_for
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient
from tests.browser.eyes import Eyes
from tests.cast import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
NAMES = {"glow": ("Pat", "04/23/1988"), "rival": ("Paula", "07/14/1991")}


def the_code(house) -> str:
    """What the worker would have sent."""
    with enter(house.clinic):
        for uid in OneTimeCode.objects.filter(code_hash=None).values_list("uid", flat=True):
            codes.send(uid, site="http://clinic.test", at=datetime.now(UTC))
        return digits_of(Message.objects.filter(kind=codes.KIND).latest("id"))


def furnish(house) -> tuple[Appointment, Appointment]:
    """One visit in five days, one that is over; Quinn in Pat's care."""
    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        day = (at + timedelta(days=5)).astimezone(cast.location.zone).date()
        ahead = book_for(cast, time(11), now=at, day=day).appointment
        past = book_for(cast, time(14), now=at, day=day, service="facial").appointment
        Appointment.objects.filter(pk=past.pk).update(
            starts_at=at - timedelta(days=9), ends_at=at - timedelta(days=9, minutes=-75), status=Status.DONE
        )
        guardians.link(cast.desk, cast.people["quinn"], cast.pat, relation="guardian", on=at.date(), at=at)
    return ahead, past


@pytest.mark.promise("P245")
@pytest.mark.parametrize(("which", "size"), [("rival", PHONE), ("glow", DESK)])
def test_the_portal_from_the_code_to_a_visit_called_off(which, size, new_clinic, arrive):
    house = new_clinic(which)
    ahead, _past = furnish(house)
    zone = "America/Chicago" if which == "glow" else "America/Los_Angeles"
    visitor = arrive(house, size=size, zone=zone)
    eyes = Eyes(visitor, f"portal-{which}-{size['width']}")
    page = visitor.page
    sign_in(house, visitor, eyes, which)
    assert page.get_by_role("heading", level=1).inner_text().endswith(f", {NAMES[which][0]}.")
    eyes.on("home")
    for path in ("visits/", "messages/", "record/", "people/", "you/", "you/phone/", "you/correction/"):
        visitor.go(f"/portal/{path}")
        eyes.on(path.strip("/").replace("/", "-"))
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("[role=alert]")
    eyes.on("correction with an error")
    write_and_read(house, visitor, eyes)
    move_and_cancel(visitor, eyes, ahead)
    change_number(house, visitor, eyes)
    care(visitor, eyes)
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url("**/portal/sign-in/**")
    eyes.on("signed out")
    visitor.go("/portal/visits/")
    assert visitor.path.startswith("/portal/sign-in/")
    assert eyes.found == []


def sign_in(house, visitor, eyes, which) -> None:
    """By text: the code, a wrong birth date, the right one."""
    page = visitor.page
    visitor.go("/portal/")
    eyes.on("sign in")
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_selector("[role=alert]")
    eyes.on("sign in with an error")
    page.fill("[name=contact]", PEOPLE[which]["pat"].phone)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/**")
    eyes.on("code")
    digits = the_code(house)
    page.fill("[name=code]", f"{(int(digits) + 1) % 1_000_000:06}")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("[role=alert]")
    eyes.on("wrong code")
    page.fill("[name=code]", digits)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/birth-date/**")
    eyes.on("birth date")
    page.fill("[name=date_of_birth]", "01/01/2001")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    eyes.on("wrong birth date")
    page.fill("[name=date_of_birth]", NAMES[which][1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/")


def write_and_read(house, visitor, eyes) -> None:
    """Nothing typed, something typed, the answer on the home and in the thread."""
    page = visitor.page
    visitor.go("/portal/messages/")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_selector("[role=alert]")
    eyes.on("message with an error")
    page.get_by_label("Your message").fill("May I swim on Saturday?\nAnd go to the gym?")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/messages/?done=1")
    eyes.on("message sent")
    answer(house)
    visitor.go("/portal/")
    eyes.on("home with a new message")
    page.get_by_role("link", name="The clinic wrote to you").click()
    page.wait_for_url("**/messages/")
    expect(page.get_by_text("Better wait until Monday.")).to_be_visible()
    eyes.on("messages with an answer")
    visitor.go("/portal/")
    expect(page.get_by_text("The clinic wrote to you")).to_have_count(0)


def answer(house) -> None:
    with enter(house.clinic):
        letters.send(
            house.cast.desk,
            house.cast.pat,
            channel="portal",
            body="Better wait until Monday.",
            site="http://clinic.test",
            at=datetime.now(UTC),
        )


def move_and_cancel(visitor, eyes, ahead) -> None:
    page, link = visitor.page, f"/portal/visits/{ahead.uid}/"
    visitor.go("/portal/visits/")
    page.get_by_role("link", name="Botox", exact=True).first.click()
    page.wait_for_url(f"**{link}")
    eyes.on("visit")
    page.get_by_role("link", name="Change the time").click()
    page.wait_for_url("**/move/")
    eyes.on("move")
    # A day on which it can still be called off, whatever the hour this runs at.
    visitor.go(f"{link}move/?with=any&day={ahead.starts_at.date()}")
    page.locator(".slot:not([disabled])").last.click()
    page.wait_for_url(f"**{link}?done=moved")
    eyes.on("moved")
    visitor.go(f"{link}cancel/")
    eyes.on("cancel")
    page.get_by_role("button", name="Cancel the visit").click()
    page.wait_for_url(f"**{link}")
    eyes.on("cancelled")
    visitor.go("/portal/")
    eyes.on("home without a visit")


def change_number(house, visitor, eyes) -> None:
    page = visitor.page
    visitor.go("/portal/you/email/")
    eyes.on("address needs the mail")
    visitor.go("/portal/you/phone/")
    page.fill("[name=value]", "(512) 555-0177")
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/code/")
    eyes.on("code for the new number")
    page.fill("[name=code]", the_code(house))
    page.get_by_role("button", name="Change it").click()
    page.wait_for_url("**/you/?done=contact")
    eyes.on("number changed")
    page.get_by_label("Offers and news of the clinic by email.").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/you/?done=choices")
    assert page.get_by_label("Offers and news of the clinic by email.").is_checked()


def care(visitor, eyes) -> None:
    page = visitor.page
    visitor.go("/portal/people/")
    page.locator("main .choice").click()
    page.wait_for_url("**/portal/")
    eyes.on("home of a dependant")
    page.get_by_role("button", name="Back to my own").click()
    page.wait_for_selector(".acting", state="detached")


def test_a_long_name_and_address_fit_a_small_phone(new_clinic, arrive):
    house = new_clinic("glow")
    address = "wilhelmina-alexandrine.vanwolfeschlegelsteinhausen@example.com"
    with enter(house.clinic):
        details = Details("Wilhelmina-Alexandrine", "Wolfeschlegelsteinhausenbergerdorff", address)
        person = actions.create_person(details, by=job("test"), at=datetime.now(UTC))
    visitor = arrive(house, size={"width": 320, "height": 700})
    as_patient(visitor, house, person)
    eyes = Eyes(visitor, "portal-long", edge_only=True)
    for path in ("", "visits/", "consents/", "messages/", "you/", "you/email/", "you/correction/", "record/"):
        eyes.at(f"/portal/{path}", path.strip("/").replace("/", "-") or "home")
    assert eyes.found == []
