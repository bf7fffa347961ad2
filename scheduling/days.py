"""The day rows: the lock of a clinic's time, and the bits of who is free.

Bits are data, not a cache: whoever takes or frees time writes them under the same lock. A change of working time
throws them away; who needs them next reckons them anew. `rebuild_days --check` compares them with the truth.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from core.clock import utc_dates
from core.spans import Span
from practice.models import Device, Location, Provider, Room
from practice.timetable import timetable
from scheduling.daybits import DayBits, Key
from scheduling.models import Appointment, Day, Occupancy
from scheduling.rules import Frame

# --- What the bits should be -------------------------------------------------------------------------------


def reckon(dates: Iterable[date], *, without: Appointment | None = None) -> dict[date, DayBits]:
    """The bits of these UTC dates, from working time and from what is taken. Reads everything, trusts nothing.

    `without`: as if this visit were not there, to see where it could move.
    """
    wanted = sorted(set(dates))
    if not wanted:
        return {}
    frame = Frame(wanted[0], (wanted[-1] - wanted[0]).days + 1)
    working = _working(frame)
    busy = _busy(frame, without)
    starts = _starts(frame)
    result = {}
    for day in wanted:
        number = (day - frame.first).days
        result[day] = DayBits(
            {key: frame.day(bits & ~busy[key.resource], number) for key, (bits, _) in working.items()},
            {
                key: frame.day(starts[key.resource], number)
                for key, (_, provides) in working.items()
                if provides
            },
        )
    return result


def _working(frame: Frame) -> dict[Key, tuple[int, bool]]:
    """When each resource is there at all, and whether it is a provider."""
    found: dict[Key, tuple[int, bool]] = {}
    resources = dict(Provider.objects.in_use().values_list("id", "resource_id"))
    placed = [
        row
        for model in (Room, Device)
        for row in model.objects.in_use().values_list("resource_id", "location_id")
    ]
    margin = timedelta(days=1)
    for place in Location.objects.open():
        hours = timetable(place, frame.dates[0] - margin, frame.dates[-1] + margin)
        doors = _union(frame, hours.open_within(frame.span))
        for resource, location in placed:
            if location == place.pk:
                found[Key(resource, place.pk)] = doors, False
        for provider in hours.working:
            if provider in resources:
                bits = _union(frame, hours.works_within(provider, frame.span))
                found[Key(resources[provider], place.pk)] = bits, True
    return found


def _union(frame: Frame, spans: Iterable[Span]) -> int:
    bits = 0
    for span in spans:
        bits |= frame.open(span)
    return bits


def _busy(frame: Frame, without: Appointment | None = None) -> dict[int, int]:
    busy: dict[int, int] = defaultdict(int)
    rows = Occupancy.objects.touching(frame.span)
    if without is not None:
        rows = rows.exclude(appointment=without)
    for resource, during in rows.values_list("resource_id", "during"):
        busy[resource] |= frame.busy(Span.from_range(during))
    return busy


def _starts(frame: Frame) -> dict[int, int]:
    starts: dict[int, int] = defaultdict(int)
    rows = (
        Appointment.objects.standing().starting(frame.span).values_list("provider__resource_id", "starts_at")
    )
    for resource, start in rows:
        starts[resource] |= 1 << frame.floor(start)
    return starts


# --- Reading -----------------------------------------------------------------------------------------------


def packed(frame: Frame) -> list[bytes]:
    """The bits of every day of the frame, reckoned now where they are missing."""
    rows = Day.objects.filter(date__range=(frame.first, frame.dates[-1]), bits__isnull=False)
    known = {day: bytes(bits) for day, bits in rows.values_list("date", "bits") if bits is not None}
    missing = [day for day in frame.dates if day not in known]
    if missing:
        known |= fill(missing)
    return [known[day] for day in frame.dates]


def fill(dates: list[date]) -> dict[date, bytes]:
    """Reckon these days without a lock, and keep what nobody overtook: the version tells.

    1. Make sure the rows are there, so that a change of working time finds them and counts them on.
    2. Read the versions, then reckon. Whoever takes time meanwhile counts the version on under the lock.
    3. Keep the bits only where the version is still the one that was read.
    """
    _create(dates)
    versions = dict(Day.objects.filter(date__in=dates).values_list("date", "version"))
    found = {day: bits.pack() for day, bits in reckon(dates).items()}
    with connection.cursor() as cursor:
        for day, bits in found.items():
            cursor.execute(
                "UPDATE scheduling_day SET bits = %s WHERE date = %s AND version = %s AND bits IS NULL",
                [bits, day, versions[day]],
            )
    return found


def _create(dates: Iterable[date]) -> None:
    """Rows without bits for the dates that have none, ascending like the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scheduling_day (date, version) SELECT day, 0 FROM unnest(%s::date[]) AS day ORDER BY day"
            " ON CONFLICT DO NOTHING",
            [sorted(dates)],
        )


