"""Days of a location as the desk sees them, by provider, room or device. The same few queries for one day and for
seven; names are warmed at once; with the vault down the times are there without names.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.access import Anybody, require
from accounts.actors import actor_for
from audit.trail import note_list
from core.clock import days_span, local
from core.problems import Unavailable
from core.spans import Span
from patients.access import KIND
from patients.models import Person
from practice import hours
from practice.models import (
    Closure,
    Device,
    Location,
    OpeningHours,
    Provider,
    ResourceKind,
    Room,
    WorkingHours,
)
from scheduling.models import Appointment, Occupancy, OccupancyKind
from scheduling.shown import DAY_MINUTES, USUAL, Block, Column, DayView, Holder, Visit, lay_side_by_side
from vault.fields import warm_rows

NAMED = ("person", "service", "provider", "room", "device", "location")


class By(StrEnum):
    """What the columns are."""

    PROVIDER = "provider"
    ROOM = "room"
    DEVICE = "device"


@dataclass(frozen=True)
class Wanted:
    """What is asked to be seen; nothing named is everything."""

    who: frozenset[UUID] = frozenset()
    services: frozenset[UUID] = frozenset()
    statuses: frozenset[str] = frozenset()

    def shows(self, appointment: Appointment) -> bool:
        return (not self.services or appointment.service.uid in self.services) and (
            not self.statuses or appointment.status in self.statuses
        )


def days_view(
    user: Anybody,
    location: Location,
    first: date,
    count: int,
    *,
    at: datetime,
    by: By = By.PROVIDER,
    wanted: Wanted | None = None,
) -> list[DayView]:
    """The days from `first`, for whoever may see the calendar. Five or six queries, one of them to the vault."""
    staff, wanted = require(user, "appointments.view"), wanted or Wanted()
    last = first + timedelta(days=count - 1)
    span = days_span(first, last, location.zone)
    hours_ = _Hours.read(location, first, last)
    busy = _busy(span)
    visits = _visits(busy, location, span, at)
    placed = _placed(by, location)
    plans = [_Day(hours_, by, placed, first + timedelta(days=n), busy) for n in range(count)]
    drawn = [(plan, plan.columns([one for one in visits if one.day == plan.day], wanted)) for plan in plans]
    shown = [visit for _, columns in drawn for column in columns for visit in column.visits]
    hidden = _name(shown)
    people = [visit.appointment.person.uid for visit in shown]
    if people:
        note_list("appointment.day_viewed", by=actor_for(staff), kind=KIND, shown=people)
    return [plan.view(columns, at=at, hidden=hidden) for plan, columns in drawn]


@dataclass(frozen=True)
class _Hours:
    """Who works when, and when the doors are open, of all days that are shown."""

    location: Location
    working: list[WorkingHours]
    opening: list[OpeningHours]
    closures: list[Closure]

    @classmethod
    def read(cls, location: Location, first: date, last: date) -> "_Hours":
        working = WorkingHours.objects.filter(location=location, provider__archived_at=None)
        return cls(
            location,
            list(working.select_related("provider")),
            list(OpeningHours.objects.filter(location=location)),
            list(Closure.objects.filter(location=location).touching(first, last)),
        )

    def doors(self, day: date) -> list[Span]:
        return hours.open_spans(self.opening, self.closures, self.location.zone, day)

    def works(self, who: "Holder | None", day: date) -> list[Span]:
        """A room or a device can be used while the doors are open."""
        if not isinstance(who, Provider):
            return self.doors(day)
        own = [row for row in self.working if row.provider_id == who.pk]
        return hours.working_spans(own, self.opening, self.closures, self.location.zone, day)

    def providers(self) -> list[Provider]:
        found = {row.provider_id: row.provider for row in self.working}
        return sorted(found.values(), key=lambda provider: (provider.position, provider.pk))

    def is_closed(self, day: date) -> bool:
        return any(closure.starts_on <= day <= closure.ends_on for closure in self.closures)


@dataclass(frozen=True)
class _Day:
    """One of the days, before it is named."""

    hours: _Hours
    by: By
    placed: list[Holder]
    day: date
    busy: dict[int, list[Occupancy]]

    @property
    def zone(self) -> ZoneInfo:
        return self.hours.location.zone

    @property
    def span(self) -> Span:
        return days_span(self.day, self.day, self.zone)

    def columns(self, visits: list[Visit], wanted: Wanted) -> list[Column]:
        """Who works that day or has visits; who has neither only where nobody else is there."""
        found = []
        for who in self._everybody(visits):
            if wanted.who and (who is None or who.uid not in wanted.who):
                continue
            own = [visit for visit in visits if _is_of(visit.appointment, self.by, who)]
            lay_side_by_side(own, keep=self.by is By.PROVIDER)
            shown = [visit for visit in own if wanted.shows(visit.appointment)]
            away = self._away(who) + [_behind(one) for one in own if one not in shown and one.is_standing]
            found.append(Column(who, shown, sorted(away, key=lambda block: block.starts_minute)))
        here = [column for column in found if column.visits or self._is_here(column)]
        return here or found

    def _is_here(self, column: Column) -> bool:
        return self.by is not By.PROVIDER or bool(self.hours.works(column.of, self.day))

    def _everybody(self, visits: list[Visit]) -> list["Holder | None"]:
        if self.by is not By.PROVIDER:
            without = any(_of(visit.appointment, self.by) is None for visit in visits)
            return [*self.placed, None] if without else list(self.placed)
        known: list[Holder | None] = list(self.hours.providers())
        ids = {one.pk for one in known if one}
        strangers = {visit.appointment.provider.pk: visit.appointment.provider for visit in visits}
        return known + [provider for pk, provider in strangers.items() if pk not in ids]

    def _away(self, who: "Holder | None") -> list[Block]:
        blocks, whole = [], self.span
        start = whole.start
        kind = "closed" if self.hours.is_closed(self.day) else "off"
        for works in [*self.hours.works(who, self.day), None]:
            end = works.start if works else whole.end
            if start < end:
                blocks.append(self._block(Span(start, end), kind))
            start = works.end if works else end
        for row in self.busy[who.resource_id] if who else []:
            if row.kind in (OccupancyKind.TIME_OFF, OccupancyKind.EXTERNAL) and (
                shared := row.span.overlap(whole)
            ):
                blocks.append(self._block(shared, row.kind, _reason(row), row))
        return blocks

    def _block(self, span: Span, kind: str, label: str = "", row: Occupancy | None = None) -> Block:
        uid = row.time_off.uid if row and row.time_off else None
        return Block(
            minute_of(span.start, self.zone, self.day),
            minute_of(span.end, self.zone, self.day),
            kind,
            label,
            uid,
        )

    def view(self, columns: list[Column], *, at: datetime, hidden: bool) -> DayView:
        visits = sorted(
            (visit for column in columns for visit in column.visits),
            key=lambda visit: (visit.appointment.starts_at, visit.appointment.pk),
        )
        opens, closes = self._scale(columns, visits)
        today = local(at, self.zone).date() == self.day
        return DayView(
            location=self.hours.location,
            day=self.day,
            zone=self.zone,
            is_today=today,
            now_minute=minute_of(at, self.zone, self.day) if today else None,
            opens_minute=opens,
            closes_minute=closes,
            columns=columns,
            visits=visits,
            counts=dict(Counter(visit.status for visit in visits)),
            names_hidden=hidden,
        )

    def _scale(self, columns: list[Column], visits: list[Visit]) -> tuple[int, int]:
        """From when to when the page draws: open hours, and every visit outside of them."""
        spans = list(self.hours.doors(self.day))
        for column in columns:
            spans += self.hours.works(column.of, self.day)
        firsts = [minute_of(one.start, self.zone, self.day) for one in spans] or [USUAL[0]]
        lasts = [minute_of(one.end, self.zone, self.day) for one in spans] or [USUAL[1]]
        firsts += [visit.starts_minute - visit.buffer_before for visit in visits]
        lasts += [visit.ends_minute + visit.buffer_after for visit in visits]
        return max(0, min(firsts)), min(DAY_MINUTES, max(lasts))


def _placed(by: By, location: Location) -> list[Holder]:
    """The location's rooms or devices; providers are known from their hours."""
    if by is By.ROOM:
        return list(Room.objects.in_use().filter(location=location))
    if by is By.DEVICE:
        return list(Device.objects.in_use().filter(location=location))
    return []


