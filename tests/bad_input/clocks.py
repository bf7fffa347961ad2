"""The days on which clocks change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.bad_input.world import ONE_VISIT, Row, World, post_as


def on_the_day_itself(day: str, at: datetime, offset: str, count: int) -> Callable[[World], Any]:
    """Asked and booked on the day the clocks change: the wall's hours count, with their own offset."""

    def send(world: World) -> Any:
        world.clock.move_to(at)
        found = world.slots(
            "consultation", first=day, provider=str(world.glow.cast.providers["ines"].uid)
        ).json()
        starts = [slot["start"] for slot in found["slots"]]
        assert starts[0] == f"{day}T09:00:00{offset}"
        assert starts[-1] == f"{day}T17:30:00{offset}"
        assert len(starts) == count
        world.begin()
        answer = world.book(found["slots"][0]["token"])
        assert answer.json()["start"] == f"{day}T09:00:00{offset}"
        assert answer.json()["end"] == f"{day}T09:30:00{offset}"
        return answer

    return send


def skipped_hour(world: World) -> Any:
    """Half past two does not exist on that day, in the offset it claims or any other; the desk is closed at night."""
    world.clock.move_to(datetime(2026, 3, 7, 16, 0, tzinfo=UTC))
    world.begin()
    cast = world.glow.cast
    body = {
        "service": str(cast.services["consultation"].uid),
        "provider": str(cast.providers["ines"].uid),
        "start": "2026-03-08T02:30:00-06:00",
        "patient": str(cast.pat.uid),
    }
    return post_as(world.staff("front_desk"), "/api/v1/appointments/", body)


def naive_start(world: World) -> Any:
    cast = world.glow.cast
    body = {
        "service": str(cast.services["consultation"].uid),
        "provider": str(cast.providers["ines"].uid),
        "start": "2027-03-01T10:00:00",
        "patient": str(cast.pat.uid),
    }
    return post_as(world.staff("front_desk"), "/api/v1/appointments/", body)


ROWS = [
    Row("the day clocks go forward", on_the_day_itself("2026-03-08", datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "-05:00",
        35), 201, adds=ONE_VISIT),
    Row("the day clocks go back", on_the_day_itself("2026-11-01", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "-06:00",
        35), 201, adds=ONE_VISIT),
    Row("a time that the clock skips", skipped_hour, 409, "slot-taken", ("provider closed",)),
    Row("a time without an offset", naive_start, 422, "invalid", ("start invalid",)),
]  # fmt: skip
