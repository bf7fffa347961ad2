"""What documents offer for the patient's home: those the clinic released, and the way to send one."""

from documents.access import count_released
from patients.cards import Asked, Card


def documents(asked: Asked) -> Card:
    return Card("documents/home_card.html", {"count": count_released(asked.person)}, aside=True)
