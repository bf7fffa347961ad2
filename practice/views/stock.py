"""The shelf: what is left, what ends soon, one product, one lot, what moved, and the day's variance."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may
from accounts.pages import staff_page
from core.clock import local_date, now
from core.problems import NotFound
from practice import access, queries, sheets
from practice import stock as shelf
from practice.models import Location, MovementKind, Product, StockLevel, StockMovement
from practice.quantities import write_quantity
from practice.stock_words import amount, level_line, movement_lines, standing

MOST_LINES: Final = 500
PAGE: Final = 50
MOST_EXPORTED: Final = 20_000


@require_GET
@staff_page("stock.view")
def stock(request: HttpRequest) -> HttpResponse:
    """Every lot that is left somewhere; narrowed by place, words, or to what ends soon."""
    at, places = now(), queries.locations()
    place = place_asked(request, places)
    text, soon = request.GET.get("q", "").strip()[:80], request.GET.get("show") == "soon"
    rows = StockLevel.objects.filter(left__gt=0).select_related("lot__product", "location")
    if place is not None:
        rows = rows.filter(location=place)
    if text:
        rows = rows.filter(shelf.search(text))
    found = rows.order_by("lot__product__name", "lot__expires_on", "lot_id", "location__position")[
        :MOST_LINES
    ]
    lines = [level_line(level, at) for level in found]
    ending = [line for line in lines if line.standing.words]
    context = {
        "groups": _by_product(ending if soon else lines),
        "ending": len(ending),
        "products": Product.objects.in_use().exists() if not lines else True,
        "places": places if len(places) > 1 else [],
        "place": place,
        "text": text,
        "soon": soon,
        "is_narrowed": bool(text or place),
    }
    return render(request, "stock/list.html", context | {"tab": "list"})


@require_GET
@staff_page("stock.view")
def products(request: HttpRequest) -> HttpResponse:
    rows = list(Product.objects.all())
    context = {
        "rows": [_product_line(row) for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "stock/products.html", context | {"tab": "products"})


@require_GET
@staff_page("stock.view")
def lot(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One lot: where it is, what becomes of it, its ledger; and which one should go out before it."""
    found, at = access.get_lot(request.user, uid), now()
    levels = list(found.levels.select_related("location").order_by("location__position", "location_id"))
    for level in levels:
        level.lot = found
    moved = found.movements.select_related("lot__product", "location").order_by("-id")
    zone = levels[0].location.zone if levels else queries.locations()[0].zone
    sums = shelf.balance(found.movements.all())
    context = {
        "lot": found,
        "product": found.product,
        "standing": standing(found, local_date(at, zone)),
        "levels": [level_line(level, at) for level in levels if level.left],
        "sums": {
            name: amount(getattr(sums, name), found.product)
            for name in ("bought", "charted", "wasted", "left")
        },
        "movements": movement_lines(moved[:PAGE], undoable=may(request.user, "stock.manage")),
        "has_more": moved.count() > PAGE,
    }
    return render(request, "stock/lot.html", context | {"tab": "list"})


@require_GET
@staff_page("stock.view")
def movements(request: HttpRequest) -> HttpResponse:
    """The ledger, the newest first, a page at a time; by place, kind and words."""
    rows, filters = _movements_asked(request)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        **filters,
        "movements": movement_lines(found[:PAGE], undoable=may(request.user, "stock.manage")),
        "following": found[PAGE - 1].pk if len(found) > PAGE else None,
        "first": not before,
        "kinds": MovementKind.choices,
    }
    return render(request, "stock/movements.html", context | {"tab": "movements"})


@require_GET
@staff_page("stock.view")
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a spreadsheet in which nothing runs."""
    rows, _filters = _movements_asked(request)
    heading = (
        "when",
        "location",
        "product",
        "lot",
        "expires",
        "what",
        "reason",
        "quantity",
        "unit",
        "left",
        "who",
    )
    lines = movement_lines(rows[:MOST_EXPORTED], undoable=False)
    cells = [
        [
            line["row"].at.astimezone(line["row"].location.zone).strftime("%Y-%m-%d %H:%M"),
            line["row"].location.name,
            line["row"].lot.product.name,
            line["row"].lot.number,
            line["row"].lot.expires_on.isoformat(),
            str(line["what"]),
            str(line["reason"]),
            write_quantity(line["row"].quantity),
            line["row"].lot.product.short_unit,
            write_quantity(line["row"].left_after),
            str(line["who"]),
        ]
        for line in lines
    ]
    response = HttpResponse(sheets.write_rows(heading, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="stock-movements.csv"'
    return response


@require_GET
@staff_page("stock.view")
def variance(request: HttpRequest) -> HttpResponse:
    """One day at one place, to be signed and filed: what there was, what happened, what a count found amiss."""
    at, places = now(), queries.locations()
    if not places:
        return render(request, "stock/variance.html", {"place": None, "tab": "variance"})
    place = place_asked(request, places) or places[0]
    today = local_date(at, place.zone)
    day = _day_asked(request.GET.get("day", ""), today)
    lines = shelf.day_lines(place, day)
    context = {
        "place": place,
        "places": places if len(places) > 1 else [],
        "day": day,
        "today": today,
        "lines": [_day_line(line) for line in lines],
        "amiss": sum(1 for line in lines if line.variance),
        "uncounted": sum(1 for line in lines if line.touched and not line.counted),
    }
    return render(request, "stock/variance.html", context | {"tab": "variance"})


def place_asked(request: HttpRequest, places: list[Location]) -> Location | None:
    """The location in the address; 404 for one that is not the clinic's."""
    asked = request.GET.get("location", "")
    if not asked:
        return None
    found = next((one for one in places if str(one.uid) == asked), None)
    if found is None:
        raise NotFound
    return found


def _movements_asked(request: HttpRequest) -> tuple[Any, dict[str, Any]]:
    places = queries.locations()
    place, text = place_asked(request, places), request.GET.get("q", "").strip()[:80]
    kind = request.GET.get("kind", "")
    rows = StockMovement.objects.select_related("lot__product", "location").order_by("-id")
    if place is not None:
        rows = rows.filter(location=place)
    if kind in MovementKind.values:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(shelf.search(text))
    query = request.GET.copy()
    query.pop("before", None)
    return rows, {
        "place": place,
        "places": places if len(places) > 1 else [],
        "kind": kind,
        "text": text,
        "query": query.urlencode(),
    }


def _by_product(lines: list[Any]) -> list[dict[str, Any]]:
    groups: dict[int, list[Any]] = {}
    for line in lines:
        groups.setdefault(line.level.lot.product_id, []).append(line)
    return [
        {
            "product": found[0].level.lot.product,
            "total": amount(sum(line.level.left for line in found), found[0].level.lot.product),
            "lines": found,
        }
        for found in groups.values()
    ]


def _product_line(row: Product) -> dict[str, Any]:
    return {"row": row, "vial": amount(row.per_vial, row), "price": row.price if row.price else None}


def _day_line(line: shelf.DayLine) -> dict[str, Any]:
    names = ("before", "received", "moved", "charted", "wasted", "returned", "after")
    shown = {name: _figure(getattr(line, name)) for name in names}
    return shown | {
        "lot": line.lot,
        "unit": line.lot.product.short_unit,
        "variance": _figure(line.variance) if line.variance or line.counted else "",
        "is_amiss": line.variance != 0,
    }


def _figure(quantity: int) -> str:
    return write_quantity(quantity).replace("-", "−") if quantity else "0"


def _day_asked(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(asked, date(2000, 1, 1)), today)
