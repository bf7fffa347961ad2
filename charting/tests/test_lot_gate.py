"""What the map has to do with the rest of the record: the gate asks for lots, the signature of the note locks it."""

from datetime import timedelta

from charting import gate_reading, injections
from charting.actions.locking import lock_with_note
from charting.gate_reading import Treatment
from charting.models import GateItem
from charting.tests.test_injections import BY, NOW, Room
from medspa.demo.shelf import stock_up
from practice import actions as practice
from practice.models import Lot, StockLevel
from practice.stock import day_lines
from tenants.context import enter


def test_the_gate_asks_for_a_usable_lot(glow):
    with enter(glow.clinic):
        room = Room(glow)
        treatment = Treatment(
            room.cast.pat, room.cast.services["botox"], room.cast.providers["ines"], room.here
        )

        def found(at=NOW):
            asking = gate_reading._Asking(treatment, None, at, at.date())
            return gate_reading.CHECKS[GateItem.LOT](asking).code

        assert found() == ""
        room.chart()
        assert found() == ""
        practice.recall_lot(room.lot, reason="Sterility doubted", by=BY, at=NOW)
        assert found() == "lot_unusable"
        lock_with_note(room.encounter, by=BY, at=NOW)
        assert injections.is_locked(room.encounter)
        assert found() == "", "what is signed is past"
        assert found(NOW + timedelta(days=800)) == "lot_missing"


def test_the_demo_s_shelf(glow):
    with enter(glow.clinic):
        assert stock_up(at=NOW) == 0, "nobody was treated yet"
        assert stock_up(at=NOW) == 0
        assert Lot.objects.count() == StockLevel.objects.count() == 7
        lines = day_lines(glow.cast.location, (NOW - timedelta(days=1)).date())
        assert [line.variance for line in lines if line.variance] == [-50]
