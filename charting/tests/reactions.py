"""A reaction that Pat reports, with a visit behind it or without."""

from datetime import UTC, datetime
from typing import Any

from audit.actors import Actor
from charting import actions
from charting.models import AdverseEvent
from patients.self_service import actor_of

AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
REPORT = {"what": "Blisters where the laser was", "since": "last night", "severity": "moderate"}


def reaction(cast: Any, *, by: Actor | None = None, at: datetime = AT, **given: Any) -> AdverseEvent:
    after = given.pop("after", None)
    once = given.pop("once", None)
    return actions.report_event(
        cast.pat,
        REPORT | given,
        after=after,
        site="http://glow.localhost",
        by=by or actor_of(cast.pat),
        at=at,
        once=once,
    )
