"""The injection map as its card shows it: the drawing with its marks, the list beside it, the brush, the tally."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may
from accounts.models import User
from charting.forms.injections import LOT, PRODUCT, Options, PointForm, point_initial
from charting.injections import Charted, Tally, read_map
from charting.models import Encounter, InjectionPoint
from charting.models.injections import View
from charting.sites import HEIGHT, THOUSAND, WIDTH
from core.money import Money
from core.words import full_date
from practice.models import Lot, Product, Unit, WasteReason
from practice.quantities import HUNDRED, write_quantity
from practice.stock import usable_levels
from practice.stock_words import amount, standing

SHORT: Final = {
    View.FACE_FRONT: gettext_lazy("Front"),
    View.FACE_LEFT: gettext_lazy("Left"),
    View.FACE_RIGHT: gettext_lazy("Right"),
    View.BODY_FRONT: gettext_lazy("Body"),
    View.BODY_BACK: gettext_lazy("Back"),
}
TONES: Final = ("", "b", "c")  # of the first, second, third product on a map


@dataclass
class Drawn:
    """What a request wants to see of the map."""

    encounter: Encounter
    user: User
    at: datetime
    view: str = ""
    selected: str = ""
    form: PointForm | None = None
    trouble: str = ""
    wanted: str = ""
    said: str = ""
    charted: Charted = field(init=False)

    def __post_init__(self) -> None:
        self.charted = read_map(self.encounter)


def choices(
    encounter: Encounter, at: datetime, own: InjectionPoint | None = None
) -> tuple[Options, dict[str, Lot | Product]]:
    """Lots that may be used here now, the earliest expiry first, under their products; then "lot later"."""
    products = list(Product.objects.injected())
    known: dict[str, Lot | Product] = {f"{PRODUCT}:{one.uid}": one for one in products}
    lots: dict[int, list[tuple[str, str]]] = {one.pk: [] for one in products}
    for level in usable_levels(encounter.location, at=at, products=products):
        lot = level.lot
        key = f"{LOT}:{lot.uid}"
        known[key] = lot
        told = _("%(lot)s · %(left)s left · %(day)s")
        words = {"lot": lot.number, "left": amount(level.left, lot.product), "day": full_date(lot.expires_on)}
        lots[lot.product_id].append((key, told % words))
    if own is not None:
        key = f"{LOT}:{own.lot.uid}" if own.lot else f"{PRODUCT}:{own.product.uid}"
        if key not in known:  # used up, or no longer to be used: it stays what it is
            known[key] = own.lot or own.product
            if own.product_id not in lots:
                products.append(own.product)
            if own.lot is not None:
                lots.setdefault(own.product_id, []).append((key, own.lot.number))
    options = [
        (
            one.name,
            [*lots.get(one.pk, []), (f"{PRODUCT}:{one.uid}", _("%(name)s, lot later") % {"name": one.name})],
        )
        for one in products
    ]
    return options, known


def card_context(drawn: Drawn) -> dict[str, Any]:
    """The whole card, in a fixed number of queries however many points there are."""
    charted, encounter = drawn.charted, drawn.encounter
    selected = next((one for one in charted.points if str(one.uid) == drawn.selected), None)
    view = drawn.view if drawn.view in View.values else ""
    view = view or (selected.where["view"] if selected else "") or _first_view(charted)
    writes = may(drawn.user, "chart.write") and not charted.is_locked
    options, known = choices(encounter, drawn.at, selected) if writes else ([], {})
    brush = edit = None
    if writes:
        edit = drawn.form if drawn.form and drawn.form.point else None
        brush = drawn.form if drawn.form and not drawn.form.point else None
        brush = brush or PointForm(
            view=view, options=options, known=known, initial=_brush(charted, view, options)
        )
        if selected is not None and edit is None:
            edit = PointForm(
                view=selected.where["view"],
                options=options,
                known=known,
                point=selected,
                initial=point_initial(selected),
            )
    return {
        "encounter": encounter,
        "version": charted.version,
        "is_locked": charted.is_locked,
        "writes": writes,
        "view": view,
        "view_name": View(view).label,
        "views": _views(charted, view),
        "marks": [_mark(one, selected, charted) for one in charted.points if one.where["view"] == view],
        "count": len(charted.points),
        "rows": _rows(charted, selected),
        "total": _total(charted),
        "selected": _selected(selected) if selected else None,
        "brush": brush,
        "edit": edit,
        "has_products": bool(options),
        "has_lots": any(len(lots) > 1 for _name, lots in options),
        "tallies": [_tally(one, drawn) for one in charted.tallies],
        "without_lot": charted.without_lot,
        "reasons": WasteReason.choices,
        "trouble": drawn.trouble,
        "wanted": drawn.wanted,
        "said": drawn.said,
    }


def describe(point: InjectionPoint) -> str:
    """ "4 u of lot C6184, Glabella": what a point says in one line."""
    lot = point.lot.number if point.lot else _("no lot yet")
    return f"{amount(point.units, point.product)} {point.product.name}, {lot}, {point.where['site']}"


def _first_view(charted: Charted) -> str:
    return str(charted.points[-1].where["view"]) if charted.points else str(View.FACE_FRONT)


def _views(charted: Charted, view: str) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for point in charted.points:
        counts[point.where["view"]] = counts.get(point.where["view"], 0) + 1
    return [
        {
            "key": key,
            "label": SHORT[View(key)],
            "name": name,
            "count": counts.get(key, 0),
            "is_shown": key == view,
        }
        for key, name in View.choices
    ]


def _mark(point: InjectionPoint, selected: InjectionPoint | None, charted: Charted) -> dict[str, Any]:
    products = list(dict.fromkeys(one.product_id for one in charted.points))
    where, tone = point.where, TONES[products.index(point.product_id) % len(TONES)]
    y = round(where["y"] * HEIGHT / THOUSAND, 1)
    return {
        "uid": point.uid,
        "number": point.number,
        "cx": round(where["x"] * WIDTH / THOUSAND, 1),
        "cy": y,
        "text_y": round(y + 3.8, 1),
        "label": _("Point %(number)d: %(what)s") % {"number": point.number, "what": describe(point)},
        "tone": "on" if point is selected else "open" if point.lot is None else tone,
        "is_on": point is selected,
    }


def _rows(charted: Charted, selected: InjectionPoint | None) -> list[dict[str, Any]]:
    """Neighbours of one site and lot share a row, as one reads them out."""
    rows = []
    for _key, found in groupby(
        charted.points, key=lambda one: (one.where["site"], one.product_id, one.lot_id)
    ):
        points = list(found)
        first = points[0]
        rows.append(
            {
                "points": points,
                "site": first.where["site"],
                "product": first.product.name,
                "units": amount(sum(one.units for one in points), first.product),
                "lot": first.lot,
                "expires": full_date(first.lot.expires_on) if first.lot else "",
                "is_on": selected in points,
            }
        )
    return rows


def _total(charted: Charted) -> dict[str, Any]:
    """Sums by product, and the money; none across currencies."""
    products: dict[int, Product] = {}
    sums: dict[int, int] = {}
    for point in charted.points:
        products[point.product_id] = point.product
        sums[point.product_id] = sums.get(point.product_id, 0) + point.units
    money: dict[str, Money] = {}
    for charge in charted.charges:
        currency = charge.amount.currency
        money[currency] = money.get(currency, Money.zero(currency)) + charge.amount
    return {
        "units": [(products[key].name, amount(units, products[key])) for key, units in sums.items()],
        "money": ", ".join(str(one) for one in money.values() if one),
    }


def _selected(point: InjectionPoint) -> dict[str, Any]:
    step = HUNDRED if point.product.unit in (Unit.UNITS, Unit.PIECE) else HUNDRED // 10
    return {
        "point": point,
        "units": amount(point.units, point.product),
        "steps": (
            (_("Less"), write_quantity(point.units - step) if point.units > step else ""),
            (_("More"), write_quantity(point.units + step)),
        ),
        "values": point_initial(point),
    }


def _tally(tally: Tally, drawn: Drawn) -> dict[str, Any]:
    product = tally.lot.product
    missing = tally.missing
    zone = drawn.encounter.location.zone
    return {
        "lot": tally.lot,
        "product": product,
        "standing": standing(tally.lot, drawn.at.astimezone(zone).date()),
        "drawn": "" if tally.drawn is None else write_quantity(tally.drawn),
        "drawn_told": "–" if tally.drawn is None else amount(tally.drawn, product),
        "charted": write_quantity(tally.charted),
        "wasted": write_quantity(tally.wasted),
        "missing": write_quantity(max(missing, 0)),
        "over": amount(-missing, product) if missing < 0 else "",
        "is_missing": missing > 0,
    }


def _brush(charted: Charted, view: str, options: Options) -> dict[str, Any]:
    """As the last point was; else the lot that should go out first."""
    if charted.points:
        last = point_initial(charted.points[-1])
        return {name: last[name] for name in ("what", "units", "depth", "technique")} | {"view": view}
    first = next((lots[0][0] for _name, lots in options if len(lots) > 1), "")
    return {"what": first, "units": "", "view": view}
