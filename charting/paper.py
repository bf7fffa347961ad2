"""A signed note as a paper: PDF/A, the same bytes for the same note."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from charting.models import PART_LABELS, PARTS, AddendumKind, Note
from charting.notes import shown
from core import pdf
from core.clock import local
from practice.profile import profile

TEMPLATE: Final = Path(__file__).with_name("papers") / "note.typ"


def note_pdf(note: Note) -> bytes:
    assert note.signed_at is not None
    return pdf.render(TEMPLATE, _data(note), at=note.signed_at)


def _data(note: Note) -> dict[str, Any]:
    encounter, known = note.encounter, profile()
    person, zone = encounter.person, encounter.location.zone
    what = encounter.service.name if encounter.service else encounter.get_kind_display()

    def when(moment: datetime) -> str:
        return date_format(local(moment, zone), "j M Y, g:i:s a")

    assert note.signed_at is not None
    assert note.signed_by is not None
    born = date_format(person.date_of_birth, "j M Y") if person.date_of_birth else "–"
    facts = [
        [_("Patient"), person.name],
        [_("Born"), born],
        [_("Visit"), f"{when(encounter.began_at)}, {encounter.provider.name}, {encounter.location.name}"],
        *(note.answers.get("shown") or shown(note.template, note.values)),
    ]
    seals = [
        _("Signed by %(name)s, %(when)s, revision %(n)d.")
        % {"name": note.signed_by.display_name, "when": when(note.signed_at), "n": note.revision},
        f"SHA-256 {note.content_hash}",
    ]
    review = getattr(note, "cosignature", None)
    if review is not None and review.decided_at and review.state == "cosigned":
        said = {"name": review.decided_by.display_name, "when": when(review.decided_at)}
        seals.append(_("Co-signed by %(name)s, %(when)s.") % said)
    return {
        "title": _("Visit note: %(what)s") % {"what": what},
        "clinic": known.legal_name or known.name,
        "patient": person.name,
        "facts": facts,
        "parts": [
            [str(PART_LABELS[part]), note.parts[part].split("\n")] for part in PARTS if note.parts[part]
        ],
        "added": _added(note, when),
        "seals": seals,
        "words": {"added": _("Added later")},
    }


def _added(note: Note, when: Any) -> list[list[Any]]:
    found = []
    for one in note.addenda.select_related("author"):
        one.note = note
        words = (
            _("Returned by %(name)s, %(when)s")
            if one.kind == AddendumKind.RETURNED
            else _("%(name)s, %(when)s")
        )
        title = words % {"name": one.author.display_name, "when": when(one.signed_at)}
        found.append([title, one.text.split("\n")])
    return found
