"""What the calendar's address says: a day or a week, by whom, and which visits. Read from it, written back to it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse

from desk.places import Places
from scheduling.day import By, Wanted
from scheduling.models import Status

DAY, WEEK = "day", "week"
WEEK_DAYS: Final = 7
MOST: Final = 60  # ids in an address
STATUSES: Final = frozenset(Status.values) - {Status.CANCELLED}
# The page says with each request which calendar it shows: the panel's address alone does not.
HEADER: Final = "X-Calendar"
EVERYTHING: Final = Wanted()


@dataclass(frozen=True)
class Asked:
    """One calendar: everything in its address."""

    kind: str = DAY
    on: date | None = None
    by: By = By.PROVIDER
    wanted: Wanted = EVERYTHING
    place: UUID | None = None

    @property
    def is_week(self) -> bool:
        return self.kind == WEEK

    @property
    def is_filtered(self) -> bool:
        return self.wanted != EVERYTHING

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What a saved view keeps: all but the day and the place."""
        pairs = [("by", str(self.by))] if self.by is not By.PROVIDER else []
        for name, values in (
            ("who", self.wanted.who),
            ("service", self.wanted.services),
            ("status", self.wanted.statuses),
        ):
            pairs += [(name, str(value)) for value in sorted(values, key=str)]
        return pairs

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return ([("location", str(self.place))] if self.place else []) + self.filters

    @property
    def query(self) -> str:
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    def at(self, places: Places) -> "Asked":
        """The same where the page is: links name the location only where there are several."""
        return replace(self, place=places.here.uid if places.several and places.here else None)

    def url(self, on: date, kind: str = "") -> str:
        return reverse(f"desk:{kind or self.kind}", args=[on]) + self.query

    def first(self, on: date) -> date:
        """A week begins on its Monday."""
        return on - timedelta(days=on.weekday()) if self.is_week else on

    @property
    def count(self) -> int:
        return WEEK_DAYS if self.is_week else 1


def read(request: HttpRequest, kind: str, on: date | None) -> Asked:
    """Of a page that is a calendar itself."""
    return parse(request.GET, kind, on)


def shown(request: HttpRequest) -> Asked | None:
    """The calendar beside the panel that asks; None where the page shows none."""
    parts = urlsplit(request.headers.get(HEADER, ""))
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.namespace != "desk" or match.url_name not in (DAY, WEEK):
        return None
    return parse(QueryDict(parts.query), match.url_name, match.kwargs["on"])


def parse(given: QueryDict, kind: str, on: date | None) -> Asked:
    by = given.get("by", "")
    wanted = Wanted(
        who=_ids(given.getlist("who")),
        services=_ids(given.getlist("service")),
        statuses=frozenset(given.getlist("status")) & STATUSES,
    )
    place = _ids(given.getlist("location")[:1])
    return Asked(kind, on, By(by) if by in list(By) else By.PROVIDER, wanted, next(iter(place), None))


def _ids(texts: list[str]) -> frozenset[UUID]:
    """What is no id was typed by hand, and asks for nothing."""
    found = set()
    for text in texts[:MOST]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)
