"""What stands on the demo's shelf, and what was injected in its past visits: all by the same actions as anybody's."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.actors import actor_for
from audit.actors import Actor, job
from charting.actions.encounters import encounter_of_visit
from charting.actions.injections import Mark, chart_point, note_drawn, waste_drawn
from charting.injections import read_map
from charting.sites import BY_KEY
from core.clock import local_date, resolve_local
from core.problems import Conflict
from practice.actions import create_product, stock
from practice.models import Location, Lot, Product
from practice.stock import usable_levels
from scheduling.models import Appointment, Status

BY: Final = job("demo")
MOST_VISITS: Final = 40


@dataclass(frozen=True)
class Stocked:
    """A product, its lots as (number, days until it expires, vials), and the points of one treatment with it."""

    fields: dict[str, Any]
    lots: tuple[tuple[str, int, int], ...]
    services: tuple[str, ...] = ()
    points: tuple[tuple[str, int], ...] = ()  # site, hundredths of a unit
    how: tuple[str, str] = ("", "")  # depth, technique


FACE: Final = "face_front."
SHELF: Final = (
    Stocked(
        {
            "name": "Relaxine",
            "manufacturer": "Norda Pharma",
            "kind": "neurotoxin",
            "unit": "unit",
            "per_vial": 10_000,
            "price_amount": 1_200,
        },
        (("C6102", -3, 1), ("C6184", 24, 6), ("C6207", 210, 10)),
        ("Wrinkle relaxer",),
        (
            *((f"{FACE}glabella", 400),) * 5,
            (f"{FACE}forehead_right", 300),
            (f"{FACE}forehead_left", 300),
            *((f"{FACE}canthal_right", 200),) * 3,
            *((f"{FACE}canthal_left", 200),) * 3,
        ),
        ("intramuscular", "serial"),
    ),
    Stocked(
        {
            "name": "Plumelle Lips",
            "manufacturer": "Norda Pharma",
            "kind": "filler",
            "unit": "ml",
            "per_vial": 100,
            "price_amount": 65_000,
        },
        (("PL-2291", 45, 20), ("PL-2340", 300, 30)),
        ("Lip filler",),
        ((f"{FACE}upper_lip", 45), (f"{FACE}lower_lip", 50)),
        ("subcutaneous", "linear"),
    ),
    Stocked(
        {
            "name": "Plumelle Volume",
            "manufacturer": "Norda Pharma",
            "kind": "filler",
            "unit": "ml",
            "per_vial": 100,
            "price_amount": 78_000,
        },
        (("PV-0418", 150, 40),),
        ("Cheek filler",),
        ((f"{FACE}cheek_right", 95), (f"{FACE}cheek_left", 95)),
        ("supraperiosteal", "bolus"),
    ),
    Stocked(
        {
            "name": "Numbing cream 23 %",
            "manufacturer": "Apotheca",
            "kind": "topical",
            "unit": "g",
            "per_vial": 3_000,
            "price_amount": 0,
        },
        (("A-77", 90, 8),),
    ),
)


def stock_up(*, at: datetime) -> int:
    """Products, deliveries and past treatments, once; says how many treatments were charted."""
    if Product.objects.exists():
        return 0
    place, chance = Location.objects.open()[0], random.Random("shelf")  # noqa: S311
    today = local_date(at, place.zone)
    began = at - timedelta(days=30)
    products = {}
    for one in SHELF:
        product = create_product(by=BY, **one.fields)
        for number, days, vials in one.lots:
            _deliver(product, number, today + timedelta(days=days), vials, place, began)
        products.update(dict.fromkeys(one.services, (product, one)))
    visits = Appointment.objects.filter(service__name__in=products, status=Status.DONE).whole()
    charted = 0
    for visit in visits.order_by("starts_at")[:MOST_VISITS]:
        product, one = products[visit.service.name]
        by = actor_for(visit.provider.user) if visit.provider.user else BY
        try:
            with transaction.atomic():
                charted += _treat(visit, product, one, by=by, chance=chance)
        except Conflict:  # its note is signed already
            continue
    _count_up(place, today - timedelta(days=1))
    return charted


def _deliver(
    product: Product, number: str, expires_on: date, vials: int, place: Location, at: datetime
) -> None:
    stock.receive(
        product,
        number=number,
        expires_on=expires_on,
        location=place,
        quantity=vials * product.per_vial,
        by=BY,
        at=at,
    )


def _treat(visit: Appointment, product: Product, one: Stocked, *, by: Actor, chance: random.Random) -> int:
    """The usual points, now and then with a rest that is thrown away; none where the shelf has not enough."""
    at = visit.done_at or visit.ends_at
    needed = sum(units for _site, units in one.points)
    level = next(
        (one for one in usable_levels(visit.location, at=at, products=[product]) if one.left >= needed + 500),
        None,
    )
    if level is None:
        return 0
    encounter, lot, depth, technique = encounter_of_visit(visit, by=by, at=at), level.lot, *one.how
    for version, (site, units) in enumerate(one.points):
        place = BY_KEY[site]
        x, y = place.x + (version % 3 - 1) * 26, place.y + (version // 3 % 3 - 1) * 22
        mark = Mark(place.view, x, y, product, units, lot, depth, technique, str(place.name))
        chart_point(encounter, mark, version=version, by=by, at=at)
    rest = 200 if product.kind == "neurotoxin" and chance.random() < 0.3 else 0
    version = read_map(encounter).version
    note_drawn(encounter, lot, needed + rest, version=version, by=by, at=at)
    if rest:
        waste_drawn(encounter, lot, rest, reason="not_used", version=version + 1, by=by, at=at)
    return 1


def _count_up(place: Location, day: date) -> None:
    """Yesterday evening everything was counted; one lot was half a unit short."""
    at = resolve_local(day, time(18, 30), place.zone)
    for number, lot in enumerate(
        Lot.objects.filter(levels__location=place, levels__left__gt=0).order_by("pk")
    ):
        left = lot.levels.get(location=place).left
        try:
            stock.count(lot, location=place, found=left - 50 if number == 1 else left, by=BY, at=at)
        except Conflict:
            continue
