"""The parts of an encounter's page, in their order: each is asked and answers a card or nothing."""

from collections.abc import Callable
from typing import Final

from charting.cards.before import gate_card, history_card
from charting.cards.exam import exam_card
from charting.cards.injections import injection_card
from charting.cards.notes import note_card
from charting.cards.opened import Opened
from charting.cards.sessions import sessions
from patients.cards import Card

__all__ = ["OFFERS", "Offer", "Opened"]

Offer = Callable[[Opened], Card | None]
OFFERS: Final[tuple[Offer, ...]] = (
    gate_card,
    exam_card,
    note_card,
    injection_card,
    sessions,
    history_card,
)
