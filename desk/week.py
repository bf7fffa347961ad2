"""A week as the calendar draws it: a row for each provider, room or device, a cell for each day. Draws only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _t

from core.clock import local_date
from desk import board
from desk.board import Text
from scheduling.day import Block, Column, DayView
from scheduling.models import Status
from scheduling.patient_pages import words
from scheduling.shown import Holder

MOST_ROWS = 40  # as many as times.css has rows for
WHOLE = 24 * 60


@dataclass(frozen=True)
class Row:
    """Whom a row is of."""

    name: Text
    initials: str
    uid: str
    count: int


@dataclass(frozen=True)
class Cell:
    """One row's day."""

    row: Row
    items: list[dict[str, Any]]
    note: Text
    blocks: list[dict[str, Any]]
    book: str

    @property
    def is_empty(self) -> bool:
        return not self.items and not self.blocks


@dataclass(frozen=True)
class WeekDay:
    """One column."""

    view: DayView
    name: str
    number: str
    label: str
    href: str
    cells: list[Cell]
    visits: int


@dataclass(frozen=True)
class Week:
    """Everything that the week's templates ask for."""

    days: list[WeekDay]
    rows: list[Row]
    title: str
    counts: dict[str, int]
    visits: int

    @property
    def lanes(self) -> list[Row]:
        return self.rows

    @property
    def names_hidden(self) -> bool:
        return any(day.view.names_hidden for day in self.days)


def build(
    views: list[DayView],
    *,
    at: datetime,
    current: UUID | None,
    query: str,
    place: UUID | None,
    may_book: bool,
) -> Week:
    rows = _rows(views)
    today = local_date(at, views[0].zone)
    days = []
    for view in views:
        columns = {_key(column.of): column for column in view.columns}
        cells = [
            _cell(
                row,
                columns.get(row.uid),
                view,
                at=at,
                current=current,
                place=place,
                may_move=may_book,
                may_book=may_book and view.day >= today,
            )
            for row in rows
        ]
        days.append(
            WeekDay(
                view=view,
                name=date_format(view.day, "D"),
                number=str(view.day.day),
                label=words.day(view.day),
                href=reverse("desk:day", args=[view.day]) + query,
                cells=cells,
                visits=len([one for one in view.visits if one.is_standing]),
            )
        )
    counts = {status.value: sum(view.counts.get(status, 0) for view in views) for status in Status}
    return Week(days, rows, _title(views[0].day), counts, sum(day.visits for day in days))


def _rows(views: list[DayView]) -> list[Row]:
    """Whoever is there on one of the days, in the clinic's order."""
    found: dict[str, tuple[int, Holder | None]] = {}
    counts: dict[str, int] = {}
    for view in views:
        for place, column in enumerate(view.columns):
            key = _key(column.of)
            found.setdefault(key, (getattr(column.of, "position", place), column.of))
            counts[key] = counts.get(key, 0) + len(column.visits)
    ordered = sorted(found.items(), key=lambda pair: (pair[0] == "", pair[1][0]))
    return [Row(*board.named(who), key, counts[key]) for key, (_, who) in ordered[:MOST_ROWS]]


def _cell(
    row: Row,
    column: Column | None,
    view: DayView,
    *,
    at: datetime,
    current: UUID | None,
    place: UUID | None,
    may_move: bool,
    may_book: bool,
) -> Cell:
    if column is None:
        return Cell(row, [], _t("Not in"), [], "")
    shown = sorted((one for one in column.visits if one.is_standing), key=lambda one: one.starts_minute)
    items = [board.event(visit, view, at=at, current=current, may_move=may_move) for visit in shown]
    blocks = [_block(one) for one in column.away if one.kind in ("time_off", "external")]
    absent = _absent(column.away)
    note = board.AWAY[absent] if absent else ""
    book = _book(column, view.day, place) if may_book and not absent else ""
    return Cell(row, items, note, blocks, book)


def _absent(away: list[Block]) -> str:
    """Why nobody is there on the whole day; nothing if somebody is."""
    return next((one.kind for one in away if one.starts_minute <= 0 and one.ends_minute >= WHOLE), "")


def _block(one: Block) -> dict[str, Any]:
    if one.starts_minute <= 0 and one.ends_minute >= WHOLE:
        when = _t("All day")
    else:
        when = f"{board.clock_of(max(one.starts_minute, 0))} – {board.clock_of(min(one.ends_minute, WHOLE))}"
    return {"when": when, "label": one.label or board.AWAY[one.kind], "uid": one.uid}


def _book(column: Column, day: date, place: UUID | None) -> str:
    query = board.whose(column) | {"day": day.isoformat()}
    if place:
        query["location"] = str(place)
    return f"{reverse('desk:new_visit')}?{urlencode(query)}"


def _key(who: Holder | None) -> str:
    return str(who.uid) if who else ""


def _title(first: date) -> str:
    """2 – 8 Mar 2026; with both months where they differ."""
    last = first + timedelta(days=6)
    start = str(first.day) if first.month == last.month else f"{first.day} {date_format(first, 'M')}"
    return f"{start} – {last.day} {date_format(last, 'M Y')}".replace(" ", words.NO_BREAK)
