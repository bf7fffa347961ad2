"""How long a signature lasts, and what makes one: pure, nothing here asks the database."""

import calendar
import hashlib
import itertools
import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.clock import day_span, local_date
from core.problems import Failure, failure
from patients.rules import ADULT, age_on

MOST_STROKES: Final = 200
MOST_POINTS: Final = 6000
LONGEST_STROKES: Final = 400_000  # characters, as they come from a page
FARTHEST: Final = 20_000.0
LEAST_INK: Final = 60.0  # pixels that the pen travelled …
LEAST_SPREAD: Final = 24.0  # … over a field at least so wide or high
Strokes = list[list[list[float]]]


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where the month is shorter."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def expiry(
    signed_at: datetime, months: int | None, zone: ZoneInfo, *, grown_up_on: date | None = None
) -> datetime | None:
    """When a signature stops to count: at the end of the day in the clinic's zone, or when a child that a guardian
    signed for comes of age, whichever is first; None for one that lasts."""
    ends = []
    if months is not None:
        ends.append(day_span(months_later(local_date(signed_at, zone), months), zone).end)
    if grown_up_on is not None:
        ends.append(day_span(grown_up_on, zone).start)
    return min(ends) if ends else None


def comes_of_age(born: date) -> date:
    """The 18th birthday; who is born on 29 February has it on 1 March."""
    year = born.year + ADULT
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def is_child(born: date | None, at: datetime, zone: ZoneInfo) -> bool:
    return born is not None and age_on(born, local_date(at, zone)) < ADULT


def read_strokes(text: str) -> tuple[Strokes, Failure | None]:
    """What signature_pad sent, cut down to places and moments; and what is wrong with it."""
    if not text:
        return [], None
    unreadable = failure("strokes", "invalid", _("The signature could not be read. Please sign again."))
    if len(text) > LONGEST_STROKES:
        return [], failure("strokes", "too_long", _("That is too much ink. Clear it and sign again."))
    try:
        strokes = [_points(stroke) for stroke in _list(json.loads(text))]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return [], unreadable
    if len(strokes) > MOST_STROKES or sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        return [], failure("strokes", "too_long", _("That is too much ink. Clear it and sign again."))
    strokes = [stroke for stroke in strokes if stroke]
    if strokes and not has_ink(strokes):
        return strokes, failure(
            "strokes", "too_little", _("This is only a dot. Please sign with your whole name.")
        )
    return strokes, None


def has_ink(strokes: Strokes) -> bool:
    """Whether the pen went far enough for a name or initials; a dot or a tap did not."""
    travelled = sum(math.dist(a[:2], b[:2]) for stroke in strokes for a, b in itertools.pairwise(stroke))
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    return travelled >= LEAST_INK and max(max(xs) - min(xs), max(ys) - min(ys)) >= LEAST_SPREAD


def digest(what: Any) -> bytes:
    """SHA-256 of the canonical JSON: the same for the same content, whatever the order of its names."""
    return hashlib.sha256(
        json.dumps(what, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).digest()


def hash_of_text(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _points(stroke: Any) -> list[list[float]]:
    raw = _list(stroke["points"] if isinstance(stroke, Mapping) else stroke)
    began: float | None = None
    points = []
    for one in raw:
        x, y, moment = (
            (one["x"], one["y"], one.get("time", 0)) if isinstance(one, Mapping) else (one[0], one[1], 0)
        )
        x, y, moment = _number(x), _number(y), _number(moment, most=1e15)
        began = moment if began is None else began
        points.append([round(x, 1), round(y, 1), round(max(0.0, moment - began))])
    return points


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _number(value: Any, *, most: float = FARTHEST) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a number")
    if abs(value) > most:
        raise ValueError("out of the field")
    return float(value)
