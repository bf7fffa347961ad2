"""The rules of a note, without a database: what was typed, what is missing before signing, the text that is signed."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from charting.models import PART_LABELS, PARTS, FieldKind, Note, NoteTemplate
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text

LONGEST: Final = 10_000
LONGEST_ANSWER: Final = 2_000
CANONICAL: Final = "msp-note/1"
NO_TEMPLATE: Final = NoteTemplate(name="", definition={"required": list(PARTS)})


@dataclass(frozen=True)
class Typed:
    """What somebody typed: the four parts, and the answers to the template's fields by key."""

    parts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str | list[str]] = field(default_factory=dict)

    def same_as(self, note: Note) -> bool:
        return self.parts == note.parts and self.values == note.values


def read_typed(template: NoteTemplate | None, given: Mapping[str, Any], before: Note | None = None) -> Typed:
    """Text that can be stored; what was not sent stays as it is in `before`. A draft may be wrong or half done:
    only what no text holds, and what is too long, is refused, all at once."""
    failures: list[Failure] = []
    parts = {part: getattr(before, part, "") for part in PARTS}
    for part in PARTS:
        if part in given:
            parts[part] = _text(part, given[part], LONGEST, failures)
    values: dict[str, Any] = {} if before is None else before.values
    known = {one["key"]: one for one in (template or NO_TEMPLATE).fields}
    answers = given.get("answers", {})
    if not isinstance(answers, Mapping):
        failures.append(failure("answers", "invalid", _("Send an object of answers by key.")))
        answers = {}
    for key, value in answers.items():
        name = f"answers.{key}"
        if key not in known:
            failures.append(failure(name, "unknown", _("The template has no such field.")))
        elif known[key]["kind"] == FieldKind.CHECKLIST:
            values[key] = _list(name, value, failures)
        else:
            values[key] = _text(name, value, LONGEST_ANSWER, failures)
    if failures:
        raise Invalid(errors=failures)
    return Typed(parts, {key: value for key, value in values.items() if value})


def missing(
    template: NoteTemplate | None, parts: Mapping[str, str], values: Mapping[str, Any]
) -> list[Failure]:
    """Everything that keeps the note from being signed, in the order of the page."""
    template = template or NO_TEMPLATE
    found = [
        failure(part, "required", PART_LABELS[part])
        for part in PARTS
        if part in template.required and not parts.get(part, "").strip()
    ]
    for one in template.fields:
        value = values.get(one["key"])
        if not value:
            if one.get("required"):
                found.append(failure(f"answers.{one['key']}", "required", one["label"]))
        elif problem := _wrong(one, value):
            found.append(failure(f"answers.{one['key']}", "invalid", f"{one['label']}: {problem}"))
    if not found and not any(parts.values()) and not values:
        found.append(failure("", "required", _("The note is empty.")))
    return found


def shown(template: NoteTemplate | None, values: Mapping[str, Any]) -> list[list[str]]:
    """The answers as the reader sees them: label and text, in the template's order."""
    found = []
    for one in (template or NO_TEMPLATE).fields:
        value = values.get(one["key"])
        if value:
            text = ", ".join(value) if isinstance(value, list) else f"{value} {one.get('unit', '')}".strip()
            found.append([one["label"], text])
    return found


def canonical(note: Note, *, signer: str, at: datetime) -> str:
    """The exact text that a signature stands for, the same whoever writes it down."""
    body = {
        "format": CANONICAL,
        "note": str(note.uid),
        "encounter": str(note.encounter.uid),
        "patient": str(note.encounter.person.uid),
        "template": f"{note.template.family} v{note.template.version}" if note.template else "",
        "revision": note.revision,
        "signed_by": signer,
        "signed_at": at.isoformat(),
        "parts": note.parts,
        "answers": note.answers.get("shown", []),
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(note: Note, *, signer: str, at: datetime) -> str:
    return hashlib.sha256(canonical(note, signer=signer, at=at).encode()).hexdigest()


def _text(name: str, value: Any, longest: int, failures: list[Failure]) -> str:
    if not isinstance(value, str):
        failures.append(failure(name, "invalid", _("Send text.")))
        return ""
    try:
        return clean_text(value, longest, multiline=True)
    except TextProblem as problem:
        failures.append(failure(name, problem.code, problem.message))
        return ""


def _list(name: str, value: Any, failures: list[Failure]) -> list[str]:
    if not isinstance(value, list) or len(value) > 50:
        failures.append(failure(name, "invalid", _("Send a list.")))
        return []
    return [text for one in value if (text := _text(name, one, LONGEST_ANSWER, failures))]


def _wrong(one: Mapping[str, Any], value: Any) -> str:
    options = one.get("options", [])
    if one["kind"] == FieldKind.NUMBER and not _is_number(value):
        return _("give a number.")
    if one["kind"] == FieldKind.CHOICE and value not in options:
        return _("choose one of the list.")
    if one["kind"] == FieldKind.CHECKLIST and not set(value) <= set(options):
        return _("tick what is on the list.")
    return ""


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) <= 20 and math.isfinite(float(value))
    except ValueError:
        return False
