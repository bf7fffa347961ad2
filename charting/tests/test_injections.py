"""The injection map: stock follows each point, nobody overwrites anybody, and what is signed stays as it is."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from charting import actions, injections
from charting.actions.injections import MapChanged, MapLocked
from charting.models import InjectionMap, InjectionPoint
from charting.sites import SITES, nearest
from core.problems import Conflict, Invalid
from practice import actions as practice
from practice.actions import stock
from practice.models import StockMovement
from practice.tests.shelf import AT, BY, VIAL, filler, left, received, second_place, toxin
from tenants.context import enter
from tests.running import at_once

NOW = AT + timedelta(hours=1)


class Room:
    """Pat with Ines, a lot of a neurotoxin and one of a filler on the shelf."""

    def __init__(self, house, *, at=NOW):
        self.house, self.cast, self.at = house, house.cast, at
        self.here = house.cast.location
        self.toxin, self.filler = toxin(), filler()
        self.lot = received(self.toxin, self.here)
        self.syringe = received(self.filler, self.here, 200, number="P77")
        self.encounter = self.begin()

    def begin(self):
        cast = self.cast
        how = {"location": self.here, "kind": "treatment", "by": BY, "at": self.at}
        return actions.begin_encounter(cast.pat, cast.providers["ines"], **how)

    def mark(self, units=400, **more):
        fields = {"view": "face_front", "x": 500, "y": 400, "product": self.toxin, "lot": self.lot}
        return actions.Mark(units=units, **{**fields, **more})

    def how(self, version=None):
        found = InjectionMap.objects.filter(encounter=self.encounter).first()
        version = version if version is not None else (found.version if found else 0)
        return {"version": version, "by": BY, "at": self.at}

    def chart(self, units=400, **more):
        return actions.chart_point(self.encounter, self.mark(units, **more), **self.how())

    @property
    def left(self):
        return left(self.lot, self.here)


@pytest.fixture
def room(glow):
    with enter(glow.clinic):
        yield Room(glow)


@pytest.mark.promise("P51")
def test_stock_follows_every_point(room):
    point = room.chart(400)
    assert room.left == VIAL - 400
    actions.change_point(point, room.mark(650), **room.how())
    assert room.left == VIAL - 650
    fill = room.mark(55, product=room.filler, lot=room.syringe)
    actions.change_point(point, fill, **room.how())
    assert (room.left, left(room.syringe, room.here)) == (VIAL, 145)
    point.refresh_from_db()
    assert (point.price_amount, point.units) == (65_000, 55)
    actions.remove_point(point, **room.how())
    assert (room.left, left(room.syringe, room.here)) == (VIAL, 200)
    actions.restore_point(point, by=BY, at=room.at)
    assert left(room.syringe, room.here) == 145
    with pytest.raises(Conflict):
        actions.restore_point(point, by=BY, at=room.at)


@pytest.mark.promise("P51")
def test_drawn_is_charted_and_wasted_and_missing(room):
    for _each in range(5):
        room.chart(400)
    actions.note_drawn(room.encounter, room.lot, 2_500, **room.how())
    tally = injections.read_map(room.encounter).tallies[0]
    assert (tally.drawn, tally.charted, tally.wasted, tally.missing) == (2_500, 2_000, 0, 500)
    actions.waste_drawn(room.encounter, room.lot, 500, reason="not_used", **room.how())
    tally = injections.read_map(room.encounter).tallies[0]
    assert (tally.wasted, tally.missing) == (500, 0)
    assert room.left == VIAL - 2_500


def test_units_are_kept_for_the_invoice_at_the_price_of_the_day(room):
    room.chart(2_000)
    practice.update_product(room.toxin, by=BY, price_amount=1_500)
    room.toxin.refresh_from_db()
    room.chart(333)
    room.chart(1_667)
    charges = injections.read_map(room.encounter).charges
    assert [(one.units, one.price_per_unit.amount, one.amount.amount) for one in charges] == [
        (2_000, 1_200, 24_000),
        (2_000, 1_500, 30_000),
    ]


def test_two_who_chart_at_once_do_not_overwrite_each_other(room):
    point = room.chart()
    seen = room.how()
    actions.change_point(point, room.mark(500), **seen)
    for act in (
        lambda: actions.change_point(point, room.mark(900), **seen),
        lambda: actions.remove_point(point, **seen),
        lambda: actions.chart_point(room.encounter, room.mark(), **seen),
        lambda: actions.note_drawn(room.encounter, room.lot, 100, **seen),
        lambda: actions.waste_drawn(room.encounter, room.lot, 100, reason="not_used", **seen),
    ):
        with pytest.raises(MapChanged), transaction.atomic():
            act()
    assert room.left == VIAL - 500


@pytest.mark.own_clinic
def test_of_two_hands_on_one_map_one_wins(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        room = Room(house)

    def chart(number):
        with enter(house.clinic):
            return actions.chart_point(room.encounter, room.mark(), version=0, by=BY, at=NOW).number

    told = Counter(one if isinstance(one, int) else type(one).__name__ for one in at_once(4, chart))
    assert told == {1: 1, "MapChanged": 3}
    with enter(house.clinic):
        assert InjectionPoint.objects.count() == 1
        assert room.left == VIAL - 400


@pytest.mark.own_clinic
def test_two_encounters_that_draw_on_two_lots_never_wait_for_each_other(new_clinic):
    """Each changes a point from one lot to the other, in opposite directions, again and again."""
    house = new_clinic("glow")
    with enter(house.clinic):
        room = Room(house)
        second = received(room.toxin, room.here, number="Z9")
        one = (room.encounter, room.chart())
        room.encounter = room.begin()
        two = (room.encounter, room.chart(lot=second))

    def swap(number):
        (_encounter, point), lots = (one, two)[number], [room.lot, second]
        with enter(house.clinic):
            for turn in range(8):
                mark = room.mark(lot=lots[(turn + number + 1) % 2])
                actions.change_point(point, mark, version=turn + 1, by=BY, at=NOW)
        return "done"

    assert at_once(2, swap) == ["done", "done"]
    with enter(house.clinic):
        assert room.left + left(second, room.here) == 2 * VIAL - 800


# --- Lots that must not be used --------------------------------------------------------------------------------


def test_a_lot_that_expired_or_is_recalled_is_refused(room):
    old = received(room.toxin, room.here, number="OLD", expires_on=date(2026, 3, 3))
    point = room.chart(lot=old)
    room.at = datetime(2026, 3, 4, 6, tzinfo=UTC)  # midnight in Austin
    with pytest.raises(stock.LotUnusable):
        room.chart(lot=old)
    assert injections.lots_expired_for(room.encounter, room.at) == [old]
    assert injections.lots_expired_for(room.encounter, room.at - timedelta(microseconds=1)) == []
    with pytest.raises(stock.LotUnusable):
        actions.change_point(point, room.mark(500, lot=old), **room.how())
    actions.change_point(point, room.mark(300, lot=old), **room.how())  # less is always possible
    practice.recall_lot(room.lot, reason="Sterility doubted", by=BY, at=room.at)
    with pytest.raises(stock.LotUnusable):
        room.chart()


def test_who_charts_after_midnight_what_was_given_before(room):
    old = received(room.toxin, room.here, number="OLD", expires_on=date(2026, 3, 3))
    room.encounter.ended_at = datetime(2026, 3, 4, 5, 50, tzinfo=UTC)
    room.encounter.save(update_fields=["ended_at"])
    room.at = datetime(2026, 3, 4, 6, 20, tzinfo=UTC)
    room.chart(lot=old)
    assert left(old, room.here) == VIAL - 400


def test_more_than_the_lot_has(room):
    with pytest.raises(stock.NotEnough, match="Only 2 mL of lot P77 are left at South Congress"):
        room.chart(201, product=room.filler, lot=room.syringe)
    west = second_place()
    elsewhere = received(room.toxin, west, number="WEST")
    with pytest.raises(stock.NotEnough):
        room.chart(lot=elsewhere)
    assert not InjectionPoint.objects.exists()
    assert not StockMovement.objects.filter(kind="charted").exists()


BAD = {
    "off the drawing": ({"x": 1001}, "x"),
    "above the drawing": ({"y": -1}, "y"),
    "no such drawing": ({"view": "soul"}, "view"),
    "nothing": ({"units": 0}, "units"),
    "less than nothing": ({"units": -400}, "units"),
    "far too much": ({"units": 10**12}, "units"),
    "no such depth": ({"depth": "deep"}, "depth"),
    "no such technique": ({"technique": "magic"}, "technique"),
    "a site that is too long": ({"site": "x" * 81}, "site"),
}


@pytest.mark.parametrize(("wrong", "field"), BAD.values(), ids=BAD)
def test_bad_input(room, wrong, field):
    with pytest.raises(Invalid) as told:
        room.chart(**{"units": 400, **wrong})
    assert [one["field"] for one in told.value.errors] == [field]
    assert room.left == VIAL


def test_every_failure_at_once(room):
    with pytest.raises(Invalid) as told:
        room.chart(0, x=-1, y=9999, lot=room.syringe)
    assert {one["field"] for one in told.value.errors} == {"x", "y", "units", "lot"}


# --- The lock --------------------------------------------------------------------------------------------------


@pytest.mark.promise("P50")
def test_what_is_signed_stays_as_it_is(room):
    point = room.chart()
    actions.lock_map(room.encounter, by=BY, at=room.at)
    assert injections.is_locked(room.encounter)
    for act in (
        lambda: room.chart(),
        lambda: actions.change_point(point, room.mark(500), **room.how()),
        lambda: actions.remove_point(point, **room.how()),
        lambda: actions.note_drawn(room.encounter, room.lot, 100, **room.how()),
        lambda: actions.waste_drawn(room.encounter, room.lot, 100, reason="not_used", **room.how()),
        lambda: actions.lock_map(room.encounter, by=BY, at=room.at),
    ):
        with pytest.raises(MapLocked), transaction.atomic():
            act()


@pytest.mark.promise("P50")
def test_the_clinic_s_own_role_cannot_change_it_either(room):
    """By SQL, past every line of Python."""
    room.chart()
    other = room.begin()
    actions.lock_map(room.encounter, by=BY, at=room.at)
    free = InjectionMap.objects.create(encounter=other)
    locked = InjectionMap.objects.get(encounter=room.encounter)
    copied = "map_id, number, product_id, lot_id, units, price_amount, currency, spot, charted_at"
    for sql in (
        "UPDATE charting_injectionpoint SET units = 1",
        "UPDATE charting_injectionpoint SET removed_at = now()",
        f"UPDATE charting_injectionpoint SET map_id = {free.pk}",
        "DELETE FROM charting_injectionpoint",
        f"INSERT INTO charting_injectionpoint (uid, {copied}) SELECT gen_random_uuid(),"
        f" {copied.replace('number', '99')} FROM charting_injectionpoint",
        f"UPDATE charting_injectionmap SET locked_at = NULL WHERE id = {locked.pk}",
        f"UPDATE charting_injectionmap SET drawn = '{{}}' WHERE id = {locked.pk}",
        f"DELETE FROM charting_injectionmap WHERE id = {locked.pk}",
    ):
        with pytest.raises(DatabaseError, match="the injection map is locked"), transaction.atomic():
            connection.cursor().execute(sql)


def test_a_point_without_a_lot_keeps_the_note_open(room):
    point = room.chart(lot=None)
    assert room.left == VIAL
    assert injections.unready(room.encounter) == ["Choose a lot for point 1."]
    with pytest.raises(Invalid, match="422"):
        actions.lock_map(room.encounter, by=BY, at=room.at)
    actions.change_point(point, room.mark(), **room.how())
    assert room.left == VIAL - 400
    assert injections.unready(room.encounter) == []


def test_nothing_is_charted_under_a_note_signed_without_injections(room):
    actions.lock_map(room.encounter, by=BY, at=room.at)
    with pytest.raises(MapLocked):
        room.chart()


def test_the_words_that_are_signed(room):
    for x in (380, 500):
        room.chart(400, x=x, y=280)
    room.chart(55, product=room.filler, lot=room.syringe, y=713)
    assert injections.injection_summary(room.encounter) == [
        "Relaxine, lot C6184 (expires 2027-01-31): 8 u – Forehead, right 4 u, Forehead, centre 4 u",
        "Plumelle, lot P77 (expires 2027-01-31): 0.55 mL – Upper lip 0.55 mL",
    ]


def test_every_site_is_nearest_to_itself():
    for site in SITES:
        assert nearest(site.view, site.x, site.y) == site
        assert 0 <= site.x <= 1000
        assert 0 <= site.y <= 1000


# --- The pages -------------------------------------------------------------------------------------------------


def post(room, path="", **more):
    client = room.house.client(room.cast.users["provider"])
    url = f"/desk/encounters/{room.encounter.uid}/injections/{path}"
    fields = {"version": "0", "view": "face_front", "what": f"lot:{room.lot.uid}", "units": "4"}
    return client.post(url, {**fields, "site": "face_front.glabella", **more}, headers={"HX-Request": "true"})


def test_a_point_by_its_name_and_the_next_one_beside_it(room):
    assert post(room).status_code == 200
    assert post(room, version="1").status_code == 200
    spots = [one.where for one in InjectionPoint.objects.all()]
    assert spots[0]["site"] == spots[1]["site"] == "Glabella"
    assert (spots[0]["x"], spots[0]["y"]) != (spots[1]["x"], spots[1]["y"])


def test_both_are_shown_where_two_chart_at_once(room):
    room.chart(900)
    answer = post(room, version="0")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else has changed this map" in page
    assert "You wanted: 4 of C6184" in page
    assert "9 u" in page
    assert 'name="version" value="1"' in page
    assert room.left == VIAL - 900


@pytest.mark.parametrize("units", ["", "0", "-4", "NaN", "1e9", "4.001", "٤", "9" * 30])
def test_units_that_are_none(room, units):
    answer = post(room, units=units)
    assert answer.status_code == 422
    assert room.left == VIAL


def test_a_lot_of_next_door_or_of_nobody(room, clinics):
    with enter(clinics.rival.clinic):
        foreign = received(toxin(), clinics.rival.cast.location)
    for what in (f"lot:{foreign.uid}", "lot:x", "", f"product:{foreign.uid}"):
        assert post(room, what=what).status_code == 422
    assert post(room, "drawn/", lot=str(foreign.uid), quantity="4").status_code == 404
    assert post(room, "waste/", lot=str(foreign.uid), quantity="4", reason="not_used").status_code == 404


def test_more_than_there_is_says_so_and_keeps_what_was_typed(room):
    answer = post(room, units="101")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Only 100 units of lot C6184 are left" in page
    assert 'value="101"' in page


def test_the_map_asks_as_often_for_forty_points_as_for_one(room, django_assert_max_num_queries):
    client = room.house.client(room.cast.users["provider"])
    for _each in range(40):
        room.chart(100)
    url = f"/desk/encounters/{room.encounter.uid}/injections/"
    client.get(url)
    with django_assert_max_num_queries(32):
        assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
