"""The receipt of a signature, as a PDF that can be kept: always the same for the same signature."""

from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from consents.models import EndKind, Signature
from consents.paper import sealed_paper
from consents.rules import Strokes
from core.clock import local
from core.pdf import render
from patients.models import Relation
from practice.profile import clinic_zone, first_location, profile

TEMPLATE: Final = Path(__file__).parent / "papers" / "receipt.typ"
WIDEST: Final = 230.0  # points
HIGHEST: Final = 80.0


def receipt(signature: Signature) -> bytes:
    """In the language that was signed in."""
    with override(signature.language):
        return render(TEMPLATE, _data(signature), at=signature.signed_at)


def file_name(signature: Signature) -> str:
    """Nothing of the person: downloads end in shared folders."""
    return f"consent-{signature.signed_at:%Y%m%d}-{signature.uid.hex[-8:]}.pdf"


def drawing(
    strokes: Strokes, *, widest: float = WIDEST, highest: float = HIGHEST
) -> tuple[Strokes, float, float]:
    """The strokes moved to the corner and scaled into a field, and the field they fill."""
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    if not xs:
        return [], 0.0, 0.0
    wide, high = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    scale = min(widest / wide, highest / high, 1.0)
    moved = [
        [[round((x - min(xs)) * scale, 2), round((y - min(ys)) * scale, 2)] for x, y, *_rest in stroke]
        for stroke in strokes
    ]
    return moved, round(wide * scale, 2), round(high * scale, 2)


def _data(signature: Signature) -> dict[str, Any]:
    known, zone = profile(), clinic_zone()
    paper = sealed_paper(signature.text, signature.language)
    strokes, width, height = drawing(signature.strokes)
    place = first_location(known)
    return {
        "language": signature.language,
        "clinic": known.legal_name or known.name,
        "address": ", ".join(filter(None, (place.get("address_1"), place.get("city"), place.get("state")))),
        "title": paper.title,
        "number": str(signature.uid),
        "notes": _notes(signature),
        "blocks": [_block(part, signature.boxes) for part in paper.blocks],
        "strokes": strokes,
        "width": width,
        "height": height,
        "facts": _facts(signature, zone),
        "hashes": [
            [_("SHA-256 of the text"), signature.text_hash.hex()],
            [_("SHA-256 of all that was signed"), signature.seal_hash.hex()],
        ],
        "words": {
            "receipt": _("Receipt"),
            "signature": _("Signature"),
            "drawn": _("The signature as it was drawn"),
            "explained": _(
                "Whoever changes one letter of the text gets another number. The second number stands in the clinic’s "
                "audit chain since the moment of signing."
            ),
        },
    }


def _block(part: Any, boxes: list[dict[str, Any]]) -> dict[str, Any]:
    found = {"kind": part.kind, "text": part.text, "items": list(part.items)}
    if part.kind == "box":
        ticked = bool(boxes[part.number - 1]["ticked"])
        found |= {"ticked": ticked, "said": _("ticked") if ticked else _("left open")}
    return found


def _facts(signature: Signature, zone: Any) -> list[list[str]]:
    device = signature.device
    facts = [
        [_("Patient"), signature.person.name],
        [_("Signed by"), signature.name],
        [_("Signed at"), _moment(signature.signed_at, zone)],
        [_("Form"), _("version %(number)d") % {"number": signature.version.number}],
        [_("How"), str(signature.get_channel_display())],
    ]
    if signature.relation:
        said = dict(Relation.choices).get(signature.relation, signature.relation)
        facts.insert(2, [_("Acting as"), f"{said} ({signature.signer.name})"])
    if signature.expires_at:
        facts.append([_("Counts until"), _moment(signature.expires_at, zone)])
    if device.get("ip"):
        facts.append([_("IP address"), device["ip"]])
    if device.get("agent"):
        facts.append([_("Device"), device["agent"]])
    return [[str(name), str(value)] for name, value in facts]


def _notes(signature: Signature) -> list[str]:
    end = signature.ended
    if end is None:
        return []
    when = {"when": _moment(end.at, clinic_zone())}
    said = _("Void since %(when)s.") if end.kind == EndKind.VOIDED else _("Withdrawn on %(when)s.")
    return [said % when]


def _moment(at: Any, zone: Any) -> str:
    there = local(at, zone)
    return f"{date_format(there, 'DATE_FORMAT')}, {date_format(there, 'TIME_FORMAT')} ({there:%Z}, UTC{there:%z})"
