"""Locations, weeks, closures, rooms and devices as the owner sets them up; what cannot be is refused at its field."""

from datetime import date, time

import pytest
import time_machine

from audit.models import Event
from desk.tests import days
from practice.models import Closure, Device, Location, OpeningHours, Room
from practice.signals import hours_changed
from tenants.context import enter

LOCATIONS = "/desk/settings/locations/"
PLACE = {"name": "North", "timezone": "America/Denver", "country": "US", "tax_percent": "8.25"}


@pytest.fixture
def owner(glow):
    return glow.client(glow.cast.owner)


@pytest.fixture
def place(glow):
    return f"{LOCATIONS}{glow.cast.location.uid}/"


@pytest.fixture
def news():
    heard = []

    def hear(sender, location, provider, **_news):
        heard.append(location)

    hours_changed.connect(hear)
    yield heard
    hours_changed.disconnect(hear)


def week(**given):
    """A form's fields: nothing but what is given."""
    empty = {
        f"d{day}_{place}_{end}": "" for day in range(7) for place in range(2) for end in ("opens", "closes")
    }
    return empty | given


def test_a_location_is_added_and_changed(glow, owner):
    answer = owner.post(LOCATIONS + "new/", PLACE)
    with enter(glow.clinic):
        made = Location.objects.get(name="North")
        assert (made.tax_rate_bp, made.timezone) == (825, "America/Denver")
        assert Event.objects.filter(verb="location.created", object_id=str(made.uid)).exists()
    assert answer["Location"] == f"{LOCATIONS}{made.uid}/hours/"
    assert owner.post(f"{LOCATIONS}{made.uid}/", {**PLACE, "name": "South"}).status_code == 303
    assert "South" in owner.get(LOCATIONS).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"timezone": ""},
        {"timezone": "Mars/Olympus"},
        {"tax_percent": "101"},
        {"tax_percent": "8.255"},
        {"tax_percent": "eight"},
        {"tax_percent": "NaN"},
        {"phone": "12"},
        {"country": "Atlantis"},
    ],
)
def test_locations_that_cannot_be(glow, owner, wrong):
    answer = owner.post(LOCATIONS + "new/", {**PLACE, **wrong})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    with enter(glow.clinic):
        assert Location.objects.count() == 1


