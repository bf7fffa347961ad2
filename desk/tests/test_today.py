"""The day by provider: who may, what stands where, what is asked for every ten seconds."""

from datetime import time

import pytest

from desk.tests import days
from desk.tests.days import Counted, book, htmx, text_of
from practice import actions as practice
from tenants.context import enter
from tests.cast import BY

MAY = ("owner", "admin", "provider", "supervisor", "front_desk")
MAY_NOT = ("marketer", "analyst")


@pytest.mark.parametrize("role", MAY)
def test_whoever_sees_visits_sees_the_day(role, glow, visit):
    response = glow.client(glow.cast.users[role]).get("/desk/")
    assert response.status_code == 200
    assert "Pat Peterson" in text_of(response)


@pytest.mark.parametrize("path", ["/desk/week/", "/desk/day/2026-03-03/", "/desk/day/?day=2026-03-03"])
@pytest.mark.parametrize("role", MAY_NOT)
def test_whoever_may_not_see_visits_gets_a_clear_page(role, path, glow, visit):
    response = glow.client(glow.cast.users[role]).get(path)
    assert response.status_code == 403
    assert "Your role does not include this page" in text_of(response)
    assert "Pat" not in text_of(response)


def test_the_day_shows_status_buffer_service_and_counts(glow, visit):
    book(glow, time(15, 30), who="quinn", service="laser", provider="sven")
    body = glow.client(glow.cast.desk).get("/desk/").content.decode()
    assert 'data-status="booked" data-at="14:00" data-min="30"' in body
    assert 'class="buffer" data-at="14:30" data-min="10"' in body
    assert 'class="buffer" data-at="15:25" data-min="5"' in body
    assert "Laser hair removal" in body
    assert "Unconfirmed 2" in body
    assert "Tue 3\N{NO-BREAK SPACE}Mar" in body
    assert 'data-now-zone="America/Chicago"' in body
    assert 'class="now" data-at="11:20"' in body


def test_another_day_has_its_own_visits_and_no_now_line(glow, visit):
    response = glow.client(glow.cast.desk).get("/desk/day/2026-03-04/")
    assert "Pat Peterson" not in text_of(response)
    assert 'class="now"' not in response.content.decode()
    assert "Nothing is booked on this day." in text_of(response)
    assert "/desk/day/2026-03-03/" in response.content.decode()
    assert "/desk/day/2026-03-05/" in response.content.decode()


@pytest.mark.parametrize("path", ["/desk/day/2026-02-30/", "/desk/day/1999-01-01/", "/desk/day/soon/"])
def test_a_date_that_is_none_is_404(path, glow, clock):
    assert glow.client(glow.cast.desk).get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("2026-03-09", "/desk/day/2026-03-09/"),
        ("", "/desk/"),
        ("9 March", "/desk/"),
        ("1066-10-14", "/desk/"),
    ],
)
def test_the_date_picker_leads_to_the_day(typed, leads, glow, clock):
    response = glow.client(glow.cast.desk).get("/desk/day/", {"day": typed})
    assert response.status_code == 302
    assert response["Location"] == leads


def test_a_poll_gets_the_calendar_alone_and_keeps_the_chosen_visit(glow, visit):
    client = glow.client(glow.cast.desk)
    response = htmx(client, "get", "/desk/day/2026-03-03/", page=f"/desk/visits/{visit.uid}/")
    body = response.content.decode()
    assert "<html" not in body
    assert body.lstrip().startswith('<div class="cal"')
    assert f'id="visit-{visit.uid}"' in body
    assert 'aria-current="true"' in body
    assert 'id="day-foot" hx-swap-oob' in body
    assert "HX-Request" in response["Vary"]
    assert "aria-current" not in htmx(client, "get", "/desk/day/2026-03-03/").content.decode()


def test_polling_does_not_keep_a_session_alive(glow, clock):
    client = glow.client(glow.cast.desk)
    headers = days.HTMX | {"X-Poll": "1"}
    for _ in range(4):
        assert client.get("/desk/day/2026-03-03/", headers=headers).status_code == 200
        clock.shift(240)
    response = client.get("/desk/day/2026-03-03/", headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"].startswith("/desk/sign-in/")


def test_free_times_lead_to_a_new_visit_from_now_on(glow, visit):
    body = glow.client(glow.cast.desk).get("/desk/").content.decode()
    ines = glow.cast.providers["ines"].uid
    assert f"/desk/visits/new/?provider={ines}&amp;start=2026-03-03T13%3A30" in body
    assert f"/desk/visits/new/?provider={ines}&amp;start=2026-03-03T14%3A00" not in body
    assert f"/desk/visits/new/?provider={ines}&amp;start=2026-03-03T10%3A00" not in body
    past = glow.client(glow.cast.desk).get("/desk/day/2026-03-02/").content.decode()
    assert 'class="free"' not in past


def test_with_several_locations_the_day_is_of_one(glow, visit):
    with enter(glow.clinic):
        other = practice.create_location(by=BY, name="East Side", timezone="America/Chicago")
    client = glow.client(glow.cast.desk)
    here = text_of(client.get("/desk/"))
    assert "East Side" in here
    assert "Pat Peterson" in here
    there = client.get("/desk/", {"location": str(other.uid)})
    assert "Nobody works here yet" in text_of(there)
    assert f"/desk/day/2026-03-04/?location={other.uid}" in there.content.decode()


@pytest.mark.parametrize("asked", ["nonsense", "0198c0de-0000-7000-8000-000000000000"])
def test_an_unknown_location_is_404(asked, glow, clock):
    assert glow.client(glow.cast.desk).get("/desk/", {"location": asked}).status_code == 404


def test_another_clinics_location_is_404(glow, rival, clock):
    asked = str(rival.cast.location.uid)
    assert glow.client(glow.cast.desk).get("/desk/", {"location": asked}).status_code == 404


def test_the_day_costs_ten_statements(glow, visit):
    book(glow, time(16), who="quinn", provider="sven")
    client = glow.client(glow.cast.desk)
    client.get("/desk/")
    with Counted() as counted:
        assert client.get("/desk/").status_code == 200
    assert len(counted.statements) <= 10, "\n".join(counted.statements)


def test_with_the_vault_down_times_stay_and_names_go(glow, visit, vault_down):
    response = glow.client(glow.cast.desk).get("/desk/")
    assert response.status_code == 200
    words = text_of(response)
    assert "Names are locked away right now." in words
    assert "Botox" in words
    assert "Peterson" not in words
    panel = htmx(glow.client(glow.cast.desk), "get", f"/desk/visits/{visit.uid}/")
    assert panel.status_code == 200
    assert "2:00" in text_of(panel)
    assert "Peterson" not in text_of(panel)
