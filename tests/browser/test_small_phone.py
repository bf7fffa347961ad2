"""The record on the smallest phone, with the longest name and full tables: nothing runs over the edge."""

from datetime import timedelta

import pytest

from audit.actors import job
from charting.tests.courses import begin, treat, visit
from charting.tests.plans import offered
from core.clock import local_date, now
from documents.tests.papers import add_document
from patients import actions
from photos.tests.pictures import add_photo
from practice.profile import clinic_zone
from tenants.context import enter
from tests.browser.entering import as_staff
from tests.browser.eyes import Eyes

pytestmark = [pytest.mark.browser, pytest.mark.own_clinic]
SMALL = {"width": 320, "height": 700}
LONG = {
    "first_name": "Wilhelmina-Alexandrine",
    "last_name": "Wolfeschlegelsteinhausenbergerdorff",
    "email": "wilhelmina-alexandrine.vanwolfeschlegelsteinhausen@example.com",
}
TABS = ("", "chart/", "history/", "forms/", "treatments/", "plans/", "photos/", "documents/", "care-team/")


def test_the_record_fits_whatever_it_holds(new_clinic, arrive):
    house, at = new_clinic("glow"), now()
    cast = house.cast
    with enter(house.clinic):
        on = local_date(at, clinic_zone())
        actions.update_person(cast.pat, LONG, by=job("test"), on=on, region="TX")
        series = begin(cast, at=at - timedelta(days=300))
        for number in range(5):
            treat(cast, series, at=at - timedelta(days=280 - 50 * number), fluence=f"{2.5 + number / 10:.2f}")
        encounter = visit(cast, at=at)
        version = offered(cast, at=at)
    photo, document = add_photo(house), add_document(house, title="Letter" * 19)
    visitor = arrive(house, size=SMALL)
    as_staff(visitor, house, cast.users["provider"])
    eyes = Eyes(visitor, "small", edge_only=True)
    for tab in TABS:
        eyes.at(f"/desk/patients/{cast.pat.uid}/{tab}", tab.strip("/") or "person")
    for path in (
        f"series/{series.uid}",
        f"encounters/{encounter.uid}",
        f"encounters/{encounter.uid}/injections",
        f"plans/{version.plan.uid}",
        f"photos/{photo.uid}",
        f"documents/{document.uid}",
        "stock",
        "stock/movements",
        "notes",
    ):
        eyes.at(f"/desk/{path}/", path.partition("/")[0])
    assert eyes.found == []
