"""Injection points are charted, changed and removed; stock follows each of them at once; in the end the map locks.

Every change names the version of the map that was looked at. Another one in between: MapChanged, and nothing is
overwritten. Lots are moved in the order of their keys, so that two encounters never wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting.models import Encounter, InjectionMap, InjectionPoint
from charting.models.injections import Depth, Technique, View
from charting.sites import THOUSAND, nearest
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from practice.actions import stock
from practice.models import Lot, Product, StockMovement
from practice.quantities import MOST

MOST_POINTS: Final = 400
LONGEST_SITE: Final = 80


class MapChanged(Conflict):
    """Somebody else changed the map since it was read."""

    type = "map-changed"
    title = _("Somebody else has changed this map")


class MapLocked(Conflict):
    """The note over it is signed."""

    type = "map-locked"
    title = _("This map is signed and cannot be changed")
    default_detail = _("Put what is missing into an addendum of the note.")


@dataclass(frozen=True)
class Mark:
    """A point as somebody wants it. Without a `site` the nearest one's name is taken; `lot` may come later."""

    view: str
    x: int
    y: int
    product: Product
    units: int
    lot: Lot | None = None
    depth: str = ""
    technique: str = ""
    site: str = ""


@transaction.atomic
def chart_point(encounter: Encounter, mark: Mark, *, version: int, by: Actor, at: datetime) -> InjectionPoint:
    """One more injection, and its units off the lot."""
    held = _held(encounter, version)
    spot = _spot(mark)
    if mark.product.archived_at is not None:
        raise Invalid(errors=[failure("product", "archived", _("This product is archived. Choose another."))])
    last = held.points.order_by("-number").values_list("number", flat=True).first() or 0
    if last >= MOST_POINTS:
        raise Conflict(_("There are too many points on this map."))
    _take(encounter, held, {mark.lot: mark.units}, by=by, at=at)
    held.encounter = encounter
    point = InjectionPoint(
        map=held,
        number=last + 1,
        product=mark.product,
        lot=mark.lot,
        units=mark.units,
        price_amount=mark.product.price_amount,
        currency=mark.product.currency,
        spot=spot,
        charted_at=at,
    )
    point.save()
    _done(held, "injection.charted", point, by=by, at=at)
    return point


@transaction.atomic
def change_point(
    point: InjectionPoint, mark: Mark, *, version: int, by: Actor, at: datetime
) -> InjectionPoint:
    """Moved, or with other units or another lot: what it took goes back, what it takes now goes off."""
    encounter = point.map.encounter
    held, point = _held_point(point, version)
    spot = _spot(mark)
    takes: dict[Lot | None, int] = {mark.lot: mark.units}
    takes[point.lot] = takes.get(point.lot, 0) - point.units
    _take(encounter, held, takes, by=by, at=at)
    if mark.product.pk != point.product_id:
        point.price_amount, point.currency = mark.product.price_amount, mark.product.currency
    point.product, point.lot, point.units, point.spot = mark.product, mark.lot, mark.units, spot
    point.save(update_fields=["product", "lot", "units", "price_amount", "currency", "spot"])
    _done(held, "injection.changed", point, by=by, at=at)
    return point


@transaction.atomic
def remove_point(point: InjectionPoint, *, version: int, by: Actor, at: datetime) -> None:
    """It was not given after all: its units are back on the lot."""
    encounter = point.map.encounter
    held, point = _held_point(point, version)
    _take(encounter, held, {point.lot: -point.units}, by=by, at=at)
    point.removed_at = at
    point.save(update_fields=["removed_at"])
    _done(held, "injection.removed", point, by=by, at=at)


@transaction.atomic
def restore_point(point: InjectionPoint, *, by: Actor, at: datetime) -> None:
    """The removal was a slip. Refused where the units have gone elsewhere meanwhile."""
    encounter = point.map.encounter
    held = _held(encounter, None)
    found = InjectionPoint.objects.filter(pk=point.pk).exclude(removed_at=None).first()
    if found is None:
        raise Conflict(_("This point is on the map."))
    found.map = held
    _take(encounter, held, {found.lot: found.units}, by=by, at=at)
    found.removed_at = None
    found.save(update_fields=["removed_at"])
    _done(held, "injection.restored", found, by=by, at=at)


@transaction.atomic
def note_drawn(
    encounter: Encounter, lot: Lot, quantity: int, *, version: int, by: Actor, at: datetime
) -> InjectionMap:
    """How much of a lot was drawn up for this patient; what was neither charted nor wasted of it is missing."""
    held = _held(encounter, version)
    if not 0 <= quantity <= MOST:
        raise Invalid(errors=[failure("drawn", "invalid", _("Give a quantity such as 40, or 0."))])
    held.drawn = {**held.drawn, str(lot.uid): quantity}
    held.save(update_fields=["drawn"])
    _done(held, "injection.drawn", held, by=by, at=at)
    return held


