"""A provider is away, a room or a device is blocked. Visits that are there already stay, if whoever blocks says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.ids import uuid7
from core.problems import Failure, Invalid, failure
from core.spans import Span
from practice.models import Device, Provider, Room
from scheduling.days import LockedDays
from scheduling.models import Appointment, Occupancy, OccupancyKind, TimeOff
from scheduling.occupancy import gate_open, once_more, release
from scheduling.problems import NotInThatState, VisitsInside
from scheduling.request import read_note

Who = Provider | Room | Device
MOST_WEEKS: Final = 53
LONGEST: Final = timedelta(days=366)
UNDO: Final = timedelta(minutes=10)


def take_time_off(who: Who, *, span: Span, reason: str = "", by: Actor, at: datetime) -> TimeOff:
    """Nothing new is put there from now on; what is there stays."""
    return block(who, spans=[span], reason=reason, beside=True, by=by, at=at)[0]


def block(
    who: Who, *, spans: Sequence[Span], reason: str = "", beside: bool = False, by: Actor, at: datetime
) -> list[TimeOff]:
    """One stretch, or one for each week. VisitsInside where visits are there and nobody said that they stay."""
    reason = _read(spans, reason)
    return once_more(lambda: _block(who, spans, reason, beside, by, at))


def change_time_off(
    time_off: TimeOff, *, who: Who, span: Span, reason: str, beside: bool = False, by: Actor, at: datetime
) -> TimeOff:
    """Another time, reason or resource: the old one ends and a new one stands for it, both or neither."""
    reason = _read([span], reason)

    def attempt() -> TimeOff:
        with gate_open(span, time_off.span, at=at) as locked:
            old = _standing(time_off)
            release(locked, old)
            old.ended_at = at
            old.save(update_fields=["ended_at"])
            [new] = _put(locked, who, [span], reason, beside, at, series=old.series, replaces=old)
        record("time_off.changed", by=by, on=new)
        return new

    return once_more(attempt)


def end_time_off(time_off: TimeOff, *, following: bool = False, by: Actor, at: datetime) -> list[TimeOff]:
    """It does not happen: the time is free again. `following`: nor do the later ones of its series."""

    def attempt() -> list[TimeOff]:
        rows = _series_from(time_off) if following and time_off.series else [time_off]
        with gate_open(*(row.span for row in rows), at=at) as locked:
            ended = [_standing(row) for row in rows]
            for row in ended:
                _let_go(locked, row, at)
            record("time_off.ended", by=by, on=time_off, detail={"count": len(ended)})
        return ended

    return once_more(attempt)


def undo_time_off(time_off: TimeOff, *, by: Actor, at: datetime) -> None:
    """Within ten minutes: what was ended stands again, what was made or changed is as it was before."""

    def attempt() -> None:
        rows, old = _together(time_off, at)
        with gate_open(*(row.span for row in [*rows, *old]), at=at) as locked:
            for row in rows:
                if time_off.ended_at is not None:
                    _stand(locked, _ended(row))
                else:
                    _let_go(locked, _standing(row), at)
            for row in old:
                _stand(locked, _ended(row))
            record("time_off.undone", by=by, on=time_off, detail={"count": len(rows)})

    once_more(attempt)


# --- Under the lock ----------------------------------------------------------------------------------------------


def _block(
    who: Who, spans: Sequence[Span], reason: str, beside: bool, by: Actor, at: datetime
) -> list[TimeOff]:
    with gate_open(*spans, at=at) as locked:
        series = uuid7() if len(spans) > 1 else None
        rows = _put(locked, who, spans, reason, beside, at, series=series)
    for row in rows:
        record("time_off.taken", by=by, on=row)
    return rows


def _put(
    locked: LockedDays,
    who: Who,
    spans: Sequence[Span],
    reason: str,
    beside: bool,
    at: datetime,
    *,
    series: UUID | None = None,
    replaces: TimeOff | None = None,
) -> list[TimeOff]:
    if not beside and (inside := visits_inside(who, spans)):
        raise VisitsInside(inside)
    rows = []
    for span in spans:
        row = TimeOff(
            starts_at=span.start,
            ends_at=span.end,
            reason=reason,
            series=series,
            replaces=replaces,
            created_at=at,
        )
        setattr(row, _field(who), who)
        row.save(force_insert=True)
        _occupy(locked, row)
        rows.append(row)
    return rows


def visits_inside(who: Who, spans: Sequence[Span]) -> list[Appointment]:
    """Visits that stand in what is to be blocked, in their order."""
    found: set[int] = set()
    rows = Occupancy.objects.filter(resource_id=who.resource_id, kind=OccupancyKind.VISIT)
    for span in spans:
        found |= set(rows.touching(span).values_list("appointment_id", flat=True))
    return list(Appointment.objects.whole().filter(pk__in=found).order_by("starts_at", "pk"))


def _occupy(locked: LockedDays, row: TimeOff) -> None:
    """No lane: it may stand beside visits, and the gate lets nothing new over it."""
    Occupancy.objects.create(
        resource_id=row.of.resource_id,
        lane=None,
        during=row.span.to_range(),
        kind=OccupancyKind.TIME_OFF,
        time_off=row,
    )
    locked.take(row.of.resource_id, row.span)


def _stand(locked: LockedDays, row: TimeOff) -> None:
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    _occupy(locked, row)


def _let_go(locked: LockedDays, row: TimeOff, at: datetime) -> None:
    release(locked, row)
    row.ended_at = at
    row.save(update_fields=["ended_at"])


def _standing(row: TimeOff) -> TimeOff:
    """The row as it is now, ours until the transaction ends."""
    now = TimeOff.objects.whole().select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if now.ended_at is not None or now.span != row.span:
        raise NotInThatState(_("Somebody else has just changed or deleted it."))
    return now


def _ended(row: TimeOff) -> TimeOff:
    now = TimeOff.objects.whole().select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if now.ended_at is None:
        raise NotInThatState(_("There is nothing to undo any more."))
    return now


def _series_from(time_off: TimeOff) -> list[TimeOff]:
    rows = (
        TimeOff.objects.standing().whole().filter(series=time_off.series, starts_at__gte=time_off.starts_at)
    )
    return list(rows.order_by("starts_at"))


def _together(time_off: TimeOff, at: datetime) -> tuple[list[TimeOff], list[TimeOff]]:
    """What was done in one go with it, and what that had replaced."""
    done_at = time_off.ended_at or time_off.created_at
    if at > done_at + UNDO:
        raise NotInThatState(_("There is nothing to undo any more."))
    rows = [time_off]
    if time_off.series is not None and time_off.replaces_id is None:
        same = TimeOff.objects.whole().filter(series=time_off.series, ended_at=time_off.ended_at)
        if time_off.ended_at is None:
            same = same.filter(created_at=time_off.created_at, replaces=None)
        rows = list(same.order_by("starts_at"))
    old = time_off.replaces if time_off.ended_at is None else None
    return rows, [old] if old is not None else []


# --- Reading what is asked -----------------------------------------------------------------------------------


def _read(spans: Sequence[Span], reason: str) -> str:
    failures: list[Failure] = []
    reason = read_note(reason, failures, field="reason")
    if not spans or len(spans) > MOST_WEEKS:
        failures.append(failure("weekly_until", "too_many", _("Repeat it for a year at most.")))
    if any(span.duration > LONGEST for span in spans):
        failures.append(failure("last_day", "too_long", _("A year is the longest.")))
    if any(one.overlaps(other) for one, other in pairwise(spans)):
        message = _("It is longer than a week, so it cannot repeat each week.")
        failures.append(failure("weekly_until", "overlaps", message))
    if failures:
        raise Invalid(errors=failures)
    return reason


def _field(who: Who) -> str:
    return "provider" if isinstance(who, Provider) else "room" if isinstance(who, Room) else "device"
