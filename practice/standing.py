"""Which visits stand in the way: asked of the floor above by a signal, since visits are unknown here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from core.clock import days_span
from core.spans import Span
from practice.models import Device, Location, Room
from practice.signals import visits_asked

AHEAD: Final = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Standing:
    """One visit without its person: when, what, and the page on which it can be moved."""

    at: datetime
    what: str
    href: str


def visits(*, span: Span, **about: Any) -> list[Standing]:
    """The visits in the span that touch a location, a resource or a service."""
    asked: dict[str, Any] = {"location": None, "resource": None, "service": None, **about}
    answers = cast("list[tuple[Any, list[Standing]]]", visits_asked.send(sender=Standing, span=span, **asked))
    return sorted((one for _receiver, found in answers for one in found), key=lambda one: one.at)


def visits_on_days(location: Location, first: date, last: date) -> list[Standing]:
    return visits(span=days_span(first, last, location.zone), location=location)


def visits_ahead(at: datetime, **about: Any) -> list[Standing]:
    return visits(span=Span(at, at + AHEAD), **about)


def visits_with(placed: Room | Device, at: datetime) -> list[Standing]:
    return visits_ahead(at, resource=placed.resource_id)
