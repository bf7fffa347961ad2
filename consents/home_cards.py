"""What consents offers for the patient's home: the forms that wait."""

from consents.coming import to_sign as waiting
from patients.cards import Asked, Card


def to_sign(asked: Asked) -> Card | None:
    """Until they are signed."""
    found = waiting(asked.person, asked.at)
    return Card("consents/home/to_sign.html", {"forms": found}) if found else None
