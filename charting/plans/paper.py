"""A plan as a PDF: the text word by word, and what the patient said to it. The same bytes for the same plan."""

from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from charting.models import Decided, PlanDecision, PlanState
from charting.plans import wording
from charting.plans.reading import Shown
from consents.paper import Paper, sealed_paper
from core import pdf
from core.clock import local
from patients.models import Relation
from practice.profile import clinic_zone, first_location, profile

TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "sheet.typ"


def plan_pdf(shown: Shown, *, language: str = "") -> bytes:
    """In the language it was decided in, or the reader's."""
    decision = decided(shown)
    chosen = decision.language if decision else language or shown.plan.person.language or "en"
    with override(chosen):
        return pdf.render(TEMPLATE, _data(shown, decision, chosen), at=_moment(shown))


def file_name(shown: Shown) -> str:
    """Nothing of the person: downloads end in shared folders."""
    return f"plan-{shown.plan.uid.hex[-8:]}-v{shown.version.number if shown.version else 0}.pdf"


def decided(shown: Shown) -> PlanDecision | None:
    """What was said to the version that stands."""
    return getattr(shown.version, "decision", None) if shown.version else None


def paper_of(shown: Shown, *, language: str) -> Paper:
    """As it was decided, or as it is read now."""
    decision = decided(shown)
    if decision is not None:
        return sealed_paper(decision.text, decision.language)
    return wording.paper(shown.content, shown.plan.person.name, language=language)


def clinic_lines() -> dict[str, str]:
    known = profile()
    place = first_location(known)
    parts = (place.get("address_1"), place.get("city"), place.get("state"), place.get("phone") or known.phone)
    return {"clinic": known.legal_name or known.name, "address": ", ".join(filter(None, parts))}


def blocks(paper: Paper) -> list[dict[str, Any]]:
    return [{"kind": part.kind, "text": part.text, "items": list(part.items)} for part in paper.blocks]


def _data(shown: Shown, decision: PlanDecision | None, language: str) -> dict[str, Any]:
    paper = paper_of(shown, language=language)
    notes = [] if shown.version else [_("A draft. It was not offered.")]
    if shown.plan.state == PlanState.ENDED:
        notes.append(_("This plan has ended."))
    return {
        **clinic_lines(),
        "language": paper.language,
        "title": paper.title,
        "foot": _("Treatment plan"),
        "number": str(shown.plan.uid),
        "notes": notes,
        "blocks": blocks(paper),
        "facts_title": _("What was decided") if decision else "",
        "facts": _facts(shown, decision) if decision else [],
        "hashes": [[_("SHA-256 of the text"), bytes(decision.text_hash).hex()]] if decision else [],
    }


def _facts(shown: Shown, decision: PlanDecision) -> list[list[str]]:
    there = local(decision.decided_at, clinic_zone())
    when = f"{date_format(there, 'DATE_FORMAT')}, {date_format(there, 'TIME_FORMAT')} {there:%Z}"
    said = _("Accepted") if decision.kind == Decided.ACCEPTED else _("Declined")
    facts = [
        [said, when],
        [_("Name"), decision.name],
        [_("How"), str(decision.get_how_display())],
        [_("Version"), str(shown.version.number if shown.version else "")],
    ]
    if decision.relation:
        facts.insert(2, [_("Acting as"), str(dict(Relation.choices).get(decision.relation, ""))])
    return facts


def _moment(shown: Shown) -> datetime:
    if shown.version is None:
        return datetime.combine(shown.today, time(), clinic_zone())
    decision = decided(shown)
    return decision.decided_at if decision else shown.version.offered_at
