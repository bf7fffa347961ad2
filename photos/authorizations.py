"""Whether a person lets the clinic use photos for marketing, now. Without a live authorization nothing is released."""

from datetime import datetime
from typing import Final
from uuid import UUID

from consents import queries
from patients.models import Person

KIND: Final = "photo_marketing"


def live_authorization(person: Person, *, at: datetime) -> UUID | None:
    """The signature that allows it. Asked anew each time: a withdrawal takes effect at once."""
    signed = queries.live_authorization(person, kind=KIND, at=at)
    return None if signed is None else signed.uid
