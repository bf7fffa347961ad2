"""A tattoo on the way out: a series of Pat's, and sessions of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.actors import actor_for
from charting import actions
from charting.models import Encounter, LaserSeries, LaserSession

AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TATTOO = {
    "skin": "3",
    "place": "lower_limb",
    "colours": "some_red",
    "ink": "moderate",
    "scarring": "none",
    "layering": "no",
}
SERIES = {"title": "Left forearm", "planned": 8, "least_days": 42, "ideal_days": 56, "most_days": 120}
FIGURES: dict[str, Any] = {
    "wavelength": "1064",
    "spot": "4",
    "fluence": "2.50",
    "pulse": "450",
    "pulse_unit": "ps",
    "frequency": "5",
    "passes": "1",
    "endpoint": "frosting",
    "inks": ["black"],
    "cooling": "air",
}


def begin(cast: Any, *, at: datetime = AT, **given: Any) -> LaserSeries:
    by = actor_for(cast.users["provider"])
    return actions.begin_series(cast.pat, cast.services["laser"], SERIES | TATTOO | given, by=by, at=at)


def visit(cast: Any, *, at: datetime = AT) -> Encounter:
    by, provider = actor_for(cast.users["provider"]), cast.providers["ines"]
    return actions.begin_encounter(
        cast.pat,
        provider,
        location=cast.location,
        kind="treatment",
        service=cast.services["laser"],
        by=by,
        at=at,
    )


def treat(
    cast: Any,
    series: LaserSeries,
    *,
    at: datetime = AT,
    encounter: Encounter | None = None,
    **given: Any,
) -> LaserSession:
    by = actor_for(cast.users["provider"])
    where = encounter or visit(cast, at=at)
    return actions.keep_session(where, series, cast.devices["laser"], FIGURES | given, by=by, at=at)


def course(cast: Any, count: int, *, every: int = 56) -> LaserSeries:
    """A series with so many sessions behind it, the first at AT."""
    series = begin(cast)
    for number in range(count):
        treat(cast, series, at=AT + timedelta(days=every * number))
    return series
