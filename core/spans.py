"""A stretch of time that refuses to be wrong: aware, in UTC, half-open, never empty."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from psycopg.types.range import Range, TimestamptzRange


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is refused, because it names no moment."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, order=True)
class Span:
    """From `start` up to, and without, `end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.start >= self.end:
            raise ValueError("a span must end after it starts")

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, item: "datetime | Span") -> bool:
        if isinstance(item, Span):
            return self.start <= item.start and item.end <= self.end
        return self.start <= as_utc(item) < self.end

    def shift(self, by: timedelta) -> "Span":
        return Span(self.start + by, self.end + by)

    def padded(self, before: timedelta = timedelta(), after: timedelta = timedelta()) -> "Span":
        return Span(self.start - before, self.end + after)

    def overlap(self, other: "Span") -> "Span | None":
        """The stretch both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def to_range(self) -> TimestamptzRange:
        return TimestamptzRange(self.start, self.end, "[)")

    @classmethod
    def from_range(cls, value: Range[datetime]) -> Self:
        if value.lower is None or value.upper is None or value.bounds != "[)":
            raise ValueError("only a bounded, half-open range is a span")
        return cls(value.lower, value.upper)
