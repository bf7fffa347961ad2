"""What must not be overlooked, above every page of a record: allergies, and what speaks against treatments today."""

from accounts.access import may
from charting.history import facts, reading, shown
from charting.models import HistoryEntry, HistoryKind, HistoryStatus
from core.clock import local_date
from patients import care
from patients.record import Alert, Looking
from practice.profile import clinic_zone


def alerts(looking: Looking) -> list[Alert]:
    """Nothing for whom the clinical record is closed: the front desk, and whoever is outside the care team."""
    if not may(looking.user, "chart.view"):
        return []
    if not care.is_open(looking.user, looking.person, at=looking.at):
        return []
    rows = reading.lines_of(looking.person)
    today = local_date(looking.at, clinic_zone())
    standing = [row for row in rows if row.status == HistoryStatus.ACTIVE]
    found = [_allergy(row) for row in standing if row.kind == HistoryKind.ALLERGY]
    for row in standing:
        fact = facts.of_body(row.body)
        if row.kind in (HistoryKind.MEDICATION, HistoryKind.CONDITION) and facts.contraindicates(
            fact, fact.speaks_against()[0], on=today
        ):
            line = shown.line(row)
            found.append(Alert(line.label, line.against, tone="care"))
    return found


def _allergy(row: HistoryEntry) -> Alert:
    fact = facts.of_body(row.body)
    text = f"{row.get_kind_display()}: {fact.label}"
    detail = ", ".join(part for part in (fact.reaction, fact.since) if part)
    return Alert(text, detail, tone="bad")
