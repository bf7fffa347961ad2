"""Which visits are ahead, and what they ask for. Visits are kept a floor above: the settings name who knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from consents.queries import Standing, waiting_for
from patients.models import Person
from practice.models import Service


@dataclass(frozen=True)
class Coming:
    """A visit ahead."""

    visit: UUID
    service: Service
    starts_at: datetime


def coming_visits(person: Person, at: datetime) -> list[Coming]:
    """The soonest first; today's that have begun and are not over too."""
    ask = cast(Callable[[Person, datetime], list[Coming]], import_string(settings.COMING_VISITS))
    return ask(person, at)


def to_sign(person: Person, at: datetime, visits: list[Coming] | None = None) -> list[Standing]:
    """What the person should sign before the visits that are ahead; nothing without any."""
    visits = coming_visits(person, at) if visits is None else visits
    return waiting_for(person, [each.service for each in visits], at) if visits else []
