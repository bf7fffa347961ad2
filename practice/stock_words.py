"""Stock as pages say it: quantities with their unit, how a lot stands, who moved what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.actors import ActorKind
from core.clock import local_date
from core.words import full_date
from practice.models import Lot, Product, StockLevel, StockMovement
from practice.quantities import write_quantity
from practice.stock import SOON

Text = str | Promise


def amount(quantity: int, product: Product, *, signed: bool = False) -> str:
    """ "20 u", "0.55 mL"; with a sign where it says what changed."""
    plus = "+" if signed and quantity > 0 else ""
    return f"{plus}{write_quantity(quantity)} {product.short_unit}".replace("-", "−")


@dataclass(frozen=True)
class Standing:
    """How a lot stands on a day, as a badge: words, tone, icon; no words where all is well."""

    words: Text = ""
    tone: str = ""
    icon: str = ""


def standing(lot: Lot, on: date) -> Standing:
    if lot.is_recalled:
        return Standing(_("Recalled"), "danger", "ban")
    days = lot.days_left(on)
    if days < 0:
        return Standing(_("Expired"), "danger", "circle-x")
    if days == 0:
        return Standing(_("Last day"), "warning", "triangle-alert")
    if days <= SOON.days:
        words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
        return Standing(words, "warning", "clock")
    return Standing()


@dataclass(frozen=True)
class LevelLine:
    level: StockLevel
    left: str
    vials: str
    standing: Standing
    expires: str


def level_line(level: StockLevel, at: datetime) -> LevelLine:
    product = level.lot.product
    return LevelLine(
        level,
        amount(level.left, product),
        vials(level),
        standing(level.lot, local_date(at, level.location.zone)),
        full_date(level.lot.expires_on),
    )


def vials(level: StockLevel) -> str:
    """ "3 sealed, one open with 40 u (60 u drawn)"."""
    product, parts = level.lot.product, []
    if sealed := level.sealed_vials:
        parts.append(ngettext("%(n)d sealed", "%(n)d sealed", sealed) % {"n": sealed})
    if level.open_left:
        told = _("one open with %(left)s, %(drawn)s drawn")
        words = {"left": amount(level.open_left, product), "drawn": amount(level.open_drawn, product)}
        parts.append(str(told % words))
    return ", ".join(parts)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Who stands behind the actors of the ledger, by what the ledger calls them; one query."""
    keys = {actor: actor.partition(":")[2] for actor in actors if actor.startswith(f"{ActorKind.STAFF}:")}
    found: dict[UUID, str] = dict(User.objects.filter(pk__in=keys.values()).values_list("pk", "display_name"))
    return {actor: found[UUID(key)] for actor, key in keys.items() if UUID(key) in found}


def movement_lines(movements: Iterable[StockMovement], *, undoable: bool) -> list[dict[str, Any]]:
    """The ledger's rows for a table, the newest first as they come."""
    rows = list(movements)
    names = names_of({row.by for row in rows})
    undone = set(
        StockMovement.objects.filter(reverses__in=[row.uid for row in rows]).values_list(
            "reverses", flat=True
        )
    )
    return [
        {
            "row": row,
            "what": _("%(what)s, taken back") % {"what": row.get_kind_display()}
            if row.reverses
            else row.get_kind_display(),
            "reason": row.get_reason_display() if row.reason else "",
            "quantity": amount(row.quantity, row.lot.product, signed=True),
            "left": amount(row.left_after, row.lot.product),
            "who": names.get(row.by, _("A program") if row.by.startswith(ActorKind.TOKEN) else "–"),
            "is_undone": row.uid in undone,
            "can_undo": undoable
            and row.kind != "charted"
            and row.reverses is None
            and row.uid not in undone
            and row.quantity != 0,
        }
        for row in rows
    ]
