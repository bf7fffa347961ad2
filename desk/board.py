"""A day by provider, room or device as the calendar draws it: places in five-minute rows, words, links. Draws only; decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.clock import local
from core.words import initials
from scheduling.actions.move import MOVABLE
from scheduling.day import Block, Column, DayView, Visit
from scheduling.models import Appointment, Status
from scheduling.patient_pages import words
from scheduling.shown import Holder

ROW: Final = 5
FREE: Final = 30  # minutes of a free row, a target to be pressed, where that fits the clinic's grid
LEAST_FREE: Final = 20  # less would be too small a target
GRID: Final = 15  # the usual one
Text = str | Promise
MIDNIGHT: Final = 24 * 60
USUAL: Final = (8 * 60, 18 * 60)
AWAY: Final[dict[str, Text]] = {
    "off": _("Not in"),
    "time_off": _("Away"),
    "external": _("Busy elsewhere"),
    "closed": _("Closed"),
    "filtered": _("Another visit"),
}


@dataclass(frozen=True)
class Lane:
    """One column."""

    name: Text
    initials: str
    count: int
    items: list[dict[str, Any]]
    uid: str = ""


@dataclass(frozen=True)
class Board:
    """Everything that the calendar's templates ask for."""

    view: DayView
    day: date
    title: str
    lanes: list[Lane]
    hours: list[dict[str, str]]
    first_hour: int
    last_hour: int
    now_at: str
    now_clock: str
    counts: dict[str, int]
    visits: int = 0
    step: int = GRID  # minutes; what is dragged goes from one to the next

    @property
    def names_hidden(self) -> bool:
        return self.view.names_hidden

    @property
    def cols(self) -> int:
        return min(len(self.lanes), 16)

    @property
    def zone(self) -> str:
        return str(self.view.zone)


