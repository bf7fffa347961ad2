"""The parts of an encounter's page, in their order: each is asked and answers a card or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import User
from charting.models import Encounter
from patients.cards import Card


@dataclass(frozen=True)
class Opened:
    """Whose encounter it is, who looks at it, and when."""

    encounter: Encounter
    user: User
    at: datetime


Offer = Callable[[Opened], Card | None]
OFFERS: Final[tuple[Offer, ...]] = ()