def _of(appointment: Appointment, by: By) -> "Holder | None":
    return {By.PROVIDER: appointment.provider, By.ROOM: appointment.room, By.DEVICE: appointment.device}[by]


def _is_of(appointment: Appointment, by: By, who: "Holder | None") -> bool:
    found = _of(appointment, by)
    return found is None if who is None else found is not None and found.pk == who.pk


def _behind(visit: Visit) -> Block:
    """A visit that the filter leaves out takes its time all the same."""
    return Block(
        visit.starts_minute - visit.buffer_before, visit.ends_minute + visit.buffer_after, "filtered"
    )


def _busy(span: Span) -> dict[int, list[Occupancy]]:
    """What providers are busy with, visits with all that is named of them; and what is blocked of rooms and devices."""
    rows = (
        Occupancy.objects.touching(span)
        .filter(Q(resource__kind=ResourceKind.PROVIDER) | Q(kind=OccupancyKind.TIME_OFF))
        .exclude(kind=OccupancyKind.HOLD)
        .select_related(*(f"appointment__{each}" for each in NAMED), "time_off")
        .order_by("during")
    )
    busy: dict[int, list[Occupancy]] = defaultdict(list)
    for row in rows:
        busy[row.resource_id].append(row)
    return busy


def _visits(busy: dict[int, list[Occupancy]], location: Location, span: Span, at: datetime) -> list[Visit]:
    rows: dict[int, list[Occupancy]] = defaultdict(list)
    for each in busy.values():
        for row in each:
            if row.appointment is not None and span.contains(row.appointment.starts_at):
                rows[row.appointment.pk].append(row)
    visits = [_visit(own, location.zone, at) for own in rows.values()]
    here = [visit for visit in visits if visit.appointment.location_id == location.pk]
    return sorted(here, key=lambda visit: (visit.appointment.starts_at, visit.appointment.pk))


