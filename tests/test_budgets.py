"""How often a page asks: the same for a new record as for a long one, and few enough for a busy morning."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from charting.models import LaserSeries
from photos.tests.pictures import add_photo
from practice.tests import shelf
from tenants.context import enter
from tests import busy
from tests.budgets import listed, statements
from tests.busy import AT


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def provider(house):
    return house.client(house.cast.users["provider"])


def long_record(house: Any, size: int) -> Any:
    with enter(house.clinic):
        encounter = busy.record(house.cast, size)
        shelf.received(shelf.toxin(name="Another"), house.cast.location, number="B1")
    for number in range(size):
        add_photo(house, at=AT - timedelta(hours=number))
    return encounter


@pytest.mark.promise("P48")
def test_an_encounter_with_everything_in_it_asks_36_times_at_most_however_long_the_record_is(glow, clock):
    with enter(glow.clinic):
        busy.visits(glow.cast, 200)
        encounter = busy.record(glow.cast, 3)
    found = statements(provider(glow), f"/desk/encounters/{encounter.uid}/")
    assert len(found) <= 36, listed(found)


def series_page(house):
    with enter(house.clinic):
        return f"/desk/series/{LaserSeries.objects.latest('id').uid}/"


PAGES: dict[str, tuple[int, Callable[[Any], str]]] = {
    "stock": (6, lambda house: "/desk/stock/"),
    "products": (6, lambda house: "/desk/stock/products/"),
    "history": (10, lambda house: f"/desk/patients/{house.cast.pat.uid}/history/"),
    "forms": (15, lambda house: f"/desk/patients/{house.cast.pat.uid}/forms/"),
    "photos": (14, lambda house: f"/desk/patients/{house.cast.pat.uid}/photos/"),
    "treatments": (13, lambda house: f"/desk/patients/{house.cast.pat.uid}/treatments/"),
    "series": (13, series_page),
    "notes": (6, lambda house: "/desk/notes/"),
    "events": (6, lambda house: "/desk/events/"),
    "portal": (22, lambda house: "/portal/"),
}


@pytest.mark.promise("P48")
@pytest.mark.parametrize("size", [1, 4])
def test_no_page_asks_more_often_because_there_is_more(glow, size):
    long_record(glow, size)
    staff, patient = provider(glow), glow.portal(glow.cast.pat)
    wrong = []
    for name, (most, address) in PAGES.items():
        found = statements(patient if name == "portal" else staff, address(glow))
        if len(found) > most:
            wrong.append(f"{name}: {len(found)}, at most {most}\n{listed(found)}")
    assert not wrong, "\n".join(wrong)
