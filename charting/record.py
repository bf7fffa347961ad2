"""What charting offers for a patient's record: its tabs, and the encounters, sessions, plans and aftercare as entries of the
timeline."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.access import may
from charting import entries as told
from charting.lasers import past
from patients.record import Entry, Looking, Tab

CHART: Final = Tab("chart", _("Chart"), "charting:chart", "chart.view")

HISTORY: Final = Tab("history", _("History"), "charting:history", "chart.view")
PLANS: Final = Tab("plans", _("Plans"), "charting:plans", "plans.view")
TREATMENTS: Final = Tab("treatments", _("Treatments"), "charting:treatments", "chart.view")


def entries(looking: Looking, most: int) -> list[Entry]:
    """Most of them in one query: a chart must open within its budget however much is offered."""
    reads = may(looking.user, "chart.view")
    parts = [told.encounters(looking.person)] if reads else []
    if may(looking.user, "plans.view"):
        parts += [told.offered(looking.person), told.decided(looking.person), told.given(looking.person)]
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    found = [told.entry(*row) for row in rows.order_by("-row_at")[:most]]
    return found + (past.entries(looking.person) if reads else [])