def _visit(rows: list[Occupancy], zone: ZoneInfo, at: datetime) -> Visit:
    appointment = rows[0].appointment
    if appointment is None:
        raise RuntimeError("a visit's rows name it")
    rows.sort(key=lambda row: row.span.start)
    day = appointment.starts_local.date()
    gap = None
    if len(rows) > 1:
        gap = minute_of(rows[0].span.end, zone, day), minute_of(rows[1].span.start, zone, day)
    return Visit(
        appointment=appointment,
        name="",
        starts_minute=minute_of(appointment.starts_at, zone, day),
        ends_minute=minute_of(appointment.ends_at, zone, day),
        buffer_before=_minutes(appointment.starts_at - rows[0].span.start),
        buffer_after=_minutes(rows[-1].span.end - appointment.ends_at),
        is_late=appointment.is_late(at),
        is_now=appointment.span.contains(at) and not appointment.is_cancelled,
        lane=rows[0].lane or 0,
        gap=gap,
        day=day,
    )


def _name(visits: list[Visit]) -> bool:
    """Put the names in; True if they cannot be opened now."""
    people: list[Person] = [visit.appointment.person for visit in visits]
    try:
        warm_rows(people, "first_name", "last_name")
        for visit in visits:
            visit.name = visit.appointment.person.name
    except Unavailable:
        for visit in visits:
            visit.name = ""
        return True
    return False


def _reason(row: Occupancy) -> str:
    """Why somebody is away; without the vault it is enough that she is."""
    try:
        return row.time_off.reason if row.time_off else ""
    except Unavailable:
        return ""


def minute_of(moment: datetime, zone: ZoneInfo, day: date) -> int:
    """Minutes since the day's midnight, as the wall shows them; a little over a day for what ends after it."""
    wall = local(moment, zone)
    return (wall.date() - day).days * DAY_MINUTES + wall.hour * 60 + wall.minute


def _minutes(delta: timedelta) -> int:
    return delta // timedelta(minutes=1)
