"""Pure arithmetic of free time: one integer a resource, one bit for each five minutes, over the whole range.

No database and no clock in here. Bit 0 is the first five minutes of the frame's first UTC day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from core.clock import Zone, day_span, utc_dates, zone_of
from core.spans import Span

STEP_MINUTES = 5
STEP_SECONDS = STEP_MINUTES * 60
STEP = timedelta(minutes=STEP_MINUTES)
STEPS_A_DAY = 24 * 60 // STEP_MINUTES
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Stretch = tuple[int, int]  # minutes from the visit's start: from, up to


@dataclass(frozen=True)
class Frame:
    """Some UTC days in a row, as places of bits."""

    first: date
    days: int

    @classmethod
    def over(cls, span: Span) -> "Frame":
        dates = utc_dates(span)
        return cls(dates[0], len(dates))

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, tzinfo=UTC)

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + timedelta(days=self.days))

    @property
    def steps(self) -> int:
        return self.days * STEPS_A_DAY

    @property
    def first_step(self) -> int:
        """The frame's first step, counted since 1970."""
        return (self.first - EPOCH.date()).days * STEPS_A_DAY

    @property
    def full(self) -> int:
        return (1 << self.steps) - 1

    def floor(self, moment: datetime) -> int:
        """The step that the moment lies in; outside the frame it is below 0 or beyond the last."""
        return _seconds(moment - self.start) // STEP_SECONDS

    def ceil(self, moment: datetime) -> int:
        return -(_seconds(self.start - moment) // STEP_SECONDS)

    def busy(self, span: Span) -> int:
        """Every step the span touches: who is busy for a minute is not free for the five."""
        return self._between(self.floor(span.start), self.ceil(span.end))

    def open(self, span: Span) -> int:
        """Only the steps that lie wholly in the span."""
        return self._between(self.ceil(span.start), self.floor(span.end))

    def moment(self, step: int) -> datetime:
        return self.start + timedelta(seconds=step * STEP_SECONDS)

    def day(self, bits: int, number: int) -> int:
        """The frame's `number`-th UTC day out of the bits."""
        return (bits >> (number * STEPS_A_DAY)) & DAY_MASK

    def _between(self, first: int, stop: int) -> int:
        first, stop = max(first, 0), min(stop, self.steps)
        return ((1 << (stop - first)) - 1) << first if first < stop else 0


DAY_MASK = (1 << STEPS_A_DAY) - 1


def _seconds(delta: timedelta) -> int:
    """Whole seconds, down; a moment's microseconds never make it later."""
    return delta.days * 86_400 + delta.seconds


@dataclass(frozen=True)
class Demand:
    """What one visit takes of whom, in minutes from its start."""

    duration: int
    before: int = 0
    after: int = 0
    gap_start: int = 0
    gap_minutes: int = 0

    def __post_init__(self) -> None:
        if self.duration <= 0:
            raise ValueError("a visit lasts at least a minute")
        if min(self.before, self.after, self.gap_start, self.gap_minutes) < 0:
            raise ValueError("minutes are not negative")
        if self.gap_start + self.gap_minutes > self.duration:
            raise ValueError("the processing gap lies within the visit")

    @property
    def whole(self) -> tuple[Stretch, ...]:
        """Rooms and devices: all of it, buffers included."""
        return ((-self.before, self.duration + self.after),)

    @property
    def provider(self) -> tuple[Stretch, ...]:
        """The provider: without the gap in which the treatment works by itself."""
        if not self.gap_minutes:
            return self.whole
        parts = (
            (-self.before, self.gap_start),
            (self.gap_start + self.gap_minutes, self.duration + self.after),
        )
        # A gap as long as all of it would need no provider: then it is no gap.
        return tuple((start, stop) for start, stop in parts if start < stop) or self.whole

    @property
    def patient(self) -> tuple[Stretch, ...]:
        """The patient: the visit itself; nobody sits through the cleaning of a room."""
        return ((0, self.duration),)

    def span(self, start: datetime) -> Span:
        """From the first buffer's start to the last one's end."""
        return spans_at(start, self.whole)[0]


def spans_at(start: datetime, stretches: Iterable[Stretch]) -> list[Span]:
    return [Span(start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in stretches]


def runs(free: int, length: int) -> int:
    """The steps from which `length` steps in a row are free, by doubling: log2(length) shifts."""
    have = 1
    while have < length:
        more = min(have, length - have)
        free &= free >> more
        have += more
    return free


def starts(free: int, stretches: Iterable[Stretch]) -> int:
    """The steps at which a visit can start, if these stretches around it must be free."""
    found = -1
    for start, stop in stretches:
        first, last = start // STEP_MINUTES, -(-stop // STEP_MINUTES)
        fitting = runs(free, last - first)
        found &= fitting >> first if first >= 0 else fitting << -first
    return found


def any_of(each: Iterable[int]) -> int:
    """Where at least one of them can."""
    found = 0
    for bits in each:
        found |= bits
    return found


def choices(free: Iterable[int], stretches: Iterable[Stretch]) -> int:
    """Where at least one of several rooms (or devices) is free for all of it."""
    stretches = tuple(stretches)
    return any_of(starts(bits, stretches) for bits in free)


def each_bit(bits: int) -> Iterator[int]:
    """The places of the set bits, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def shared_out(can: list[int], ranking: list[int]) -> list[int]:
    """Give each start to the first of the ranking who can: a start appears once."""
    given = [0] * len(can)
    taken = 0
    for who in ranking:
        given[who] = can[who] & ~taken
        taken |= given[who]
    return given


def ranking(visits: list[int], turn: int) -> list[int]:
    """Who goes first on a day: fewest visits, and among equals whoever's turn it is."""
    count = len(visits)
    return sorted(range(count), key=lambda who: (visits[who], (who - turn) % count))


@dataclass(frozen=True)
class LocalDay:
    """A day of a location's calendar, as places in a frame. 276 steps long, or 300, when the clock changes."""

    day: date
    place: int  # of its first step
    faces: tuple[str, ...]  # how the wall shows each step, ISO 8601 with offset
    zone: str

    @property
    def count(self) -> int:
        return len(self.faces)

    @property
    def mask(self) -> int:
        return (1 << len(self.faces)) - 1

    def of(self, bits: int) -> int:
        """The day's part of the frame's bits."""
        return (bits >> self.place) & self.mask


@lru_cache(maxsize=512)
def _zone_day(day: date, zone_name: str) -> tuple[int, tuple[str, ...]]:
    """A table of the zone, no more: the day's first step since 1970, and its clock faces."""
    zone, whole = zone_of(zone_name), day_span(day, zone_of(zone_name))
    count = whole.duration // STEP
    return (whole.start - EPOCH) // STEP, tuple(
        (whole.start + n * STEP).astimezone(zone).isoformat() for n in range(count)
    )


@lru_cache(maxsize=1024)
def _on_grid(day: date, zone_name: str, minutes: int) -> int:
    """The steps whose wall time is on the grid. Looked up by the day: to hash its hundreds of faces costs as much again."""
    bits = 0
    for step, face in enumerate(_zone_day(day, zone_name)[1]):
        if (int(face[11:13]) * 60 + int(face[14:16])) % minutes == 0:
            bits |= 1 << step
    return bits


def local_days(frame: Frame, first: date, last: date, zone: Zone) -> list[LocalDay]:
    """The days from first to last, both included. The frame must reach as far."""
    name, origin = zone_of(zone).key, frame.first_step
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        start, faces = _zone_day(day, name)
        found.append(LocalDay(day, start - origin, faces, name))
    return found


def grid(frame: Frame, days: Iterable[LocalDay], minutes: int) -> int:
    """The steps of these local days at which the clinic lets visits start, by the clock on the wall."""
    bits = 0
    for day in days:
        on_grid = _on_grid(day.day, day.zone, minutes)
        bits |= on_grid << day.place if day.place >= 0 else on_grid >> -day.place
    return bits & frame.full


def not_before(frame: Frame, moment: datetime) -> int:
    """All steps that start at the moment or later."""
    first = max(frame.ceil(moment), 0)
    return frame.full >> first << first
