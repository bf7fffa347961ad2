"""Scheduling, patients and treatment tracking are one product: what one part notes, the others show."""

import pytest

from accounts.actors import actor_for
from charting import actions
from charting.tests import courses
from scheduling import actions as visits
from scheduling.tests.visits import book_for, wall
from tenants.context import enter


@pytest.mark.promise("P7")
def test_a_visit_leads_from_the_calendar_over_the_patient_to_the_treatment(glow):
    """One staff sign-in, and each page leads to the next."""
    cast = glow.cast
    with enter(glow.clinic):
        visit = book_for(cast, wall(cast).time()).appointment
        visits.check_in(visit, by=actor_for(cast.owner), at=wall(cast))
    client, person = glow.client(cast.users["provider"]), cast.pat.uid
    day = client.get(f"/desk/day/{wall(cast).date().isoformat()}/").content.decode()
    assert "Pat Peterson" in day
    panel = client.get(f"/desk/visits/{visit.uid}/").content.decode()
    assert f"/desk/patients/{person}/" in panel
    page = client.get(f"/desk/patients/{person}/").content.decode()
    for tab in ("chart", "treatments", "photos", "forms", "history"):
        assert f"/desk/patients/{person}/{tab}/" in page
    began = client.post(f"/desk/visits/{visit.uid}/chart/")
    with enter(glow.clinic):
        series = courses.begin(cast, at=visit.starts_at)
        encounter = cast.pat.encounters.select_related("person").get()
        device, by = cast.devices["laser"], actor_for(cast.users["provider"])
        session = actions.keep_session(encounter, series, device, courses.FIGURES, by=by, at=visit.starts_at)
    assert str(encounter.uid) in began["Location"]
    treatments = client.get(f"/desk/patients/{person}/treatments/").content.decode()
    assert "1 of 8" in " ".join(treatments.replace("<b>", "").replace("</b>", "").split())
    timeline = client.get(f"/desk/patients/{person}/chart/").content.decode()
    for address in (
        f"/desk/visits/{visit.uid}/",
        f"/desk/encounters/{encounter.uid}/",
        f"/desk/sessions/{session.uid}/",
    ):
        assert address in timeline
