"""The ledger: bought = charted + wasted + left in any order of events, one winner for the last units, midnight by the
location's clock, and nothing that was written is ever changed."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import day_span
from core.ids import uuid7
from core.problems import Conflict, Invalid, Problem
from practice import actions
from practice import stock as shelf
from practice.actions import stock
from practice.models import Location, Lot, MovementKind, StockLevel, StockMovement
from practice.quantities import read_quantity, write_quantity
from practice.tests.shelf import AT, BY, LATER, VIAL, left, received, second_place, toxin
from tenants.context import enter
from tests.running import at_once

QUANTITY = st.integers(1, 2 * VIAL)
PLACE = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("receive"), PLACE, QUANTITY),
    st.tuples(st.just("chart"), PLACE, QUANTITY),
    st.tuples(st.just("credit"), st.integers(0, 20)),
    st.tuples(st.just("waste"), PLACE, QUANTITY),
    st.tuples(st.just("give_back"), PLACE, QUANTITY),
    st.tuples(st.just("transfer"), PLACE, QUANTITY),
    st.tuples(st.just("count"), PLACE, QUANTITY),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)


class Shelf:
    """Takes the steps; what the ledger refuses is refused, and leaves no trace."""

    def __init__(self, house):
        self.places = [house.cast.location, second_place()]
        self.product = toxin()
        self.lot = received(self.product, self.places[0])
        self.at = AT

    def take(self, verb, *given):
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                getattr(self, verb)(*given)
        except Problem:
            pass
        self.adds_up()

    def how(self, place, quantity):
        return {"location": self.places[place], "quantity": quantity, "by": BY, "at": self.at}

    def receive(self, place, quantity):
        received(self.product, self.places[place], quantity, at=self.at)

    def chart(self, place, quantity):
        stock.chart(self.lot, source=uuid7(), used_at=self.at, **self.how(place, quantity))

    def credit(self, which):
        if movement := self.nth(StockMovement.objects.filter(kind="charted", quantity__lt=0), which):
            quantity = movement.quantity
            place = self.places.index(movement.location)
            stock.chart(self.lot, source=movement.source, used_at=self.at, **self.how(place, quantity))

    def waste(self, place, quantity):
        stock.waste(self.lot, reason="damaged", **self.how(place, quantity))

    def give_back(self, place, quantity):
        stock.return_to_maker(self.lot, **self.how(place, quantity))

    def transfer(self, place, quantity):
        target = self.places[1 - place]
        how = self.how(place, quantity)
        stock.transfer(self.lot, origin=how.pop("location"), target=target, **how)

    def count(self, place, quantity):
        stock.count(self.lot, location=self.places[place], found=quantity, by=BY, at=self.at)

    def undo(self, which):
        if movement := self.nth(StockMovement.objects.all(), which):
            stock.undo(movement, by=BY, at=self.at)

    def nth(self, rows, which):
        found = list(rows.order_by("id"))
        return found[which % len(found)] if found else None

    def adds_up(self):
        for place in self.places:
            rows = StockMovement.objects.filter(lot=self.lot, location=place)
            kept = left(self.lot, place)
            assert shelf.balance(rows).left == kept == sum(rows.values_list("quantity", flat=True)) >= 0
            lines = shelf.day_lines(place, AT.date())
            assert [line.after for line in lines] == ([kept] if rows else [])
            last = rows.order_by("-id").first()
            assert last is None or last.left_after == kept
        whole = shelf.balance(StockMovement.objects.filter(lot=self.lot))
        assert whole.moved == 0
        assert whole.bought == whole.charted + whole.wasted + whole.left
        for level in StockLevel.objects.select_related("lot__product"):
            assert level.sealed_vials * VIAL + level.open_left == level.left
            assert (level.opened_at is not None) == bool(level.open_left)


@pytest.mark.promise("P51")
@given(steps=st.lists(STEPS, max_size=14))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_bought_is_charted_and_wasted_and_left(glow, steps):
    with enter(glow.clinic), transaction.atomic():
        taken = Shelf(glow)
        for step in steps:
            taken.take(*step)
        transaction.set_rollback(True)


def test_a_vial_is_opened_and_used_up(glow):
    with enter(glow.clinic):
        lot = received(toxin(), glow.cast.location, 2 * VIAL)
        how = {"location": glow.cast.location, "by": BY, "source": uuid7()}
        stock.chart(lot, quantity=4_000, at=AT, used_at=AT, **how)
        level = StockLevel.objects.select_related("lot__product").get()
        assert (level.sealed_vials, level.open_left, level.open_drawn) == (1, 6_000, 4_000)
        assert level.opened_at == AT
        at = AT + timedelta(hours=1)
        stock.chart(lot, quantity=1_000, at=at, used_at=at, **how)
        assert StockLevel.objects.get().opened_at == AT, "still the same vial"
        stock.chart(lot, quantity=6_000, at=at, used_at=at, **how)
        level.refresh_from_db()
        assert (level.sealed_vials, level.open_left, level.opened_at) == (0, 9_000, at), "the next one"


@pytest.mark.own_clinic
def test_two_who_reach_for_the_last_units(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        lot = received(toxin(), house.cast.location, 1_000)

    def take(number):
        with enter(house.clinic):
            here = Location.objects.get()
            stock.chart(lot, location=here, quantity=600, source=uuid7(), by=BY, at=AT, used_at=AT)
            return "won"

    told = Counter(type(one).__name__ if isinstance(one, Exception) else one for one in at_once(6, take))
    assert told == {"won": 1, "NotEnough": 5}
    with enter(house.clinic):
        assert left(lot, house.cast.location) == 400
        assert StockMovement.objects.filter(kind=MovementKind.CHARTED).count() == 1


@pytest.mark.own_clinic
def test_a_recall_and_a_use_at_one_moment(new_clinic):
    """Either it was used before, or it is refused: nothing is charted after the recall."""
    house = new_clinic("glow")
    with enter(house.clinic):
        lots = [received(toxin(), house.cast.location, 1_000, number=f"L{n}") for n in range(1)]
        lots += [received(lots[0].product, house.cast.location, 1_000, number=f"M{n}") for n in range(3)]
    for lot in lots:

        def act(number, lot=lot):
            with enter(house.clinic):
                if number == 0:
                    actions.recall_lot(lot, reason="Sterility doubted", by=BY, at=AT)
                    return "recalled"
                here = Location.objects.get()
                stock.chart(lot, location=here, quantity=100, source=uuid7(), by=BY, at=AT, used_at=AT)
                return "used"

        told = at_once(4, act)
        assert told[0] == "recalled"
        assert all(one == "used" or isinstance(one, stock.LotUnusable) for one in told[1:])
        with enter(house.clinic), pytest.raises(stock.LotUnusable):
            stock.chart(
                lot, location=house.cast.location, quantity=1, source=uuid7(), by=BY, at=AT, used_at=AT
            )


@pytest.mark.parametrize(
    ("zone", "last_day", "ends"),
    [
        ("America/Chicago", date(2026, 9, 30), datetime(2026, 10, 1, 5, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 9, 30), datetime(2026, 10, 1, 7, tzinfo=UTC)),
        ("America/Chicago", date(2026, 3, 8), datetime(2026, 3, 9, 5, tzinfo=UTC)),  # 23 hours long
        ("America/Chicago", date(2026, 11, 1), datetime(2026, 11, 2, 6, tzinfo=UTC)),  # 25 hours long
    ],
)
def test_a_lot_ends_at_the_location_s_midnight(zone, last_day, ends):
    lot, blink = Lot(expires_on=last_day), timedelta(microseconds=1)
    assert day_span(last_day, zone).end == ends
    assert not lot.has_expired(ends - blink, zone)
    assert lot.has_expired(ends, zone)


def test_one_lot_at_one_moment_in_two_zones(glow):
    """Two in the morning in Austin, midnight not yet in Los Angeles."""
    with enter(glow.clinic):
        here, west = glow.cast.location, second_place()
        lot = received(toxin(), here, expires_on=date(2026, 3, 31))
        stock.transfer(lot, origin=here, target=west, quantity=5_000, by=BY, at=AT)
        at = datetime(2026, 4, 1, 6, 30, tzinfo=UTC)
        how = {"quantity": 100, "source": uuid7(), "by": BY, "at": at, "used_at": at}
        with pytest.raises(stock.LotUnusable, match="expired"):
            stock.chart(lot, location=here, **how)
        stock.chart(lot, location=west, **how)
        assert [one.left for one in shelf.usable_levels(west, at=at)] == [4_900]
        assert not shelf.usable_levels(here, at=at)


def test_first_expired_first_out_over_locations(glow):
    with enter(glow.clinic):
        here, west, product = glow.cast.location, second_place(), toxin()
        received(product, here, number="LATE", expires_on=date(2026, 12, 1))
        received(product, west, number="EARLY", expires_on=date(2026, 6, 1))
        received(product, here, number="GONE", expires_on=date(2026, 3, 4))
        recalled = received(product, here, number="BAD", expires_on=date(2026, 5, 1))
        actions.recall_lot(recalled, reason="Sterility doubted", by=BY, at=AT)
        at = AT + timedelta(days=3)
        assert [one.lot.number for one in shelf.first_out(product, at=at, here=here)] == ["EARLY", "LATE"]


def test_what_is_taken_back_is_taken_back_once(glow):
    with enter(glow.clinic):
        here, west, product = glow.cast.location, second_place(), toxin()
        lot = received(product, here)
        there, back = stock.transfer(lot, origin=here, target=west, quantity=4_000, by=BY, at=AT)
        stock.undo(back, by=BY, at=AT)
        assert (left(lot, here), left(lot, west)) == (VIAL, 0)
        for one in (there, back):
            with pytest.raises(Conflict):
                stock.undo(one, by=BY, at=AT)
        charted = stock.chart(lot, location=here, quantity=1, source=uuid7(), by=BY, at=AT, used_at=AT)
        with pytest.raises(Conflict):
            stock.undo(charted, by=BY, at=AT)
        first = StockMovement.objects.get(kind=MovementKind.RECEIVED)
        with pytest.raises(stock.NotEnough):
            stock.undo(first, by=BY, at=AT)


def test_the_database_refuses_to_change_the_ledger(glow):
    with enter(glow.clinic):
        received(toxin(), glow.cast.location)
        for sql in ("UPDATE practice_stockmovement SET quantity = 1", "DELETE FROM practice_stockmovement"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)
        with pytest.raises(DatabaseError, match="violates check"), transaction.atomic():
            connection.cursor().execute('UPDATE practice_stocklevel SET "left" = -1')


BAD = {
    "nothing": ("receive", {"quantity": 0}),
    "less than nothing": ("receive", {"quantity": -100}),
    "far too much": ("receive", {"quantity": 10**12}),
    "expired yesterday": ("receive", {"expires_on": date(2026, 3, 2)}),
    "no number": ("receive", {"number": "  "}),
    "a number that is too long": ("receive", {"number": "X" * 41}),
    "a number with a control character": ("receive", {"number": "A\0B"}),
    "another expiry than known": ("receive", {"expires_on": date(2026, 12, 24)}),
    "waste without a reason": ("waste", {"quantity": 1, "reason": ""}),
    "waste for a reason of one's own": ("waste", {"quantity": 1, "reason": "gift"}),
    "waste of nothing": ("waste", {"quantity": 0, "reason": "damaged"}),
    "a count below zero": ("count", {"found": -1}),
    "a note that is too long": ("waste", {"quantity": 1, "reason": "damaged", "note": "x" * 301}),
}


@pytest.mark.parametrize(("verb", "given"), BAD.values(), ids=BAD)
def test_bad_input(glow, verb, given):
    with enter(glow.clinic):
        product = toxin()
        lot = received(product, glow.cast.location)
        how = {"location": glow.cast.location, "by": BY, "at": AT}
        subject = product if verb == "receive" else lot
        if verb == "receive":
            how |= {"number": "C6184", "expires_on": LATER, "quantity": 100}
        with pytest.raises(Invalid) as told:
            getattr(stock, verb)(subject, **{**how, **given})
        assert told.value.errors
        assert left(lot, glow.cast.location) == VIAL


def test_more_than_is_there(glow):
    with enter(glow.clinic):
        lot = received(toxin(), glow.cast.location)
        for verb, more in (("waste", {"reason": "damaged"}), ("return_to_maker", {})):
            with pytest.raises(stock.NotEnough, match="Only 100 units of lot C6184"):
                getattr(stock, verb)(
                    lot, location=glow.cast.location, quantity=VIAL + 1, by=BY, at=AT, **more
                )
        actions.recall_lot(lot, reason="Sterility doubted", by=BY, at=AT)
        with pytest.raises(stock.LotUnusable):
            received(lot.product, glow.cast.location)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("4", 400), ("0.1", 10), ("2,55", 255), ("1000000", 10**8), ("007", 700), (" 3 ", 300)],
)
def test_a_quantity_that_is_read(text, amount):
    assert read_quantity(text) == amount
    assert read_quantity(write_quantity(amount)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "NaN",
        "inf",
        "1e3",
        "0x10",
        "1.234",
        "1.",
        ".5",
        "1 000",
        "٣",
        "1000001",
        "99999999999",
        "4u",
    ],
)
def test_a_quantity_that_is_none(text):
    with pytest.raises(ValueError):
        read_quantity(text)


def test_a_product_in_the_ledger_keeps_its_unit(glow):
    with enter(glow.clinic):
        product = toxin()
        actions.update_product(product, by=BY, per_vial=5_000)
        received(product, glow.cast.location)
        with pytest.raises(Invalid) as told:
            actions.update_product(product, by=BY, per_vial=VIAL, unit="ml")
        assert {one["field"] for one in told.value.errors} == {"per_vial", "unit"}
        with pytest.raises(Invalid):
            toxin()
