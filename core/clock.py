"""The one clock, and the way between a location's wall time and UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.spans import Span, as_utc

Zone = ZoneInfo | str


def now() -> datetime:
    """The present moment in UTC. Views, tasks and commands ask; everything below is told."""
    return datetime.now(UTC)


def zone_of(zone: Zone) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)


def local(moment: datetime, zone: Zone) -> datetime:
    """The moment as the clock on the location's wall shows it."""
    return as_utc(moment).astimezone(zone_of(zone))


def local_date(moment: datetime, zone: Zone) -> date:
    return local(moment, zone).date()


def resolve_local(day: date, at: time, zone: Zone) -> datetime:
    """The UTC moment at which the wall clock shows `at` on `day`.

    A time that the clock skips moves forward by what was skipped; of one that comes twice it is the first.
    """
    if at.tzinfo is not None:
        raise ValueError("a wall time has no time zone of its own")
    # fold=0 reads a skipped time with the offset from before the change, which is exactly "moved forward".
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone_of(zone)).astimezone(UTC)


def wall_time_exists(day: date, at: time, zone: Zone) -> bool:
    """False for a time that the clock skips on that day."""
    shown = local(resolve_local(day, at, zone), zone)
    return shown.replace(tzinfo=None, fold=0) == datetime.combine(day, at.replace(fold=0))


def day_span(day: date, zone: Zone) -> Span:
    """A calendar day as two UTC moments: 23 or 25 hours long twice a year."""
    start = resolve_local(day, time.min, zone)
    return Span(start, resolve_local(day + timedelta(days=1), time.min, zone))


def days_span(first: date, last: date, zone: Zone) -> Span:
    """From the start of `first` to the end of `last`."""
    return Span(day_span(first, zone).start, day_span(last, zone).end)


def utc_dates(span: Span) -> list[date]:
    """The UTC dates the span touches, ascending: the order in which day rows are locked."""
    first = span.start.date()
    last = (span.end - timedelta.resolution).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
