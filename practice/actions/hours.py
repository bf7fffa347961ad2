"""When the doors are open, who works when, and the days on which nothing happens."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Failure, Invalid, failure
from practice.actions.saving import fill
from practice.models import Closure, Location, OpeningHours, Provider, WorkingHours
from practice.signals import hours_changed

CLOSURE: Final = frozenset({"starts_on", "ends_on", "reason"})
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Week:
    """Hours on a weekday, Monday being 0; `valid_from` and `valid_until` are dates, both included."""

    weekday: int
    starts: time
    ends: time
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def set_opening_hours(location: Location, hours: Iterable[Week], *, by: Actor) -> list[OpeningHours]:
    """Replace the location's week."""
    hours = list(hours)
    _refuse_nonsense(hours)
    location.opening_hours.all().delete()
    rows = OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=one.weekday, opens=one.starts, closes=one.ends)
        for one in hours
    )
    record("location.hours_changed", by=by, on=location)
    hours_changed.send(sender=OpeningHours, location=location, provider=None)
    return rows


@transaction.atomic
def set_working_hours(
    provider: Provider, location: Location, hours: Iterable[Week], *, by: Actor
) -> list[WorkingHours]:
    """Replace the provider's hours at the location."""
    hours = list(hours)
    _refuse_nonsense(hours)
    provider.working_hours.filter(location=location).delete()
    rows = WorkingHours.objects.bulk_create(
        WorkingHours(
            provider=provider,
            location=location,
            weekday=one.weekday,
            starts=one.starts,
            ends=one.ends,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        for one in hours
    )
    record("provider.hours_changed", by=by, on=provider)
    hours_changed.send(sender=WorkingHours, location=location, provider=provider)
    return rows


@transaction.atomic
def change_working_hours(
    provider: Provider,
    location: Location,
    hours: Iterable[Week],
    *,
    today: date,
    by: Actor,
    valid_from: date | None = None,
) -> list[WorkingHours]:
    """Another week from `valid_from` on; what holds until then stays, and what was planned after it goes."""
    if valid_from is None or valid_from <= today:
        return set_working_hours(provider, location, hours, by=by)
    rows = provider.working_hours.filter(location=location)
    eve = valid_from - timedelta(days=1)
    kept = [
        Week(row.weekday, row.starts, row.ends, row.valid_from, min(row.valid_until or eve, eve))
        for row in rows
        if row.valid_from is None or row.valid_from < valid_from
    ]
    new = [replace(week, valid_from=valid_from, valid_until=None) for week in hours]
    return set_working_hours(provider, location, [*kept, *new], by=by)


@transaction.atomic
def close_location(location: Location, first: date, last: date, *, by: Actor, reason: str = "") -> Closure:
    """Shut the doors on these days, both included. Visits already booked there stay, for staff to move."""
    _refuse_dates(first, last)
    closure = Closure(location=location)
    fill(closure, {"starts_on": first, "ends_on": last, "reason": reason}, CLOSURE)
    record("location.closed", by=by, on=location, detail={"from": str(first), "to": str(last)})
    hours_changed.send(sender=Closure, location=location, provider=None)
    return closure


@transaction.atomic
def reopen_location(closure: Closure, *, by: Actor) -> None:
    """The closure does not take place."""
    location = closure.location
    record(
        "location.reopened",
        by=by,
        on=location,
        detail={"from": str(closure.starts_on), "to": str(closure.ends_on)},
    )
    closure.delete()
    hours_changed.send(sender=Closure, location=location, provider=None)


def _refuse_dates(first: date, last: date) -> None:
    """Which also keeps typing errors such as the year 20226 out of the calendar."""
    if first > last:
        message = _("The last day must not come before the first.")
        raise Invalid(errors=[failure("ends_on", "order", message)])
    if first < EARLIEST or last > LATEST:
        name = "starts_on" if first < EARLIEST else "ends_on"
        raise Invalid(errors=[failure(name, "range", _("Choose a day between 2000 and 2100."))])


def _refuse_nonsense(hours: list[Week]) -> None:
    failures: list[Failure] = []
    for place, one in enumerate(hours):
        if not 0 <= one.weekday <= 6:
            failures.append(failure(f"hours.{place}", "weekday", _("A week has the days 0 to 6.")))
        if one.starts >= one.ends:
            failures.append(failure(f"hours.{place}", "order", _("The end must come after the start.")))
    for place, one in enumerate(hours):
        if any(_overlap(one, other) for other in hours[:place]):
            message = _("These hours overlap others of the same day.")
            failures.append(failure(f"hours.{place}", "overlap", message))
    if failures:
        raise Invalid(errors=failures)


def _overlap(one: Week, other: Week) -> bool:
    dates = (one.valid_from or date.min) <= (other.valid_until or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_until or date.max)
    return one.weekday == other.weekday and dates and one.starts < other.ends and other.starts < one.ends
