"""The week, the calendar by room and device, filters in the address, and views that somebody saved."""

from datetime import time

import pytest

from desk.tests.days import TWO, WEDNESDAY, Counted, book, htmx, text_of
from scheduling.models import SavedView
from tenants.context import enter


def test_a_week_begins_on_monday_and_shows_each_day(glow, visit):
    book(glow, TWO, day=WEDNESDAY, who="quinn", provider="sven")
    response = glow.client(glow.cast.desk).get("/desk/week/2026-03-05/")
    body, words = response.content.decode(), text_of(response)
    assert "2 – 8 Mar 2026" in words
    assert "Pat Peterson" in words
    assert "Quinn Quiñones" in words
    assert 'hx-get="/desk/week/2026-03-02/"' in body
    assert 'href="/desk/week/2026-02-23/"' in body
    assert 'href="/desk/week/2026-03-09/"' in body
    assert 'href="/desk/day/2026-03-03/"' in body
    assert "data-today" in body


def test_the_week_costs_twelve_statements(glow, visit):
    book(glow, TWO, day=WEDNESDAY, who="quinn", provider="sven")
    client = glow.client(glow.cast.desk)
    client.get("/desk/week/")
    for path in ("/desk/week/", "/desk/week/?by=room", "/desk/week/?by=device"):
        with Counted() as counted:
            assert client.get(path).status_code == 200
        assert len(counted.statements) <= 12, "\n".join(counted.statements)


@pytest.mark.parametrize("by", ["room", "device"])
@pytest.mark.parametrize("page", ["day/2026-03-03", "week/2026-03-03"])
def test_by_room_and_device(by, page, glow, visit):
    book(glow, time(16), who="quinn", service="laser", provider="sven")
    with enter(glow.clinic):
        visit.refresh_from_db()
        name = visit.room.name if by == "room" else glow.cast.devices["laser"].name
    response = glow.client(glow.cast.desk).get(f"/desk/{page}/", {"by": by})
    words = text_of(response)
    assert name in words
    assert "Quinn Quiñones" in words
    assert ("None needed" in words) == (by == "device")


def test_filters_stay_in_the_address_and_hide_names_not_time(glow, visit):
    book(glow, time(16), who="quinn", service="facial", provider="ines")
    botox = glow.cast.services["botox"].uid
    client = glow.client(glow.cast.desk)
    response = client.get("/desk/day/2026-03-03/", {"service": str(botox)})
    body, words = response.content.decode(), text_of(response)
    assert "Pat Peterson" in words
    assert "Quinn" not in words
    assert "Another visit" in words
    assert f'href="/desk/day/2026-03-04/?service={botox}"' in body
    sven = glow.cast.providers["sven"].uid
    only = text_of(client.get("/desk/day/2026-03-03/", {"who": str(sven)}))
    assert "Pat Peterson" not in only
    assert "Ines" not in only
    assert "No visit fits this filter." in only
    none = text_of(client.get("/desk/week/2026-03-03/", {"status": "done"}))
    assert "Pat Peterson" not in none


@pytest.mark.parametrize(
    "wrong", [{"who": "x"}, {"by": "patient"}, {"status": "cancelled"}, {"service": "1"}]
)
def test_nonsense_in_the_address_asks_for_everything(wrong, glow, visit):
    response = glow.client(glow.cast.desk).get("/desk/day/2026-03-03/", wrong)
    assert response.status_code == 200
    assert "Pat Peterson" in text_of(response)


def test_a_change_from_a_filtered_week_answers_with_that_week(glow, visit):
    room = "/desk/week/2026-03-02/?by=room"
    response = glow.client(glow.cast.desk).post(
        f"/desk/visits/{visit.uid}/check-in/",
        headers={
            "HX-Request": "true",
            "HX-Current-URL": f"http://glow.localhost/desk/visits/{visit.uid}/",
            "X-Calendar": room,
        },
    )
    body = response.content.decode()
    assert f'hx-get="{room}"' in body
    assert 'class="wcal"' in body


def test_the_filter_panel_leads_to_the_calendar(glow, visit):
    client = glow.client(glow.cast.desk)
    response = htmx(client, "get", "/desk/calendar/filter/?view=week&day=2026-03-04&by=room")
    words = text_of(response)
    assert "Rooms" in words
    assert "Botox" in words
    whole = client.get("/desk/calendar/filter/?day=2026-03-03")
    assert "Pat Peterson" in text_of(whole)
    went = client.get("/desk/day/", {"view": "week", "day": "2026-03-04", "by": "room", "status": ["booked"]})
    assert went["Location"] == "/desk/week/2026-03-04/?by=room&status=booked"


def test_a_view_is_saved_opened_and_deleted(glow, visit):
    client = glow.client(glow.cast.desk)
    saved = htmx(client, "post", "/desk/calendar/views/", {"name": "My rooms", "view": "week", "by": "room"})
    assert saved.status_code == 200
    assert "Saved as My rooms." in text_of(saved)
    assert 'href="/desk/week/?by=room"' in saved.content.decode()
    other = glow.client(glow.cast.owner)
    assert "My rooms" not in text_of(htmx(other, "get", "/desk/calendar/filter/"))
    with enter(glow.clinic):
        view = SavedView.objects.get(user=glow.cast.desk)
    assert other.post(f"/desk/calendar/views/{view.uid}/delete/").status_code == 404
    gone = htmx(client, "post", f"/desk/calendar/views/{view.uid}/delete/")
    assert gone.status_code == 200
    assert "My rooms" not in text_of(gone)


def test_a_view_without_a_name_is_refused_and_the_form_stays(glow, visit):
    client = glow.client(glow.cast.desk)
    response = htmx(client, "post", "/desk/calendar/views/", {"name": " ", "by": "device"})
    assert response.status_code == 422
    assert "Give the view a name." in text_of(response)
    assert 'name="by" value="device"' in response.content.decode()
    long = htmx(client, "post", "/desk/calendar/views/", {"name": "x" * 61})
    assert long.status_code == 422
    assert "x" * 61 in long.content.decode()
