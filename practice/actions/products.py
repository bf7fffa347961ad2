"""Products and their lots: what they are called, what one unit costs, and the end of a lot that must not be used."""

from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from practice import profile as profiles
from practice.actions.saving import fill
from practice.models import Lot, Product, StockMovement

PRODUCT: Final = frozenset({"name", "manufacturer", "kind", "unit", "per_vial", "price_amount", "currency"})
LONGEST_NUMBER: Final = 40
LONGEST_REASON: Final = 300


@transaction.atomic
def create_product(*, by: Actor, **fields: Any) -> Product:
    """Something new to keep in stock, priced in the clinic's currency unless another is named."""
    fields.setdefault("currency", profiles.profile().currency)
    product = Product()
    fill(product, fields, PRODUCT, check=_check)
    record("product.created", by=by, on=product)
    return product


@transaction.atomic
def update_product(product: Product, *, by: Actor, **fields: Any) -> Product:
    """What was charted keeps the price it was charted with."""
    changed = fill(product, fields, PRODUCT, check=_check)
    record("product.updated", by=by, on=product, detail={"fields": changed})
    return product


@transaction.atomic
def archive_product(product: Product, *, by: Actor, at: datetime) -> None:
    """Nothing new is received or charted of it; what was done keeps its name."""
    product.archived_at = at
    product.save(update_fields=["archived_at"])
    record("product.archived", by=by, on=product)


@transaction.atomic
def restore_product(product: Product, *, by: Actor) -> None:
    product.archived_at = None
    product.save(update_fields=["archived_at"])
    record("product.restored", by=by, on=product)


def lot_of(product: Product, *, number: str, expires_on: date, by: Actor, at: datetime) -> Lot:
    """The product's lot of that number; made when it is received for the first time. Inside the caller's transaction.

    Invalid when the same number is known with another expiry: one of the two was misread.
    """
    number = _number(number)
    lot = Lot.objects.filter(product=product, number=number).first()
    if lot is None:
        try:
            with transaction.atomic():
                lot = Lot.objects.create(product=product, number=number, expires_on=expires_on)
        except IntegrityError:  # two deliveries are put down at once
            lot = Lot.objects.get(product=product, number=number)
        else:
            record("lot.created", by=by, on=lot, detail={"expires_on": expires_on}, at=at)
    if lot.expires_on != expires_on:
        told = _("This lot is known with the expiry %(day)s. Look at the package again.")
        raise Invalid(errors=[failure("expires_on", "differs", told % {"day": lot.expires_on.isoformat()})])
    lot.product = product
    return lot


@transaction.atomic
def recall_lot(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """From here nobody uses it. Conflict when it is recalled already."""
    held = Lot.objects.select_for_update(no_key=True).select_related("product").get(pk=lot.pk)
    if held.is_recalled:
        raise Conflict(_("This lot is recalled already."))
    held.recalled_at, held.recalled_by, held.recall_reason = at, str(by), _reason(reason)
    held.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    record("lot.recalled", by=by, on=held, detail={"reason": held.recall_reason}, at=at)
    return held


@transaction.atomic
def lift_recall(lot: Lot, *, by: Actor, at: datetime) -> Lot:
    """It was the wrong lot: it may be used again. Who was told stays on record."""
    held = Lot.objects.select_for_update(no_key=True).select_related("product").get(pk=lot.pk)
    if not held.is_recalled:
        raise Conflict(_("This lot is not recalled."))
    record("lot.recall_lifted", by=by, on=held, detail={"recalled_at": held.recalled_at}, at=at)
    held.recalled_at, held.recalled_by, held.recall_reason = None, "", ""
    held.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    return held


def _check(product: Product) -> list[Failure]:
    """What would bend the ledger: the unit and the size of a vial stay once there are movements."""
    found = []
    twins = Product.objects.filter(name=product.name, manufacturer=product.manufacturer)
    if twins.exclude(pk=product.pk).exists():
        found.append(failure("name", "taken", _("There is a product of this name and maker already.")))
    if product.pk and StockMovement.objects.filter(lot__product=product).exists():
        before = Product.objects.get(pk=product.pk)
        for field, told in (
            ("unit", _("Stock was booked in the old unit. Add another product instead.")),
            ("per_vial", _("Stock was booked in vials of the old size. Add another product instead.")),
        ):
            if getattr(before, field) != getattr(product, field):
                found.append(failure(field, "in_use", told))
    return found


def _number(text: str) -> str:
    try:
        number = clean_text(text, LONGEST_NUMBER)
    except TextProblem as problem:
        raise Invalid(errors=[failure("number", problem.code, problem.message)]) from None
    if not number:
        raise Invalid(errors=[failure("number", "missing", _("Type the lot number of the package."))])
    return number.upper()


def _reason(text: str) -> str:
    try:
        reason = clean_text(text, LONGEST_REASON)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if len(reason) < 5:
        told = _("Say why, and who said so: it stands on the report.")
        raise Invalid(errors=[failure("reason", "too_short", told)])
    return reason