# --- Writing, under the lock ---------------------------------------------------------------------------------


@dataclass
class LockedDays:
    """The days that this transaction may change, and their bits."""

    dates: list[date]
    stored: dict[date, bytes | None]
    _bits: dict[date, DayBits] = field(default_factory=dict)
    _changed: set[date] = field(default_factory=set)

    def covers(self, span: Span) -> bool:
        return all(day in self.stored for day in utc_dates(span))

    def bits(self, day: date) -> DayBits:
        if day not in self._bits:
            stored = self.stored[day]
            if stored is None:
                self.rebuild(
                    [one for one in self.dates if self.stored[one] is None and one not in self._bits]
                )
            else:
                self._bits[day] = DayBits.unpack(stored)
        return self._bits[day]

    def not_free(self, key: Key, span: Span) -> dict[date, int]:
        """The steps of the span, day by day, in which the resource is not free at the place."""
        found = {}
        for day in utc_dates(span):
            needed = Frame(day, 1).busy(span)
            found[day] = needed & ~self.bits(day).free.get(key, 0)
        return found

    def take(self, resource: int, span: Span) -> None:
        for day in utc_dates(span):
            self.bits(day).take(resource, Frame(day, 1).busy(span))
            self._changed.add(day)

    def mark_start(self, resource: int, start: datetime) -> None:
        day = start.date()
        self.bits(day).mark_start(resource, Frame(day, 1).floor(start))
        self._changed.add(day)

    def rebuild(self, dates: Iterable[date] | None = None) -> None:
        """Reckon these days (all of the locked ones) anew, after something was freed."""
        fresh = reckon(self.dates if dates is None else dates)
        self._bits |= fresh
        self._changed |= fresh.keys()

    def save(self) -> None:
        with connection.cursor() as cursor:
            for day in sorted(self._changed):
                cursor.execute(
                    "UPDATE scheduling_day SET bits = %s WHERE date = %s", [self._bits[day].pack(), day]
                )


@contextmanager
def days_locked(*spans: Span) -> Iterator[LockedDays]:
    """Hold the days of these spans until the transaction ends. Once a transaction, before looking: docs/locking.md."""
    if not connection.in_atomic_block:
        raise RuntimeError("days are locked in the transaction that changes them")
    dates = sorted({day for span in spans for day in utc_dates(span)})
    locked = LockedDays(dates, {day: _lock(day) for day in dates})
    yield locked
    locked.save()


def _lock(day: date) -> bytes | None:
    """Take the day's row by counting its version on; make it first if nobody has needed it yet."""
    statement = "UPDATE scheduling_day SET version = version + 1 WHERE date = %s RETURNING bits"
    with connection.cursor() as cursor:
        cursor.execute(statement, [day])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO scheduling_day (date, version) VALUES (%s, 0) ON CONFLICT DO NOTHING", [day]
            )
            cursor.execute(statement, [day])
            row = cursor.fetchone()
    return None if row[0] is None else bytes(row[0])


@transaction.atomic
def discard(first: date, last: date) -> None:
    """Working time changed: throw the bits from `first` on away. Belongs into the transaction that changes it.

    Rows up to `last` are made if they are missing: somebody who reckons a day at this moment, from the old hours,
    would otherwise keep it afterwards.
    """
    _create(first + timedelta(days=n) for n in range((last - first).days + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM scheduling_day WHERE date >= %s ORDER BY date FOR NO KEY UPDATE", [first]
        )
        cursor.execute(
            "UPDATE scheduling_day SET bits = NULL, version = version + 1 WHERE date >= %s", [first]
        )


# --- Checking ------------------------------------------------------------------------------------------------


def wrong_days(first: date, last: date) -> list[date]:
    """The days whose bits say something else than the tables do."""
    rows = Day.objects.filter(date__range=(first, last), bits__isnull=False).order_by("date")
    stored = {row.date: bytes(row.bits) for row in rows if row.bits is not None}
    truth = reckon(stored)
    return [day for day, bits in stored.items() if bits != truth[day].pack()]
