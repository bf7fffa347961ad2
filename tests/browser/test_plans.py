"""A plan from its first word to the aftercare: written, offered, accepted in the portal, followed, read afterwards."""

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from charting.actions import giving
from charting.models import AftercareSheet, PlanDecision, TreatmentPlan
from charting.tests.plans import done
from core.clock import now
from scheduling.models import Appointment
from scheduling.signals import appointment_changed
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.mark.parametrize(
    ("which", "size"), [("glow", DESK), ("rival", PHONE)], ids=["glow-desk", "rival-phone"]
)
def test_a_plan_is_written_accepted_followed_and_read_up_afterwards(which, size, new_clinic, arrive):
    house = new_clinic(which)
    cast = house.cast
    owner = arrive(house, size=size)
    eyes, page = Eyes(owner, f"plans-{which}", full_page=True), owner.page
    as_staff(owner, house, cast.owner)

    # The clinic's text, from one of ours
    eyes.at("/desk/settings/aftercare/", "no-texts")
    follow(page.get_by_role("button", name=re.compile("Add Botulinum toxin")))
    follow(page.get_by_role("button", name="Preview"))
    eyes.on("text-preview")
    eyes.at("/desk/settings/aftercare/", "texts")

    # Written: two stages, of which one is put in front
    eyes.at(f"/desk/patients/{cast.pat.uid}/plans/", "no-plans")
    page.get_by_role("link", name="New plan").click()
    page.get_by_label("Title").fill("Calmer forehead, smoother legs until the summer")
    page.get_by_label("What it is for").fill("Fewer lines at rest, and no more shaving.")
    follow(page.get_by_role("button", name="Add a stage"))
    for number, name, sessions in ((0, "Botox", "2"), (1, "Laser hair removal", "1")):
        page.locator(f"#id_s{number}-service").select_option(label=name)
        page.locator(f"#id_s{number}-sessions").fill(sessions)
    page.locator("#id_s0-least_days").fill("84")
    page.locator("#id_s0-best_days").fill("98")
    page.locator("#id_s1-price").fill("much")
    follow(page.get_by_role("button", name="Keep as a draft"))
    eyes.on("refused")
    expect(page.locator("#id_s0-sessions")).to_have_value("2")
    page.locator("#id_s1-price").fill("150")
    page.get_by_label("After each visit").fill("Frown gently for an hour.")
    follow(page.get_by_role("button", name="Keep as a draft"))
    eyes.on("draft")
    follow(page.get_by_role("button", name="Offer to the patient"))
    eyes.on("offered")
    with enter(house.clinic):
        plan = TreatmentPlan.objects.get()

    # Read and accepted
    patient = arrive(house, size=PHONE if size is DESK else DESK)
    seen = Eyes(patient, f"plans-{which}-patient", full_page=True)
    as_patient(patient, house, cast.pat)
    seen.at("/portal/", "home-offered")
    patient.page.get_by_role("link", name=re.compile("A treatment plan to read")).click()
    follow(patient.page.get_by_role("button", name="Accept the plan"))
    seen.on("nameless")
    patient.page.get_by_label("Your full name, to accept").fill(cast.pat.name)
    follow(patient.page.get_by_role("button", name="Accept the plan"))
    seen.on("accepted")
    seen.at("/portal/plans/", "plans")
    with enter(house.clinic):
        assert PlanDecision.objects.get().version.plan_id == plan.pk
    paper = house.portal(cast.pat).get(f"/portal/plans/{plan.uid}/plan.pdf")
    text = "".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(paper.content)).pages)
    assert "This is an estimate, not a bill" in text
    assert cast.pat.name in text

    # A visit is done: it counts, and its aftercare follows
    with enter(house.clinic):
        visit = done(cast, at=now() + timedelta(seconds=1))
        appointment_changed.send(sender=Appointment, appointment=visit, verb="done", at=now())
        sheet = AftercareSheet.objects.get()
        assert giving.send_due(sheet.uid, site=owner.address, at=sheet.due_at) == 1
    eyes.at(f"/desk/plans/{plan.uid}/", "progress")
    eyes.at(f"/desk/patients/{cast.pat.uid}/plans/", "plans")
    eyes.at(f"/desk/aftercare/{sheet.uid}/", "sheet")
    eyes.at(f"/desk/plans/{plan.uid}/edit/", "edit")
    seen.at("/portal/", "home-aftercare")
    follow(patient.page.get_by_role("link", name=re.compile("What to do now")))
    seen.on("aftercare")
    expect(patient.page.get_by_text("Frown gently for an hour.")).to_be_visible()
    seen.at(f"/portal/plans/{plan.uid}/", "followed")
    seen.at("/portal/aftercare/", "sheets")
    with enter(house.clinic):
        sheet.refresh_from_db()
        assert sheet.read_at is not None
    assert eyes.found + seen.found == []
