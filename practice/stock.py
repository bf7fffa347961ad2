"""What is left, where, and what should go out first: the questions that pages and the chart ask of the stock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet, Sum

from core.clock import day_span, local_date
from practice.models import Location, Lot, MovementKind, Product, StockLevel, StockMovement

SOON: Final = timedelta(days=60)


def usable_levels(
    location: Location, *, at: datetime, products: QuerySet[Product] | list[Product] | None = None
) -> QuerySet[StockLevel]:
    """What may be used at the place now, the earliest expiry first: first expired, first out."""
    today = local_date(at, location.zone)
    rows = StockLevel.objects.filter(
        location=location, left__gt=0, lot__recalled_at=None, lot__expires_on__gte=today
    )
    if products is not None:
        rows = rows.filter(lot__product__in=products)
    return rows.select_related("lot__product", "location").order_by("lot__expires_on", "lot_id")


def first_out(product: Product, *, at: datetime, here: Location) -> list[StockLevel]:
    """The usable lots of a product over all locations in the order in which they should be used: by expiry, and of
    two that expire on the same day the one that is here."""
    places = [here, *Location.objects.open().exclude(pk=here.pk)]
    found = [level for place in places for level in usable_levels(place, at=at, products=[product])]
    return sorted(found, key=lambda level: (level.lot.expires_on, level.location_id != here.pk, level.lot_id))


def expired_lots(lots: Iterable[Lot], *, location: Location, at: datetime) -> list[Lot]:
    """Those that must not be used at the place at that moment: expired there, or recalled."""
    return [lot for lot in lots if lot.is_recalled or lot.has_expired(at, location.zone)]


@dataclass(frozen=True)
class Balance:
    """The ledger of some movements, added up: bought = charted + wasted + left."""

    received: int = 0
    returned: int = 0
    corrected: int = 0  # what counts and corrections found, less what they missed
    charted: int = 0
    wasted: int = 0
    moved: int = 0

    @property
    def bought(self) -> int:
        return self.received - self.returned + self.corrected

    @property
    def left(self) -> int:
        return self.bought - self.charted - self.wasted + self.moved


def balance(movements: QuerySet[StockMovement]) -> Balance:
    sums = dict(movements.order_by().values_list("kind").annotate(sum=Sum("quantity")))
    return Balance(
        received=sums.get(MovementKind.RECEIVED, 0),
        returned=-sums.get(MovementKind.RETURNED, 0),
        corrected=sums.get(MovementKind.COUNTED, 0) + sums.get(MovementKind.ADJUSTED, 0),
        charted=-sums.get(MovementKind.CHARTED, 0),
        wasted=-sums.get(MovementKind.WASTED, 0),
        moved=sums.get(MovementKind.TRANSFERRED, 0),
    )


@dataclass
class DayLine:
    """One lot's day at one place: what there was, what happened, what there is, and what a count found amiss."""

    lot: Lot
    before: int
    received: int = 0
    moved: int = 0
    charted: int = 0
    wasted: int = 0
    returned: int = 0
    variance: int = 0
    counted: bool = False
    touched: bool = False

    @property
    def after(self) -> int:
        return (
            self.before
            + self.received
            + self.moved
            - self.charted
            - self.wasted
            - self.returned
            + self.variance
        )


def day_lines(location: Location, day: date) -> list[DayLine]:
    """The daily variance: every lot that was there or moved on that day, in two queries."""
    span = day_span(day, location.zone)
    here = StockMovement.objects.filter(location=location)
    before = dict(
        here.filter(at__lt=span.start).order_by().values_list("lot_id").annotate(sum=Sum("quantity"))
    )
    rows = list(
        here.filter(at__gte=span.start, at__lt=span.end)
        .order_by()
        .values_list("lot_id", "kind")
        .annotate(sum=Sum("quantity"))
    )
    keys = {key for key, left in before.items() if left} | {key for key, _kind, _sum in rows}
    lots = (
        Lot.objects.filter(pk__in=keys)
        .select_related("product")
        .order_by("product__name", "expires_on", "pk")
    )
    lines = {lot.pk: DayLine(lot, before.get(lot.pk, 0)) for lot in lots}
    for key, kind, quantity in rows:
        _book(lines[key], kind, quantity)
    return list(lines.values())


def _book(line: DayLine, kind: str, quantity: int) -> None:
    line.touched = True
    if kind == MovementKind.RECEIVED:
        line.received += quantity
    elif kind == MovementKind.TRANSFERRED:
        line.moved += quantity
    elif kind == MovementKind.CHARTED:
        line.charted -= quantity
    elif kind == MovementKind.WASTED:
        line.wasted -= quantity
    elif kind == MovementKind.RETURNED:
        line.returned -= quantity
    else:
        line.variance += quantity
        line.counted = line.counted or kind == MovementKind.COUNTED


def search(text: str) -> Q:
    """Products or lots by what is printed on the package."""
    return (
        Q(lot__product__name__icontains=text)
        | Q(lot__product__manufacturer__icontains=text)
        | Q(lot__number__icontains=text)
    )
