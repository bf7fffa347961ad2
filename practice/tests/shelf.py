"""A shelf for tests: a neurotoxin of 100 units a vial, a filler in syringes of 1 mL, two places, a few lots."""

from datetime import UTC, date, datetime

from audit.actors import job
from practice import actions
from practice.actions import stock
from practice.models import Location, Lot, Product

BY = job("tests")
AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
LATER = date(2027, 1, 31)
VIAL = 10_000


def toxin(**more) -> Product:
    fields = {
        "name": "Relaxine",
        "manufacturer": "Norda",
        "kind": "neurotoxin",
        "unit": "unit",
        "per_vial": VIAL,
    }
    return actions.create_product(by=BY, **{**fields, "price_amount": 1_200, **more})


def filler(**more) -> Product:
    fields = {"name": "Plumelle", "manufacturer": "Norda", "kind": "filler", "unit": "ml", "per_vial": 100}
    return actions.create_product(by=BY, **{**fields, "price_amount": 65_000, **more})


def second_place(zone: str = "America/Los_Angeles") -> Location:
    return actions.create_location(by=BY, name="Second Street", timezone=zone, state="CA")


def received(product: Product, location: Location, quantity: int = VIAL, **more) -> Lot:
    fields = {"number": "C6184", "expires_on": LATER, "by": BY, "at": AT}
    return stock.receive(product, location=location, quantity=quantity, **{**fields, **more}).lot


def left(lot: Lot, location: Location) -> int:
    return sum(lot.levels.filter(location=location).values_list("left", flat=True))
