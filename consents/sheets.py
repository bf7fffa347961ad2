"""A form on a screen: what the page shows, what it sent, and what was wrong with it; the same in the portal and at the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from consents.actions.signing import FormChanged, Given
from consents.models import ConsentVersion, FormKind, Signature
from consents.paper import Paper, sealed_paper
from consents.receipt import drawing
from core.http import client_ip
from core.problems import Failure, Invalid

CHANGED, UNREADABLE = 409, 422


@dataclass
class Sheet:
    """One form in front of somebody."""

    version: ConsentVersion
    plain: Paper
    name: str = ""
    strokes: str = ""
    ticked: frozenset[int] = frozenset()
    failures: list[Failure] = field(default_factory=list)
    changed: bool = False
    for_whom: str = ""
    back: str = ""

    @property
    def needs_drawing(self) -> bool:
        return self.version.form.needs_drawing

    @property
    def verb(self) -> str:
        return _("I have read it") if self.version.form.kind == FormKind.NPP else _("Sign")

    @cached_property
    def wrong(self) -> dict[str, str]:
        """The first thing that is wrong with each field."""
        found: dict[str, str] = {}
        for each in self.failures:
            found.setdefault(each["field"], each["message"])
        return found

    @property
    def errors(self) -> list[dict[str, str]]:
        return [{"message": each["message"], "target": _target(each["field"])} for each in self.failures]

    @property
    def paper(self) -> dict[str, Any]:
        parts = [
            {
                "kind": part.kind,
                "text": part.text,
                "items": part.items,
                "number": part.number,
                "required": part.required,
                "ticked": part.number in self.ticked,
                "error": self.wrong.get(f"box_{part.number}", ""),
            }
            for part in self.plain.blocks
        ]
        return {"language": self.plain.language, "digest": self.plain.digest, "parts": parts, "open": True}


def read(request: HttpRequest) -> Given:
    """What a page sent, with where it came from."""
    numbers = [
        text for text in request.POST.getlist("box") if text.isascii() and text.isdigit() and len(text) < 4
    ]
    return Given(
        name=request.POST.get("name", ""),
        ticked=frozenset(int(text) for text in numbers),
        strokes=request.POST.get("strokes", ""),
        ip=client_ip(request),
        agent=request.headers.get("User-Agent", ""),
        shown=request.POST.get("shown", ""),
    )


def try_to_sign(sheet: Sheet, given: Given, sign: Callable[[], Signature]) -> tuple[Signature | None, int]:
    """The signature, or the sheet keeps what was typed and says what is wrong: (signature, status)."""
    try:
        return sign(), 303
    except Invalid as problem:
        sheet.failures = problem.errors
        status = UNREADABLE
    except FormChanged:
        sheet.changed, status = True, CHANGED
    sheet.name, sheet.strokes, sheet.ticked = given.name, given.strokes, given.ticked
    return None, status


def sent_version(request: HttpRequest, current: ConsentVersion) -> ConsentVersion:
    """The version that the page showed; the current one where it says none that exists."""
    try:
        uid = UUID(request.POST.get("version", ""))
    except ValueError:
        return current
    return ConsentVersion.objects.filter(uid=uid, form=current.form).select_related("form").first() or current


def signed_paper(signature: Signature) -> dict[str, Any]:
    """For the page of a signature: the text with its ticks as they were set."""
    paper, boxes = sealed_paper(signature.text, signature.language), signature.boxes
    parts = []
    for part in paper.blocks:
        ticked = part.kind == "box" and bool(boxes[part.number - 1]["ticked"])
        said = (_("ticked") if ticked else _("left open")) if part.kind == "box" else ""
        parts.append(
            {"kind": part.kind, "text": part.text, "items": part.items, "ticked": ticked, "said": said}
        )
    return {"language": paper.language, "title": paper.title, "parts": parts, "open": False}


def drawn(signature: Signature) -> dict[str, Any] | None:
    """The strokes for an SVG; nothing where nobody drew."""
    strokes, width, height = drawing(signature.strokes)
    if not strokes:
        return None
    lines = [" ".join(f"{x},{y}" for x, y in stroke) for stroke in strokes]
    return {"lines": lines, "box": f"-4 -4 {width + 8} {height + 8}"}


def _target(name: str) -> str:
    if name.startswith("box_"):
        return f"id_{name}"
    return {"name": "id_name", "strokes": "pad"}.get(name, "")