def build(
    view: DayView,
    *,
    at: datetime,
    current: UUID | None = None,
    place: UUID | None = None,
    may_book: bool = False,
    step: int = GRID,
) -> Board:
    """`current` is the visit that the panel shows; `place` is what links to new visits carry along; `step` is the
    clinic's grid in minutes."""
    first, last = scale(view)
    from_minute = _bookable_from(view, at, step) if may_book else MIDNIGHT
    lanes = [
        _lane(
            column,
            view,
            at=at,
            current=current,
            may_move=may_book,
            free=_free(column, view, max(from_minute, first), last, place, step),
        )
        for column in view.columns
    ]
    shown = [visit for visit in view.visits if visit.is_standing]
    minute = view.now_minute if view.now_minute is not None and first <= view.now_minute < last else None
    return Board(
        view=view,
        day=view.day,
        title=words.day(view.day),
        lanes=lanes,
        hours=[
            {"at": _place(hour * 60), "label": words.hour(time(hour))}
            for hour in range(first // 60 + 1, last // 60)
        ],
        first_hour=first // 60,
        last_hour=last // 60,
        now_at=_place(minute - minute % ROW) if minute is not None else "",
        now_clock=_bare(local(at, view.zone)) if minute is not None else "",
        counts={status.value: view.counts.get(status, 0) for status in Status},
        visits=len(shown),
        step=step,
    )


def scale(view: DayView) -> tuple[int, int]:
    """Whole hours from the first to the last thing of the day, as minutes."""
    starts = [visit.starts_minute - visit.buffer_before for visit in view.visits]
    ends = [visit.ends_minute + visit.buffer_after for visit in view.visits]
    opens, closes = view.opens_minute, view.closes_minute
    if opens >= closes:
        opens, closes = USUAL
    first, last = min([opens, *starts]), max([closes, *ends])
    # An hour that begins the day needs a line above it to be named at.
    first = max(0, min((first - 1) // 60, 23)) * 60
    return first, min(MIDNIGHT, max(-(-last // 60) * 60, first + 60))


def named(who: Holder | None) -> tuple[Text, str]:
    """What a column is called, and its letters."""
    if who is None:
        return _("None needed"), ""
    return who.name, initials(getattr(who, "display_name", who.name))


def _lane(
    column: Column,
    view: DayView,
    *,
    at: datetime,
    current: UUID | None,
    may_move: bool,
    free: list[dict[str, Any]],
) -> Lane:
    shown = [visit for visit in column.visits if visit.is_standing]
    items = free + _away(column.away, scale(view))
    for visit in shown:
        items += _buffers(visit)
        items.append(event(visit, view, at=at, current=current, may_move=may_move))
    items.sort(key=lambda item: (item["minute"], item["kind"] != "away"))
    name, letters = named(column.of)
    return Lane(name, letters, len(shown), _reachable(items), str(column.of.uid) if column.of else "")


def event(
    visit: Visit, view: DayView, *, at: datetime, current: UUID | None, may_move: bool = False
) -> dict[str, Any]:
    """A visit as both calendars draw it."""
    appointment = visit.appointment
    hidden = view.names_hidden
    start, length = _rows(visit.starts_minute, visit.ends_minute)
    return {
        "kind": "event",
        "minute": start,
        "uid": appointment.uid,
        "href": reverse("desk:visit", args=[appointment.uid]),
        "at": _place(start),
        "min": length,
        "time": _bare(appointment.starts_local),
        "exact": f"{appointment.starts_local:%H:%M}",
        "clock": words.clock(appointment.starts_local),
        "name": appointment.service.name if hidden else visit.name,
        "service": "" if hidden else appointment.service.name,
        "status": visit.status,
        "minutes": waited(appointment, at),
        "flag": _flag(visit),
        "lane": visit.lane + 1,
        "lanes": visit.lanes,
        "current": appointment.uid == current,
        "move": reverse("desk:move", args=[appointment.uid]) if may_move and visit.status in MOVABLE else "",
        "revision": appointment.revision,
        "provider": str(appointment.provider.uid),
        "lasts": (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1),
    }


def waited(appointment: Appointment, at: datetime) -> int | None:
    """Minutes in the waiting room or in the treatment room."""
    since = {Status.ARRIVED: appointment.arrived_at, Status.IN_ROOM: appointment.started_at}.get(
        Status(appointment.status)
    )
    return max(0, int((at - since) / timedelta(minutes=1))) if since else None


def _flag(visit: Visit) -> str | Promise:
    if visit.appointment.is_override:
        return _("Booked over a conflict")
    return _("Late") if visit.is_late else ""


def _buffers(visit: Visit) -> list[dict[str, Any]]:
    found = []
    for start, minutes in (
        (visit.starts_minute - visit.buffer_before, visit.buffer_before),
        (visit.ends_minute, visit.buffer_after),
    ):
        if minutes and visit.lanes == 1:
            place, length = _rows(start, start + minutes)
            found.append(
                {"kind": "buffer", "minute": place, "at": _place(place), "min": length, "minutes": minutes}
            )
    return found


def _away(blocks: list[Block], scale: tuple[int, int]) -> list[dict[str, Any]]:
    """As far as the calendar is drawn, so that the word stands in the middle of what is seen."""
    found = []
    for block in blocks:
        first, last = max(block.starts_minute, scale[0]), min(block.ends_minute, scale[1])
        if first < last:
            start, length = _rows(first, last)
            brief = block.kind == "off" and last - first <= 60
            label = block.label or ("" if brief else AWAY.get(block.kind, ""))
            found.append(
                {
                    "kind": "away",
                    "minute": start,
                    "at": _place(start),
                    "min": length,
                    "name": label,
                    "uid": block.uid,
                }
            )
    return found


def _free(
    column: Column, view: DayView, first: int, last: int, place: UUID | None, step: int
) -> list[dict[str, Any]]:
    """What is left of the provider's time, in rows that lead to a new visit."""
    busy = [(block.starts_minute, block.ends_minute) for block in column.away]
    busy += [
        (
            visit.starts_minute - _clear(visit, visit.buffer_before),
            visit.ends_minute + _clear(visit, visit.buffer_after),
        )
        for visit in column.visits
        if visit.is_standing
    ]
    rows: list[dict[str, Any]] = []
    length = FREE if FREE % step == 0 else step
    minute = last if column.of is None else first
    while minute < last:
        end = min(minute - minute % length + length, last)
        for start, stop in busy:
            if start < end and stop > minute:
                minute, end = (stop, stop) if start <= minute else (minute, start)
        if end - minute >= LEAST_FREE:
            rows.append(_free_row(column, view.day, minute, end, place))
        minute = max(end, minute)
    return rows


def _clear(visit: Visit, buffer: int) -> int:
    """The buffer; beside a very short visit at least a row, so that a finger meets only one of the two."""
    return max(buffer, ROW) if visit.ends_minute - visit.starts_minute < LEAST_FREE else buffer


def _free_row(column: Column, day: date, start: int, end: int, place: UUID | None) -> dict[str, Any]:
    at, length = _rows(-(-start // ROW) * ROW, end)
    moment = datetime.combine(day, time(at // 60, at % 60))
    query = whose(column) | {"start": moment.isoformat(timespec="minutes")}
    if place:
        query["location"] = str(place)
    return {
        "kind": "free",
        "minute": at,
        "at": _place(at),
        "min": length,
        "name": _bare(moment),
        "label": words.clock(moment),
        "href": f"{reverse('desk:new_visit')}?{urlencode(query)}",
    }


def whose(column: Column) -> dict[str, str]:
    """What a new visit in this column starts from; rooms and devices are given by the gate."""
    return {} if column.of is None or hasattr(column.of, "kind") else {"provider": str(column.of.uid)}


def clock_of(minute: int) -> str:
    """Minutes of a day as its clock shows them."""
    return words.clock(time(minute // 60 % 24, minute % 60))


def _reachable(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tab stops at each visit and at the first free time of a column; arrows reach the others."""
    seen = False
    for item in items:
        if item["kind"] == "free":
            item["skip"], seen = seen, True
    return items


def _bookable_from(view: DayView, at: datetime, step: int) -> int:
    today = local(at, view.zone).date()
    if view.day < today:
        return MIDNIGHT
    if view.day > today or view.now_minute is None:
        return 0
    return view.now_minute - view.now_minute % step


def _rows(start: int, end: int) -> tuple[int, int]:
    """Start and length on the calendar's rows, inside of the day."""
    start, end = max(0, min(start, MIDNIGHT - ROW)), max(0, min(end, MIDNIGHT))
    start -= start % ROW
    return start, max(ROW, -(-(end - start) // ROW) * ROW)


def _place(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _bare(moment: datetime) -> str:
    """2:30; the half of the day is plain from where it stands."""
    return words.clock(moment).partition(words.NO_BREAK)[0]
