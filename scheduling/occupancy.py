"""The gate: every path that takes somebody's time goes through `occupy`, under the lock of the days it touches.

The exclusion constraint on Occupancy is the belt to these braces: it holds even if this file is wrong.
docs/locking.md says why it is done in this order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.db import Error, IntegrityError, OperationalError, transaction

from core.spans import Span
from practice.models import ResourceKind
from scheduling import clashes, days
from scheduling.daybits import Key
from scheduling.days import LockedDays
from scheduling.models import Appointment, Hold, HoldState, Occupancy, OccupancyKind, TimeOff
from scheduling.problems import Clash, SlotTaken
from scheduling.rules import Frame

EXCLUDED = "23P01"
DEADLOCK = "40P01"
Owner = TypeVar("Owner", Appointment, Hold)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Want:
    """One resource is wanted: any of the candidates, in order of preference, for all of the spans.

    `location_id`: the place whose hours bind it; a patient keeps none.
    """

    kind: ResourceKind
    candidates: tuple[int, ...]
    spans: tuple[Span, ...]
    location_id: int | None = None


class Busy(NamedTuple):
    """A row that stands in the way, or would."""

    resource: int
    lane: int | None
    span: Span
    kind: str


@dataclass(frozen=True)
class Given:
    """What a want got, and what stood in the way of it where that was overridden."""

    want: Want
    resource: int
    lane: int = 0
    over: tuple[clashes.Found, ...] = ()


@dataclass(frozen=True)
class Allotment:
    """What all wants got together."""

    given: list[Given]

    @property
    def resources(self) -> dict[str, int]:
        return {one.want.kind: one.resource for one in self.given}

    @property
    def overrides(self) -> list[str]:
        """What had to be overridden, as kind:code; empty for an ordinary visit."""
        return sorted({f"{one.want.kind}:{found.code}" for one in self.given for found in one.over})


def occupy(
    locked: LockedDays,
    wants: Sequence[Want],
    make: Callable[[Allotment], Owner],
    *,
    zone: ZoneInfo,
    public: bool = True,
    override: bool = False,
) -> Owner:
    """Take the time for what `make` creates out of the resources it is given; SlotTaken with every clash.

    1. The caller holds the days (`gate_open`), so nobody else decides about them now.
    2. Look: time off and calendars elsewhere, visits and holds of every lane, and the hours of the place.
    3. Write the owner and its rows; set the bits.
    """
    for want in wants:
        if not all(locked.covers(span) for span in want.spans):
            raise RuntimeError("time is taken only on days that are locked")
    given = choose(locked, wants, zone=zone, public=public, override=override)
    owner = make(Allotment(given))
    rows = [_row(owner, one, span) for one in given for span in one.want.spans]
    try:
        Occupancy.objects.bulk_create(rows)
    except IntegrityError as error:
        raise taken_or_same(error) from error
    for one in given:
        for span in one.want.spans:
            locked.take(one.resource, span)
    if isinstance(owner, Appointment):
        _mark_start(locked, given, owner.starts_at)
    return owner


def choose(
    locked: LockedDays, wants: Sequence[Want], *, zone: ZoneInfo, public: bool, override: bool
) -> list[Given]:
    """A resource for each want, or SlotTaken."""
    busy = busy_rows(wants)
    given: list[Given] = []
    in_the_way: list[Clash] = []
    for want in wants:
        found = {each: _clashes(locked, want, each, busy) for each in want.candidates}
        free = next((each for each, clashing in found.items() if not clashing), None)
        if free is not None:
            given.append(Given(want, free))
        elif override and found:
            least = min(found, key=lambda each: len(found[each]))
            given.append(Given(want, least, _lane(want, least, busy), tuple(found[least])))
        else:
            in_the_way += clashes.told(want.kind, want.spans, list(found.values()), zone=zone, public=public)
    if in_the_way:
        raise SlotTaken(in_the_way)
    return given


def busy_rows(wants: Sequence[Want]) -> list[Busy]:
    """Everything that touches what is wanted."""
    spans = [span for want in wants for span in want.spans]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    resources = {each for want in wants for each in want.candidates}
    rows = Occupancy.objects.touching(whole).filter(resource_id__in=resources)
    return [
        Busy(resource, lane, Span.from_range(during), kind)
        for resource, lane, during, kind in rows.values_list("resource_id", "lane", "during", "kind")
    ]


def _clashes(locked: LockedDays, want: Want, resource: int, busy: list[Busy]) -> list[clashes.Found]:
    """What keeps this candidate from being given."""
    own = [row for row in busy if row.resource == resource]
    found = [
        clashes.Found(row.kind, row.span, shared)
        for span in want.spans
        for row in own
        if (shared := row.span.overlap(span))
    ]
    if want.location_id is None:
        return found
    key = Key(resource, want.location_id)
    for span in want.spans:
        for day, steps in locked.not_free(key, span).items():
            frame = Frame(day, 1)
            for row in own:
                steps &= ~frame.busy(row.span)
            if steps:
                away = Span(frame.moment((steps & -steps).bit_length() - 1), frame.moment(steps.bit_length()))
                found.append(clashes.Found(clashes.CLOSED, away, away.overlap(span) or span))
    return found


def _lane(want: Want, resource: int, busy: list[Busy]) -> int:
    """The first lane in which nothing of the resource is in the way."""
    used = {
        row.lane
        for row in busy
        for span in want.spans
        if row.resource == resource and row.span.overlaps(span)
    }
    return next(lane for lane in range(len(used) + 1) if lane not in used)


def _row(owner: Appointment | Hold, given: Given, span: Span) -> Occupancy:
    row = Occupancy(resource_id=given.resource, lane=given.lane, during=span.to_range())
    if isinstance(owner, Appointment):
        row.kind, row.appointment = OccupancyKind.VISIT, owner
    else:
        row.kind, row.hold = OccupancyKind.HOLD, owner
    return row


def _mark_start(locked: LockedDays, given: Iterable[Given], start: datetime) -> None:
    for one in given:
        if one.want.kind == ResourceKind.PROVIDER:
            locked.mark_start(one.resource, start)


# --- Letting go ----------------------------------------------------------------------------------------------


def release(locked: LockedDays, owner: Appointment | Hold | TimeOff) -> None:
    """Free what the owner had taken. The days are reckoned anew: an override may have stood beside it."""
    owner.occupancy.all().delete()
    locked.rebuild()


def hand_over(locked: LockedDays, hold: Hold, appointment: Appointment) -> None:
    """What was held becomes the visit's: nobody else could have come between."""
    Occupancy.objects.filter(hold=hold).update(kind=OccupancyKind.VISIT, hold=None, appointment=appointment)
    locked.mark_start(appointment.provider.resource_id, appointment.starts_at)


