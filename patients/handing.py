"""What a patient can do on a screen that the staff hands over, besides signing: apps of upper floors offer it, and the
settings list them (HAND_OVER). The pages themselves stand below the one path that is open then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings
from django.utils.functional import Promise

from patients.models import Person


@dataclass(frozen=True)
class Task:
    """One thing to do. `is_due`: chosen by itself when the screen is handed over."""

    key: str
    title: str | Promise
    is_due: bool


class Offer(Protocol):
    """A module."""

    def tasks(self, person: Person, *, at: datetime) -> list[Task]: ...

    def next_path(self, person: Person, keys: Collection[str], *, since: datetime) -> str:
        """Where the first of them is that was not done since the screen was handed over; nothing when all are."""


def offers() -> dict[str, Offer]:
    return {path: cast(Offer, import_module(path)) for path in settings.HAND_OVER}


def tasks(person: Person, *, at: datetime) -> dict[str, list[Task]]:
    """All that is offered for this person, by who offers it."""
    return {path: offer.tasks(person, at=at) for path, offer in offers().items()}
