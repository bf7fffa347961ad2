"""What charting offers for a patient's record: its tab, and the encounters as entries of the timeline."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from charting.models import Encounter
from patients.record import Entry, Looking, Tab

CHART: Final = Tab("chart", _("Chart"), "charting:chart", "chart.view")

HISTORY: Final = Tab("history", _("History"), "charting:history", "chart.view")
TREATMENTS: Final = Tab("treatments", _("Treatments"), "charting:treatments", "chart.view")


def entries(looking: Looking, most: int) -> list[Entry]:
    if not may(looking.user, "chart.view"):
        return []
    rows = Encounter.objects.filter(person=looking.person).select_related("provider", "service")
    return [
        Entry(
            at=one.began_at,
            kind="encounter",
            title=one.service.name if one.service else one.get_kind_display(),
            text=one.provider.name,
            href=reverse("charting:encounter", args=[one.uid]),
            icon="clipboard-list",
        )
        for one in rows.order_by("-began_at")[:most]
    ]
