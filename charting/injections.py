"""What the injection map says: its points, its sums, what is missing, and what other parts of the record ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from charting.models import Encounter, InjectionMap, InjectionPoint
from core.money import Money
from core.reading import once
from practice.models import Lot, MovementKind, Product, StockMovement
from practice.quantities import HUNDRED, write_quantity
from practice.stock import expired_lots
from vault.fields import warm_rows


@dataclass
class Tally:
    """One lot in one encounter: drawn = charted + wasted + missing. `drawn` is None until somebody says it."""

    lot: Lot
    charted: int = 0
    wasted: int = 0
    drawn: int | None = None

    @property
    def missing(self) -> int:
        return 0 if self.drawn is None else self.drawn - self.charted - self.wasted


@dataclass(frozen=True)
class Charge:
    """What an invoice asks: units of a product at the price they were charted with."""

    product: Product
    units: int
    price_per_unit: Money

    @property
    def amount(self) -> Money:
        minor = (self.price_per_unit.amount * self.units + HUNDRED // 2) // HUNDRED
        return Money(minor, self.price_per_unit.currency)


@dataclass
class Charted:
    """A map with everything that a page shows of it. `map` is None while nothing was charted."""

    map: InjectionMap | None
    points: list[InjectionPoint] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)

    @property
    def version(self) -> int:
        return self.map.version if self.map else 0

    @property
    def is_locked(self) -> bool:
        return self.map is not None and self.map.is_locked

    @property
    def without_lot(self) -> list[InjectionPoint]:
        return [point for point in self.points if point.lot is None]

    @property
    def charges(self) -> list[Charge]:
        """By product and price, in the order in which they were first charted."""
        sums: dict[tuple[int, int, str], int] = {}
        products: dict[int, Product] = {}
        for point in self.points:
            products[point.product.pk] = point.product
            key = (point.product.pk, point.price_amount, point.currency)
            sums[key] = sums.get(key, 0) + point.units
        return [
            Charge(products[product], units, Money(price, currency))
            for (product, price, currency), units in sums.items()
        ]


@once
def read_map(encounter: Encounter) -> Charted:
    """In four queries, however many points there are."""
    found = InjectionMap.objects.filter(encounter=encounter).first()
    if found is None:
        return Charted(None)
    rows = found.points.filter(removed_at=None).select_related("product", "lot__product").order_by("number")
    points = list(rows)
    warm_rows(points)
    for point in points:
        found.encounter = encounter
        point.map = found
    return Charted(found, points, _tallies(found, points))


def _tallies(found: InjectionMap, points: Iterable[InjectionPoint]) -> list[Tally]:
    tallies: dict[int, Tally] = {}
    for point in points:
        if point.lot is not None:
            tallies.setdefault(point.lot.pk, Tally(point.lot)).charted += point.units
    wasted = StockMovement.objects.filter(source=found.uid, kind=MovementKind.WASTED)
    sums = dict(wasted.order_by().values_list("lot_id").annotate(sum=Sum("quantity")))
    drawn = {uid: amount for uid, amount in found.drawn.items() if amount}
    strangers = set(sums) - set(tallies)
    known = {str(one.lot.uid) for one in tallies.values()}
    if strangers or set(drawn) - known:
        more = Lot.objects.filter(pk__in=strangers) | Lot.objects.filter(uid__in=set(drawn) - known)
        for lot in more.select_related("product").order_by("pk"):
            tallies[lot.pk] = Tally(lot)
    for tally in tallies.values():
        tally.wasted = -sums.get(tally.lot.pk, 0)
        tally.drawn = found.drawn.get(str(tally.lot.uid))
    return list(tallies.values())


def injection_summary(encounter: Encounter) -> list[str]:
    """For the text that is signed: a line for each product and lot with its sites and sums."""
    charted = read_map(encounter)
    groups: dict[tuple[str, str], list[InjectionPoint]] = {}
    for point in charted.points:
        lot = point.lot.number if point.lot else _("no lot")
        groups.setdefault((point.product.name, lot), []).append(point)
    lines = []
    for (product, lot), points in groups.items():
        unit = points[0].product.short_unit
        sites: dict[str, int] = {}
        for point in points:
            sites[point.where["site"]] = sites.get(point.where["site"], 0) + point.units
        told = ", ".join(f"{site} {write_quantity(units)} {unit}" for site, units in sites.items())
        total = write_quantity(sum(point.units for point in points))
        expires = points[0].lot.expires_on.isoformat() if points[0].lot else "–"
        lines.append(
            _("%(product)s, lot %(lot)s (expires %(expires)s): %(total)s %(unit)s – %(sites)s")
            % {
                "product": product,
                "lot": lot,
                "expires": expires,
                "total": total,
                "unit": unit,
                "sites": told,
            }
        )
    return lines


def unready(encounter: Encounter) -> list[str]:
    """What keeps the map from being locked, in words; nothing where it is ready."""
    open_points = InjectionPoint.objects.filter(map__encounter=encounter, removed_at=None, lot=None)
    return say_open(list(open_points.order_by("number").values_list("number", flat=True)))


def say_open(numbers: Iterable[int]) -> list[str]:
    return [_("Choose a lot for point %(number)d.") % {"number": number} for number in numbers]


def is_locked(encounter: Encounter) -> bool:
    """The rule: `locked_at` of the encounter's map is set, by lock_map and by nobody else."""
    return InjectionMap.objects.filter(encounter=encounter, locked_at__isnull=False).exists()


def lots_expired_for(encounter: Encounter, at: datetime) -> list[Lot]:
    """For the gate: lots charted or drawn up for this encounter that must not be used at its place at `at`."""
    found = InjectionMap.objects.filter(encounter=encounter).first()
    if found is None:
        return []
    points = InjectionPoint.objects.filter(map=found, removed_at=None)
    drawn = [uid for uid, amount in found.drawn.items() if amount]
    lots = Lot.objects.filter(pk__in=points.values("lot")) | Lot.objects.filter(uid__in=drawn)
    rows = lots.distinct().select_related("product").order_by("expires_on", "pk")
    return expired_lots(rows, location=encounter.location, at=at)