@transaction.atomic
def waste_drawn(
    encounter: Encounter, lot: Lot, quantity: int, *, reason: str, version: int, by: Actor, at: datetime
) -> StockMovement:
    """Drawn up for this patient and thrown away."""
    held = _held(encounter, version)
    movement = stock.waste(
        lot,
        location=encounter.location,
        quantity=quantity,
        reason=reason,
        source=held.uid,
        by=by,
        at=at,
    )
    _done(held, "injection.wasted", held, by=by, at=at)
    return movement


@transaction.atomic
def lock_map(encounter: Encounter, *, by: Actor, at: datetime) -> InjectionMap:
    """With the signature of the note: from here the database refuses every change. An encounter without a map gets an
    empty one, so that nothing is charted under a signed note. Invalid while a point has no lot."""
    held = _held(encounter, None)
    open_points = held.points.filter(removed_at=None, lot=None).values_list("number", flat=True)
    if missing := [failure("injections", "no_lot", _no_lot(number)) for number in open_points]:
        raise Invalid(errors=missing)
    held.locked_at = at
    held.save(update_fields=["locked_at"])
    record("injection_map.locked", by=by, on=held, patient=encounter.person.uid, at=at)
    return held


def _no_lot(number: int) -> str:
    return str(_("Choose a lot for point %(number)d.") % {"number": number})


def _held(encounter: Encounter, version: int | None) -> InjectionMap:
    """The encounter's map, locked to the end of the transaction, if it is still the one that was looked at."""
    InjectionMap.objects.get_or_create(encounter=encounter)
    held = InjectionMap.objects.select_for_update(no_key=True).get(encounter=encounter)
    if held.is_locked:
        raise MapLocked
    if version is not None and held.version != version:
        raise MapChanged(_("Below is what it is now, and what you wanted. Look at both, then do it again."))
    return held


def _held_point(point: InjectionPoint, version: int) -> tuple[InjectionMap, InjectionPoint]:
    held = _held(point.map.encounter, version)
    found = held.points.select_related("lot").filter(pk=point.pk, removed_at=None).first()
    if found is None:
        raise Conflict(_("This point was removed."))
    held.encounter = point.map.encounter
    found.map = held
    return held, found


def _take(
    encounter: Encounter, held: InjectionMap, takes: dict[Lot | None, int], *, by: Actor, at: datetime
) -> None:
    """Off the lots at the encounter's place, or back. What counts for the expiry is when it was injected: now, or the
    end of the encounter for whoever charts later."""
    used_at = min(at, encounter.ended_at or at)
    moves = [(lot, units) for lot, units in takes.items() if lot is not None and units]
    for lot, units in sorted(moves, key=lambda move: move[0].pk):
        stock.chart(
            lot,
            location=encounter.location,
            quantity=units,
            source=held.uid,
            used_at=used_at,
            by=by,
            at=at,
        )


def _done(
    held: InjectionMap, verb: str, on: InjectionPoint | InjectionMap, *, by: Actor, at: datetime
) -> None:
    held.version += 1
    held.save(update_fields=["version"])
    record(verb, by=by, on=on, patient=held.encounter.person.uid, at=at)


def _spot(mark: Mark) -> dict[str, object]:
    """Where and how, as it is kept; Invalid with every failure."""
    failures: list[Failure] = []
    for field, value, known in (
        ("view", mark.view, View.values),
        ("depth", mark.depth, ["", *Depth.values]),
        ("technique", mark.technique, ["", *Technique.values]),
    ):
        if value not in known:
            failures.append(failure(field, "unknown", _("Choose one of the list.")))
    for field, number in (("x", mark.x), ("y", mark.y)):
        if not 0 <= number <= THOUSAND:
            failures.append(failure(field, "outside", _("Give a place on the drawing, from 0 to 1000.")))
    if not 0 < mark.units <= MOST:
        failures.append(failure("units", "invalid", _("Give a quantity above zero, such as 4 or 0.1.")))
    if mark.lot is not None and mark.lot.product_id != mark.product.pk:
        failures.append(failure("lot", "other_product", _("This lot is of another product.")))
    site = ""
    try:
        site = clean_text(mark.site, LONGEST_SITE)
    except TextProblem as problem:
        failures.append(failure("site", problem.code, problem.message))
    if failures:
        raise Invalid(errors=failures)
    return {
        "view": mark.view,
        "x": mark.x,
        "y": mark.y,
        "site": site or str(nearest(mark.view, mark.x, mark.y).name),
        "depth": mark.depth,
        "technique": mark.technique,
    }
