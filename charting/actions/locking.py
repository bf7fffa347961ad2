"""What is fixed together with the note: each part of an encounter that must not change once it is signed."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from audit.actors import Actor
from charting.actions.injections import lock_map
from charting.actions.lasers import lock_sessions
from charting.models import Encounter

# Called as lock(encounter, by=…, at=…) in the transaction that signs. It raises a core.problems.Invalid with all that
# is open in its part, which keeps the note from being signed. One line a part.
LOCKED_WITH_NOTE: Final[tuple[Callable[..., object], ...]] = (lock_map, lock_sessions)


def lock_with_note(encounter: Encounter, *, by: Actor, at: datetime) -> None:
    for lock in LOCKED_WITH_NOTE:
        lock(encounter, by=by, at=at)
