"""When doors are open and providers work, as moments in UTC. Pure: rows in, spans out.

Wall times are resolved day by day in the location's zone, so a day on which the clock changes comes out right.
"""

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import local_date, resolve_local
from core.spans import Span
from practice.models import Closure, OpeningHours, WorkingHours


def wall_spans(times: Iterable[tuple[time, time]], day: date, zone: ZoneInfo | str) -> list[Span]:
    """Stretches between wall times of one day; one that the clock skips wholly is not there."""
    moments = [(resolve_local(day, start, zone), resolve_local(day, end, zone)) for start, end in times]
    return merged(Span(start, end) for start, end in moments if start < end)


def open_spans(
    opening: Iterable[OpeningHours], closures: Iterable[Closure], zone: ZoneInfo | str, day: date
) -> list[Span]:
    """When the location is open on a date of its own calendar."""
    if any(closure.starts_on <= day <= closure.ends_on for closure in closures):
        return []
    times = [(hours.opens, hours.closes) for hours in opening if hours.weekday == day.weekday()]
    return wall_spans(times, day, zone)


def working_spans(
    working: Iterable[WorkingHours],
    opening: Iterable[OpeningHours],
    closures: Iterable[Closure],
    zone: ZoneInfo | str,
    day: date,
) -> list[Span]:
    """When a provider works on a date: the hours in force, as far as the doors are open."""
    times = [
        (hours.starts, hours.ends)
        for hours in working
        if hours.weekday == day.weekday() and hours.holds_on(day)
    ]
    return intersect(wall_spans(times, day, zone), open_spans(opening, closures, zone, day))


def within(window: Span, zone: ZoneInfo | str, on_day: Callable[[date], list[Span]]) -> list[Span]:
    """The spans of all local dates that the window touches, cut to the window."""
    day, last = local_date(window.start, zone), local_date(window.end - timedelta.resolution, zone)
    found: list[Span] = []
    while day <= last:
        found += on_day(day)
        day += timedelta(days=1)
    return intersect(merged(found), [window])


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, with those that touch or overlap made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def intersect(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What both lists share, in order."""
    others = list(others)
    shared = (one.overlap(other) for one in some for other in others)
    return sorted(span for span in shared if span)
