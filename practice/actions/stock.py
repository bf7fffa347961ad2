"""Every movement of stock. One way in, `_move`: the level's row locked, then looked at, then written.

bought = charted + wasted + left, at all times, where bought is what was received, less returns, and what counts found.
The lock is the level's row, several of them in the order of their keys; see docs/stock.md.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.clock import local_date
from core.ids import uuid7
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from practice.actions.products import lot_of
from practice.models import Location, Lot, MovementKind, Product, StockLevel, StockMovement, WasteReason
from practice.quantities import MOST, write_quantity

LONGEST_NOTE: Final = 300


class NotEnough(Conflict):
    """There is less of the lot at this place than is wanted."""

    type = "not-enough-stock"
    title = _("There is not enough of this lot here")


class LotUnusable(Conflict):
    """The lot has expired, or is recalled."""

    type = "lot-unusable"
    title = _("This lot must not be used")


@dataclass(frozen=True)
class Change:
    """A movement before it is written."""

    kind: str
    quantity: int
    reason: str = ""
    note: str = ""
    source: UUID | None = None
    reverses: UUID | None = None


@transaction.atomic
def receive(
    product: Product,
    *,
    number: str,
    expires_on: date,
    location: Location,
    quantity: int,
    by: Actor,
    at: datetime,
    note: str = "",
) -> StockMovement:
    """A delivery is put on the shelf. Refused when it has expired, or the lot is recalled."""
    if product.archived_at is not None:
        raise Invalid(
            errors=[failure("product", "archived", _("This product is archived. Restore it first."))]
        )
    _positive(quantity)
    if expires_on < local_date(at, location.zone):
        raise Invalid(errors=[failure("expires_on", "expired", _("This has expired. Send it back."))])
    lot = lot_of(product, number=number, expires_on=expires_on, by=by, at=at)
    if lot.is_recalled:
        raise LotUnusable(_("Lot %(lot)s is recalled. Send it back.") % {"lot": lot.number})
    level = _levels(lot, [location])[location.pk]
    return _move(level, Change(MovementKind.RECEIVED, quantity, note=note), by=by, at=at)


@transaction.atomic
def transfer(
    lot: Lot, *, origin: Location, target: Location, quantity: int, by: Actor, at: datetime, note: str = ""
) -> list[StockMovement]:
    """From one place to another: two movements that name each other."""
    _positive(quantity)
    if origin.pk == target.pk:
        raise Invalid(errors=[failure("target", "same", _("Choose another location than the one it is at."))])
    levels, pair = _levels(lot, [origin, target]), uuid7()
    return [
        _move(
            levels[place.pk], Change(MovementKind.TRANSFERRED, amount, note=note, source=pair), by=by, at=at
        )
        for place, amount in ((origin, -quantity), (target, quantity))
    ]


@transaction.atomic
def waste(
    lot: Lot,
    *,
    location: Location,
    quantity: int,
    reason: str,
    by: Actor,
    at: datetime,
    note: str = "",
    source: UUID | None = None,
) -> StockMovement:
    """Thrown away, with the reason."""
    _positive(quantity)
    if reason not in WasteReason.values:
        raise Invalid(errors=[failure("reason", "missing", _("Choose why it was thrown away."))])
    change = Change(MovementKind.WASTED, -quantity, reason=reason, note=note, source=source)
    return _move(_levels(lot, [location])[location.pk], change, by=by, at=at)


@transaction.atomic
def return_to_maker(
    lot: Lot, *, location: Location, quantity: int, by: Actor, at: datetime, note: str = ""
) -> StockMovement:
    _positive(quantity)
    change = Change(MovementKind.RETURNED, -quantity, note=note)
    return _move(_levels(lot, [location])[location.pk], change, by=by, at=at)


@transaction.atomic
def count(
    lot: Lot, *, location: Location, found: int, by: Actor, at: datetime, note: str = ""
) -> StockMovement:
    """What somebody counted becomes what is left; the difference stands in the ledger, also when there is none."""
    if not 0 <= found <= MOST:
        raise Invalid(errors=[failure("quantity", "invalid", _("Give what you counted, such as 250 or 0."))])
    level = _levels(lot, [location])[location.pk]
    level.counted_at = at
    return _move(level, Change(MovementKind.COUNTED, found - level.left, note=note), by=by, at=at)


@transaction.atomic
def chart(
    lot: Lot, *, location: Location, quantity: int, source: UUID, by: Actor, at: datetime, used_at: datetime
) -> StockMovement:
    """Injected (or, below zero, no longer): the chart above calls this with its map as `source`.

    What is taken must be usable at `used_at`, by the location's own clock; what is given back need not be.
    """
    level = _levels(lot, [location])[location.pk]
    if quantity > 0:
        require_usable(level.lot, location=location, at=used_at)
    return _move(level, Change(MovementKind.CHARTED, -quantity, source=source), by=by, at=at)


@transaction.atomic
def undo(movement: StockMovement, *, by: Actor, at: datetime) -> list[StockMovement]:
    """Take a movement back by its opposite; both sides of a transfer. What was charted is changed on the map."""
    if movement.kind == MovementKind.CHARTED or movement.reverses is not None or not movement.quantity:
        raise Conflict(_("This cannot be taken back here."))
    moved = [movement]
    if movement.kind == MovementKind.TRANSFERRED:
        moved = list(StockMovement.objects.filter(source=movement.source, reverses=None))
    levels = _levels(movement.lot, [one.location for one in moved])
    if StockMovement.objects.filter(reverses__in=[one.uid for one in moved]).exists():
        raise Conflict(_("This was taken back already."))
    return [
        _move(
            levels[one.location_id],
            Change(one.kind, -one.quantity, one.reason, source=one.source, reverses=one.uid),
            by=by,
            at=at,
        )
        for one in sorted(moved, key=lambda each: each.location_id)
    ]


def require_usable(lot: Lot, *, location: Location, at: datetime) -> None:
    """LotUnusable for a recalled lot, and for one whose last day is over at the location."""
    if lot.is_recalled:
        raise LotUnusable(_("Lot %(lot)s is recalled. Choose another one.") % {"lot": lot.number})
    if lot.has_expired(at, location.zone):
        told = _("Lot %(lot)s expired on %(day)s. Choose another one.")
        raise LotUnusable(told % {"lot": lot.number, "day": lot.expires_on.isoformat()})


def _levels(lot: Lot, places: list[Location]) -> dict[int, StockLevel]:
    """The lot's rows at the places, made where there is none, locked in one order; the lot as it stands now.

    The lot is held as well, so that a recall comes before a use of it or after it.
    """
    held = Lot.objects.select_for_update(no_key=True).select_related("product").get(pk=lot.pk)
    known = {one.pk: one for one in places}
    StockLevel.objects.bulk_create(
        [StockLevel(lot=held, location=known[pk]) for pk in sorted(known)], ignore_conflicts=True
    )
    rows = StockLevel.objects.filter(lot=held, location__in=known.values()).order_by("pk")
    levels = {row.location_id: row for row in rows.select_for_update(no_key=True)}
    for pk, level in levels.items():
        level.lot, level.location = held, known[pk]
    return levels


def _move(level: StockLevel, change: Change, *, by: Actor, at: datetime) -> StockMovement:
    """Write the movement and the level; NotEnough when it would fall below nothing. The level is locked."""
    left = level.left + change.quantity
    if left < 0:
        told = _("Only %(left)s %(unit)s of lot %(lot)s are left at %(place)s.") % {
            "left": write_quantity(level.left),
            "unit": level.lot.product.get_unit_display(),
            "lot": level.lot.number,
            "place": level.location.name,
        }
        raise NotEnough(told, errors=[failure("quantity", "not_enough", told)])
    if left > MOST:
        raise Invalid(errors=[failure("quantity", "too_much", _("This is more than a shelf can hold."))])
    _open_or_close(level, left, at)
    level.save(update_fields=["left", "opened_at", "counted_at"])
    try:
        with transaction.atomic():
            movement = StockMovement.objects.create(
                lot=level.lot,
                location=level.location,
                kind=change.kind,
                quantity=change.quantity,
                left_after=left,
                reason=change.reason,
                note=_note(change.note),
                source=change.source,
                reverses=change.reverses,
                by=str(by),
                at=at,
            )
    except IntegrityError:
        raise Conflict(_("This was taken back already.")) from None
    verb = "stock.reversed" if change.reverses else f"stock.{change.kind}"
    record(verb, by=by, on=movement, detail={"quantity": change.quantity, "lot": str(level.lot.uid)}, at=at)
    return movement


def _open_or_close(level: StockLevel, left: int, at: datetime) -> None:
    """The vial that is open after the movement: a new one where the last was used up, none where all are sealed."""
    before, size = level.left, level.lot.product.per_vial
    level.left = left
    if left % size == 0:
        level.opened_at = None
    elif level.opened_at is None or -(-left // size) < -(-before // size):
        level.opened_at = at


def _positive(quantity: int) -> None:
    if not 0 < quantity <= MOST:
        raise Invalid(
            errors=[failure("quantity", "invalid", _("Give a quantity above zero, such as 20 or 0.5."))]
        )


def _note(text: str) -> str | None:
    try:
        return clean_text(text, LONGEST_NOTE) or None
    except TextProblem as problem:
        raise Invalid(errors=[failure("note", problem.code, problem.message)]) from None
