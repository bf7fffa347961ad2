"""Who noted what, in names: the actors of rows, looked up at once."""

from collections.abc import Iterable

from accounts.names import names_of
from charting.models import HistoryEntry


def staff_names(rows: Iterable[HistoryEntry]) -> dict[str, str]:
    """By the actor as it is stored."""
    return names_of({row.noted_by for row in rows})


def actor_name(actor: str) -> str:
    return names_of({actor})[actor]
