"""The note as a card of its encounter's page."""

from charting import note_page, queries
from charting.cards.opened import Opened
from charting.note_page import Trouble
from patients.cards import Card


def note_card(opened: Opened, *, trouble: Trouble | None = None) -> Card:
    """`trouble` is what a refused save or signature brings back."""
    note = queries.whole_notes().filter(encounter=opened.encounter).first()
    if note is not None:
        note.encounter = opened.encounter
    shown = note_page.context(opened.encounter, note, user=opened.user, at=opened.at, trouble=trouble)
    return Card("charting/_note.html", shown)
