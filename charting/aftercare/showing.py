"""A sheet as somebody reads it: the clinic's words in their language, and what the plan says besides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from charting.models import AftercareSheet, AftercareText
from charting.plans.content import Content
from charting.plans.paper import blocks, clinic_lines
from consents import markup
from consents.paper import Paper, sealed_paper
from core import pdf
from core.clock import local, local_date
from core.phones import pretty_phone
from patients.models import Person
from practice.models import Location
from practice.profile import clinic_zone, first_location, profile

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "sheet.typ"
MOST: Final = 100


@dataclass(frozen=True)
class Reading:
    """`own` is what the plan says besides; it is clinical, and stands only where that may be shown."""

    sheet: AftercareSheet
    paper: Paper | None
    own: list[str]
    treatment: str

    @property
    def title(self) -> str:
        if self.paper is not None:
            return self.paper.title
        return _("After %(treatment)s") % {"treatment": self.treatment} if self.treatment else _("Aftercare")


def reading(sheet: AftercareSheet, *, language: str, clinical: bool = True) -> Reading:
    visit = sheet.appointment
    paper = paper_of(sheet.text, language, visit.location if visit else None) if sheet.text else None
    return Reading(sheet, paper, instructions(sheet) if clinical else [], visit.service.name if visit else "")


def paper_of(text: AftercareText, language: str, place: Location | None = None) -> Paper:
    chosen, said = text.text_in(language)
    return shown(said["title"], said["body"], chosen, place)


def shown(title: str, body: str, language: str, place: Location | None = None) -> Paper:
    """With the clinic's name and number filled in: those of the place of the visit, where it has its own."""
    known = profile()
    phone = (place.phone if place else "") or first_location(known).get("phone") or known.phone
    words = {"clinic": known.name, "phone": pretty_phone(phone, known.region) if phone else known.email}
    return sealed_paper(f"{title}\n\n{markup.filled(body, words)}", language)


def instructions(sheet: AftercareSheet) -> list[str]:
    """What the plan that stood then says to this."""
    if sheet.plan_version is None:
        return []
    text = Content.of(sheet.plan_version.content).instructions
    return [line.strip() for line in text.split("\n") if line.strip()]


def given_to(person: Person) -> list[AftercareSheet]:
    """For the staff, who has opened the person: what waits and what was given, the latest first."""
    rows = AftercareSheet.objects.filter(person=person).select_related("text", "appointment__service")
    found = list(rows.order_by("-due_at", "-pk")[:MOST])
    for sheet in found:
        sheet.person = person
    return found


def sheet_pdf(found: Reading, *, language: str) -> bytes:
    """To be printed and handed over."""
    sheet = found.sheet
    with override(found.paper.language if found.paper else language):
        return pdf.render(TEMPLATE, _data(found), at=sheet.given_at or sheet.due_at)


def file_name(sheet: AftercareSheet) -> str:
    return f"aftercare-{sheet.uid.hex[-8:]}.pdf"


def _data(found: Reading) -> dict[str, Any]:
    parts: list[dict[str, Any]] = blocks(found.paper) if found.paper else []
    if found.own:
        title = _("For you, from your treatment plan")
        parts = [
            {"kind": "heading", "text": title, "items": []},
            *({"kind": "paragraph", "text": line, "items": []} for line in found.own),
            *parts,
        ]
    visit = found.sheet.appointment
    day = local(visit.starts_at, visit.location.zone).date() if visit else None
    day = day or local_date(found.sheet.due_at, clinic_zone())
    note = " · ".join(filter(None, (found.treatment, date_format(day, "DATE_FORMAT"))))
    return {
        **clinic_lines(),
        "language": found.paper.language if found.paper else "en",
        "title": found.title,
        "foot": _("Aftercare"),
        "number": "",
        "notes": [note] if note else [],
        "blocks": parts,
        "facts_title": "",
        "facts": [],
        "hashes": [],
    }
