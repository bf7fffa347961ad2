"""What the offers of an encounter's page are asked with."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from charting.models import Encounter


@dataclass(frozen=True)
class Opened:
    """Whose encounter it is, who looks at it, and when."""

    encounter: Encounter
    user: User
    at: datetime
