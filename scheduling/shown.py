"""What the calendar shows: nouns of a day, without a query in them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from practice.models import Device, Location, Provider, Room
from scheduling.models import Appointment

USUAL = (8 * 60, 18 * 60)
DAY_MINUTES = 24 * 60
Holder = Provider | Room | Device


@dataclass(frozen=True)
class Block:
    """A stretch in which nobody is put there."""

    starts_minute: int
    ends_minute: int
    kind: str  # off, time_off, external, closed, filtered
    label: str = ""
    uid: UUID | None = None  # of the time off, which can be opened


@dataclass
class Visit:
    """A visit with everything the day shows of it. Minutes count from local midnight, by the clock on the wall."""

    appointment: Appointment
    name: str
    starts_minute: int
    ends_minute: int
    buffer_before: int
    buffer_after: int
    is_late: bool
    is_now: bool
    lane: int
    gap: tuple[int, int] | None = None
    lanes: int = 1
    day: date = date.min

    @property
    def status(self) -> str:
        return self.appointment.status

    @property
    def is_standing(self) -> bool:
        return not self.appointment.is_cancelled


@dataclass
class Column:
    """The day of one provider, room or device; of none: visits that need no such thing."""

    of: Holder | None
    visits: list[Visit] = field(default_factory=list)
    away: list[Block] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        assert isinstance(self.of, Provider)
        return self.of


@dataclass(frozen=True)
class DayView:
    """Everything a day page shows, without another query."""

    location: Location
    day: date
    zone: ZoneInfo
    is_today: bool
    now_minute: int | None
    opens_minute: int
    closes_minute: int
    columns: list[Column]
    visits: list[Visit]
    counts: dict[str, int]
    names_hidden: bool

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def next(self) -> date:
        return self.day + timedelta(days=1)


def lay_side_by_side(visits: list[Visit], *, keep: bool) -> None:
    """Lanes for what overlaps; a provider's are those that the gate gave, a room's are counted here."""
    if not keep:
        for visit in visits:
            visit.lane = -1
        for visit in visits:
            used = {other.lane for other in _beside(visit, visits)}
            visit.lane = next(lane for lane in range(len(visits) + 1) if lane not in used)
    for visit in visits:
        visit.lanes = max(other.lane for other in _beside(visit, visits)) + 1


def _beside(visit: Visit, visits: list[Visit]) -> list[Visit]:
    """All that overlap with the visit, itself among them."""
    return [other for other in visits if other.appointment.span.overlaps(visit.appointment.span)]