def test_a_week_with_lunch(glow, owner, place, news):
    typed = week(d0_0_opens="09:00", d0_0_closes="12:00", d0_1_opens="13:00", d0_1_closes="17:30")
    assert owner.post(place + "hours/", typed).status_code == 303
    with enter(glow.clinic):
        kept = list(OpeningHours.objects.values_list("weekday", "opens", "closes"))
    assert kept == [(0, time(9), time(12)), (0, time(13), time(17, 30))]
    assert news == [glow.cast.location]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"d0_0_opens": "18:00", "d0_0_closes": "09:00"}, "The end must come after the start."),
        ({"d0_0_opens": "09:00", "d0_0_closes": "09:00"}, "The end must come after the start."),
        ({"d0_0_opens": "09:00"}, "Give both times"),
        ({"d0_0_closes": "09:00"}, "Give both times"),
        ({"d0_0_opens": "25:00", "d0_0_closes": "26:00"}, "Give a time such as 09:00."),
        (
            {"d2_0_opens": "09:00", "d2_0_closes": "12:00", "d2_1_opens": "11:00", "d2_1_closes": "15:00"},
            "These hours overlap",
        ),
    ],
)
def test_hours_that_cannot_be(glow, owner, place, typed, says):
    answer = owner.post(place + "hours/", week(**typed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert all(f'value="{value}"' in text for value in typed.values())  # nothing typed is lost
    with enter(glow.clinic):
        assert OpeningHours.objects.count() == 7


def test_monday_is_copied_and_not_yet_kept(glow, owner, place):
    answer = owner.post(place + "hours/", week(d0_0_opens="08:15", d0_0_closes="12:45", copy="1"))
    assert answer.content.decode().count('value="08:15"') == 5
    with enter(glow.clinic):
        assert not OpeningHours.objects.filter(opens=time(8, 15)).exists()


def test_a_closure_names_the_visits_it_would_meet(glow, owner, place):
    with time_machine.travel(days.AT, tick=False):
        visit = days.book(glow)
        owner = glow.client(glow.cast.owner)
        typed = {"starts_on": "2026-03-02", "ends_on": "2026-03-04", "reason": "Floor"}
        answer = owner.post(place + "closures/", typed)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "One visit is booked on these days." in text
        assert f"/desk/visits/{visit.uid}/" in text
        with enter(glow.clinic):
            assert not Closure.objects.exists()
        assert owner.post(place + "closures/", {**typed, "anyway": "on"}).status_code == 303
        with enter(glow.clinic):
            closure = Closure.objects.get()
        assert (closure.starts_on, closure.reason) == (date(2026, 3, 2), "Floor")
        assert "Floor" in owner.get(place + "closures/").content.decode()
        for _again in range(2):
            assert owner.post(place + "closures/", {"remove": str(closure.uid)}).status_code == 303
        assert owner.post(place + "closures/", {"remove": "x"}).status_code == 404
        with enter(glow.clinic):
            assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"starts_on": "2026-12-26", "ends_on": "2026-12-24"},
        {"starts_on": ""},
        {"starts_on": "soon"},
        {"starts_on": "9999-12-31"},
        {"starts_on": "2026-12-24", "ends_on": "9999-12-31"},
        {"starts_on": "2026-12-24", "reason": "x" * 121},
    ],
)
def test_closures_that_cannot_be(glow, owner, place, typed):
    assert owner.post(place + "closures/", typed).status_code == 422
    with enter(glow.clinic):
        assert not Closure.objects.exists()


@pytest.mark.parametrize(("what", "model"), [("room", Room), ("device", Device)])
def test_rooms_and_devices(glow, owner, what, model, news):
    new = f"/desk/settings/{what}s/new/"
    given = {"name": "Blue", "kind": "treatment", "location": str(glow.cast.location.uid)}
    assert owner.post(new, given).status_code == 303
    with enter(glow.clinic):
        row = model.objects.get(name="Blue")
    page = f"/desk/settings/{what}s/{row.uid}/"
    assert owner.post(page, {**given, "name": "Green"}).status_code == 303
    assert "Green" in owner.get("/desk/settings/resources/").content.decode()
    assert owner.post(page + "archive/").status_code == 303
    with enter(glow.clinic):
        row.refresh_from_db()
        assert row.archived_at is not None
    assert owner.post(page + "restore/").status_code == 303
    assert len(news) == 4
    for wrong in ({"name": ""}, {"kind": ""}, {"location": "x"}, {"kind": "x" * 41}):
        assert owner.post(new, {**given, **wrong}).status_code == 422


def test_what_visits_need_is_not_archived(glow):
    with time_machine.travel(days.AT, tick=False):
        visit = days.book(glow)
        owner = glow.client(glow.cast.owner)
        for page in (
            f"/desk/settings/rooms/{visit.room.uid}/archive/",
            f"{LOCATIONS}{glow.cast.location.uid}/archive/",
        ):
            assert "One visit still needs it." in owner.get(page).content.decode()
            assert owner.post(page).status_code == 409
        with enter(glow.clinic):
            assert Location.objects.open().exists()
            assert Room.objects.get(pk=visit.room.pk).archived_at is None


def test_the_last_device_of_a_kind_is_missed(glow, owner):
    page = owner.get(f"/desk/settings/devices/{glow.cast.devices['laser'].uid}/archive/").content.decode()
    assert "Laser hair removal" in page


def test_no_visit_page_names_a_patient(glow, place):
    with time_machine.travel(days.AT, tick=False):
        days.book(glow)
        owner = glow.client(glow.cast.owner)
        text = owner.post(place + "closures/", {"starts_on": "2026-03-03"}).content.decode()
        assert "Peterson" not in text
