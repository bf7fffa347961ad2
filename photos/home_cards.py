"""What photos offer for the patient's home: those the clinic released."""

from patients.cards import Asked, Card
from photos.access import count_own


def released(asked: Asked) -> Card | None:
    count = count_own(asked.person)
    return Card("photos/home_card.html", {"count": count}, aside=True) if count else None