def time_of(owner: Appointment | Hold | TimeOff) -> list[Span]:
    """All stretches the owner has, to lock their days before letting go."""
    return [Span.from_range(during) for during in owner.occupancy.values_list("during", flat=True)]


@contextmanager
def gate_open(*spans: Span, at: datetime) -> Iterator[LockedDays]:
    """Lock the days, and let go of holds that ran out there, so that nobody waits for a sweep."""
    run_out = Occupancy.objects.filter(kind=OccupancyKind.HOLD, hold__in=Hold.objects.run_out(at))
    touched: set[int] = set()
    for span in spans:
        touched |= set(run_out.touching(span).values_list("hold_id", flat=True))
    rest = [
        Span.from_range(during)
        for during in (
            Occupancy.objects.filter(hold__in=touched).values_list("during", flat=True) if touched else []
        )
    ]
    with days.days_locked(*spans, *rest) as locked:
        if touched:
            _let_run_out(locked, touched)
        yield locked


def _let_run_out(locked: LockedDays, holds: set[int]) -> None:
    """Under the lock: of the holds found before, those that are still live in name only."""
    still = list(Hold.objects.filter(pk__in=holds, state=HoldState.LIVE).values_list("pk", flat=True))
    if still:
        Occupancy.objects.filter(hold__in=still).delete()
        Hold.objects.filter(pk__in=still).update(state=HoldState.EXPIRED, seat=None)
        locked.rebuild()


# --- The belt ------------------------------------------------------------------------------------------------


def sqlstate(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def taken_or_same(error: Error) -> Exception:
    """The constraint's refusal as SlotTaken; any other error as it is."""
    return SlotTaken() if sqlstate(error) == EXCLUDED else error


def once_more(attempt: Callable[[], Result]) -> Result:
    """Run a transaction; again if the database had to break a circle of waiting, and then it is taken."""
    try:
        return _attempt(attempt)
    except OperationalError as error:
        if sqlstate(error) != DEADLOCK or transaction.get_connection().in_atomic_block:
            raise
    try:
        return _attempt(attempt)
    except OperationalError as error:
        if sqlstate(error) != DEADLOCK:
            raise
        raise SlotTaken from error


def _attempt(attempt: Callable[[], Result]) -> Result:
    try:
        with transaction.atomic():
            return attempt()
    except IntegrityError as error:
        raise taken_or_same(error) from error
