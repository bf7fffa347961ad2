"""Working time of a location and its providers, fetched in three queries and then asked without any."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.spans import Span
from practice import hours
from practice.models import Closure, Location, OpeningHours, Provider, WorkingHours


@dataclass(frozen=True)
class Timetable:
    """Hours of one location over some dates of its calendar."""

    location: Location
    opening: list[OpeningHours]
    closures: list[Closure]
    working: dict[int, list[WorkingHours]] = field(default_factory=dict)  # by provider's id

    def open_on(self, day: date) -> list[Span]:
        return hours.open_spans(self.opening, self.closures, self.location.zone, day)

    def open_within(self, window: Span) -> list[Span]:
        return hours.within(window, self.location.zone, self.open_on)

    def works_on(self, provider_id: int, day: date) -> list[Span]:
        working = self.working.get(provider_id, [])
        return hours.working_spans(working, self.opening, self.closures, self.location.zone, day)

    def works_within(self, provider_id: int, window: Span) -> list[Span]:
        return hours.within(window, self.location.zone, lambda day: self.works_on(provider_id, day))


def timetable(
    location: Location, first: date, last: date, providers: Iterable[Provider] | None = None
) -> Timetable:
    """The location's hours, and those of the providers (all that work there unless some are named)."""
    rows = WorkingHours.objects.filter(location=location)
    if providers is not None:
        rows = rows.filter(provider__in=list(providers))
    working: dict[int, list[WorkingHours]] = defaultdict(list)
    for row in rows:
        working[row.provider_id].append(row)
    return Timetable(
        location=location,
        opening=list(location.opening_hours.all()),
        closures=list(Closure.objects.filter(location=location).touching(first, last)),
        working=dict(working),
    )
