"""Laser memory in a browser: the next session opens as the last one ended, a jump needs its reason, and the patient
who has a reaction finds the way to tell."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from charting.models import AdverseEvent, LaserSession
from charting.tests.courses import begin, treat, visit
from core.clock import now
from tenants.context import enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import as_patient, as_staff
from tests.browser.eyes import Eyes
from tests.browser.going import follow

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]


@pytest.mark.promise("P51")
@pytest.mark.parametrize(
    ("which", "size"), [("glow", DESK), ("rival", PHONE)], ids=["glow-desk", "rival-phone"]
)
def test_the_next_session_remembers_the_last(which, size, new_clinic, arrive):
    house, at = new_clinic(which), now()
    cast = house.cast
    with enter(house.clinic):
        series = begin(cast, at=at - timedelta(days=130))
        for days in (120, 60):
            treat(cast, series, at=at - timedelta(days=days))
        encounter = visit(cast, at=at)
    visitor = arrive(house, size=size)
    eyes, page = Eyes(visitor, f"laser-{which}", full_page=True), visitor.page
    as_staff(visitor, house, cast.users["provider"])
    eyes.at(f"/desk/series/{series.uid}/", "series")
    eyes.at(f"/desk/encounters/{encounter.uid}/", "encounter")
    eyes.at(f"/desk/encounters/{encounter.uid}/sessions/new/?series={series.uid}", "new")
    fluence = page.get_by_label(re.compile("Fluence"))
    expect(fluence).to_have_value(re.compile(r"2\.50?"))
    fluence.fill("4.0")
    follow(page.locator("main form button.btn--primary").first)
    eyes.on("jump")
    with enter(house.clinic):
        assert LaserSession.objects.count() == 2, "a jump without a reason is not kept"
    page.get_by_label(re.compile("[Rr]eason|[Ww]hy")).last.fill(
        "Ink barely faded, skin calm after the last two"
    )
    follow(page.locator("main form button.btn--primary").first)
    eyes.on("kept")
    with enter(house.clinic):
        assert LaserSession.objects.count() == 3

    patient = arrive(house, size=PHONE)
    seen = Eyes(patient, f"laser-{which}-patient", full_page=True)
    as_patient(patient, house, cast.pat)
    seen.at("/portal/", "home")
    seen.at("/portal/report/", "report")
    patient.page.locator("main textarea").first.fill("Blisters where the laser was")
    patient.page.get_by_label("Since when?").fill("Last night")
    patient.page.get_by_label("How bad is it?").select_option(index=2)
    follow(patient.page.locator("main form button.btn--primary"))
    seen.on("reported")
    with enter(house.clinic):
        assert AdverseEvent.objects.count() == 1
    eyes.at("/desk/events/", "events")
    assert eyes.found + seen.found == []
