"""Before a treatment, on both clinics: a patient answers on a phone, the provider examines, and one thing is overridden."""

from datetime import date, time

import pytest
import time_machine
from playwright.sync_api import expect

from accounts.actors import actor_for
from charting import actions
from charting.actions.rules import Rule
from charting.models import HistoryEntry, Intake
from desk.tests import days
from desk.tests.days import book
from practice.actions import add_license
from scheduling import actions as visits
from scheduling.models import Appointment
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.own_clinic,
    pytest.mark.promise("P48"),
    pytest.mark.promise("P51"),
]
AT = days.AT
RULES = {"exam": Rule("block"), "intake": Rule("warn"), "license": Rule("block")}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=True):
        yield


@pytest.mark.parametrize("which", ["glow", "rival"])
def test_from_the_form_on_the_phone_to_the_start(which, new_clinic, arrive):
    house = new_clinic(which)
    cast = house.cast
    visit = book(house, time(11, 30))
    with enter(house.clinic):
        by = actor_for(cast.owner)
        form = actions.add_starter("injectables", by=by, at=AT)
        form.services.set([visit.service])
        actions.set_gate_rules(RULES, by=by)
        add_license(
            cast.providers["sven"],
            kind="physician",
            number="MD 1",
            state="TX",
            valid_until=date(2031, 1, 1),
            by=by,
        )
        visits.check_in(visit, by=by, at=AT)
    found = answer_on_the_phone(house, arrive(house, size=PHONE, at=AT), which, form)
    found += examine_and_start(house, arrive(house, size=DESK, at=AT), which, visit)
    assert found == []


def answer_on_the_phone(house, visitor, which, form) -> list[str]:
    """A required gap comes back with what was answered; a branch opens; the end says thank you."""
    as_patient(visitor, house, house.cast.pat)
    page, eyes = visitor.page, Eyes(visitor, f"intake-{which}", full_page=True)
    eyes.at("/portal/", "home")
    follow(page.get_by_role("link", name=form.title))
    which_one = page.get_by_label("To what, and what happens?")
    expect(which_one).to_be_hidden()
    page.get_by_role("group", name="Are you allergic").get_by_label("Yes").check()
    which_one.fill("Latex, hives")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("still missing")
    expect(which_one).to_have_value("Latex, hives")
    eyes.on("gap")
    page.get_by_role("group", name="Did a numbing").get_by_label("No").check()
    page.get_by_role("button", name="Go on").click()
    for part in (2, 3, 4):
        expect(page.get_by_text(f"Part {part} of 4")).to_be_visible()
        for label in page.get_by_label("No", exact=True).all():
            if label.is_visible():
                label.check()
        page.get_by_role("button", name="Go on" if part < 4 else "Send to the clinic").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    eyes.on("done")
    return eyes.found


def examine_and_start(house, visitor, which, visit) -> list[str]:
    """The list says what is missing; the answers become history; the exam opens one item, a reason the other."""
    as_staff(visitor, house, house.cast.users["supervisor"])
    page, eyes = visitor.page, Eyes(visitor, f"gate-{which}", full_page=True)
    eyes.at(f"/desk/visits/{visit.uid}/", "panel")
    panel = page.get_by_role("complementary", name=house.cast.pat.first_name)
    expect(panel.get_by_text("No good-faith exam")).to_be_visible()
    expect(panel.get_by_text("No licence of the provider")).to_be_visible()
    expect(panel.get_by_text("Health form filled in")).to_be_visible()
    with enter(house.clinic):
        intake = Intake.objects.get()
    eyes.at(f"/desk/intakes/{intake.uid}/", "answers")
    page.get_by_role("group", name="Latex, hives").get_by_label("Accept").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Allergy: Latex, hives")).to_be_visible()
    eyes.at(f"/desk/patients/{house.cast.pat.uid}/history/", "history")
    eyes.at(f"/desk/patients/{house.cast.pat.uid}/exams/new/?service={visit.service.uid}", "exam-new")
    page.get_by_role("button", name="Begin the exam").click()
    page.get_by_label("Cleared", exact=True).check()
    eyes.on("exam")
    page.get_by_role("button", name="Record the result").click()
    expect(page.get_by_text(f"{visit.service.name}: Cleared")).to_be_visible()
    visitor.go(f"/desk/visits/{visit.uid}/")
    page.get_by_text("Start although something is missing").click()
    page.get_by_label("Why it begins all the same").fill("Her licence was renewed today, the paper follows")
    eyes.on("override")
    page.get_by_role("button", name="Start all the same").click()
    expect(page.get_by_role("status").filter(has_text="Treatment started")).to_be_visible()
    for place in ("gate", "questionnaires", "licenses"):
        eyes.at(f"/desk/settings/{place}/", place)
    with enter(house.clinic):
        assert Appointment.objects.get(pk=visit.pk).status == "in_room"
        assert [row.kind for row in HistoryEntry.objects.all()] == ["allergy"]
    return eyes.found
