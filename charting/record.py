"""What charting offers for a patient's record: its tab, and the encounters and laser sessions as entries of the timeline."""

from typing import Final

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from charting.lasers import past
from charting.models import Encounter, NoteState, ReviewState
from patients.record import Entry, Looking, Tab, Text

CHART: Final = Tab("chart", _("Chart"), "charting:chart", "chart.view")

HISTORY: Final = Tab("history", _("History"), "charting:history", "chart.view")
TREATMENTS: Final = Tab("treatments", _("Treatments"), "charting:treatments", "chart.view")


def entries(looking: Looking, most: int) -> list[Entry]:
    if not may(looking.user, "chart.view"):
        return []
    rows = Encounter.objects.filter(person=looking.person).select_related("provider", "service")
    rows = rows.annotate(note_state=F("note__state"), review=F("note__cosignature__state"))
    treated = [
        Entry(
            at=one.began_at,
            kind="encounter",
            title=one.service.name if one.service else one.get_kind_display(),
            text=one.provider.name,
            href=reverse("charting:encounter", args=[one.uid]),
            icon="clipboard-list",
            badges=_badges(one.note_state, one.review),
        )
        for one in rows.order_by("-began_at")[:most]
    ]
    return treated + past.entries(looking.person)


def _badges(state: str | None, review: str | None) -> tuple[tuple[Text, str, str], ...]:
    """What became of the note."""
    if state is None:
        return ()
    if state == NoteState.DRAFT:
        return ((_("Note not signed"), "warning", "circle-dashed"),)
    signed: tuple[tuple[Text, str, str], ...] = ((_("Signed"), "", "check"),)
    if review == ReviewState.COSIGNED:
        return (*signed, (_("Co-signed"), "", "check"))
    return (
        (*signed, (_("Returned"), "warning", "corner-up-left")) if review == ReviewState.RETURNED else signed
    )
