"""What documents offer for a patient's record: their tab, and each as an entry of the timeline."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may
from documents.access import reads_clinical
from documents.models import ADMINISTRATIVE, Document, Kind
from documents.shown import ICONS
from patients.record import Entry, Looking, Tab
from vault.fields import warm_rows

DOCUMENTS: Final = Tab("documents", gettext_lazy("Documents"), "documents:record", "documents.view")


def entries(looking: Looking, most: int) -> list[Entry]:
    if not may(looking.user, "documents.view"):
        return []
    rows = Document.objects.kept().filter(person=looking.person)
    if not reads_clinical(looking.user, looking.person, at=looking.at):
        rows = rows.filter(kind__in=ADMINISTRATIVE)
    found = list(rows.order_by("-added_at")[:most])
    warm_rows(found, "title")
    return [
        Entry(
            at=one.added_at,
            kind="document",
            title=one.title,
            text=_text(one),
            href=reverse("documents:document", args=[one.uid]),
            icon=ICONS.get(Kind(one.kind), "file-text"),
        )
        for one in found
    ]


def _text(document: Document) -> str:
    label = str(Kind(document.kind).label)
    parts = [label if label != document.title else "", _("from the patient") if document.from_patient else ""]
    return " · ".join(filter(None, parts))
