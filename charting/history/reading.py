"""A history as it stands now, read once a page for all who ask: alerts, the gate, the card, a session's memory."""

from charting.models import HistoryEntry
from core.reading import once
from patients.models import Person
from vault.fields import warm_rows


@once
def lines_of(person: Person) -> list[HistoryEntry]:
    """Each line in its newest version, ended ones too, ready to be read."""
    rows = list(HistoryEntry.objects.filter(person=person).newest())
    warm_rows(rows)
    return rows
