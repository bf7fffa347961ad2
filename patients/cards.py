"""What an app offers for the patient's home: a template and what it shows. The list of offers is in the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.actors import Actor
from patients.models import Person


@dataclass(frozen=True)
class Asked:
    """Whose home it is, who looks at it, and when."""

    person: Person
    by: Actor
    at: datetime


@dataclass(frozen=True)
class Card:
    """One card; `aside` for what stands beside the main column on a wide screen."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    aside: bool = False


Offer = Callable[[Asked], Card | None]
