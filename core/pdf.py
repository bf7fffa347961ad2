"""Papers that last: a typst template and plain data become one PDF, the same bytes for the same input.

The data travels as JSON and is text to the template, never markup: whatever somebody typed prints as typed. Nothing is
fetched, no font of the machine is used. PDF/A-2a and PDF/UA-1: to be kept for years, and to be read aloud.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

STANDARDS: Final = ("a-2a", "ua-1")
# Typst's own, inside its package; the later ones for signs that the first lacks.
FONTS: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
UNSHOWN: Final = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
MOST_TRIES: Final = 6


def render(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `template`, which reads `json(bytes(sys.inputs.data))`; `at` is the document's own date.

    Every paper must `set document(title: …)` and `set text(lang: …)`: whoever listens to it needs both. A character that
    no font here can draw is printed by its number, such as [U+5F20], rather than left out.
    """
    given: Any = {**data, "fonts": list(FONTS)}
    for _try in range(MOST_TRIES):
        try:
            return _compile(template, given, at)
        except typst.TypstError as error:
            missing = UNSHOWN.search(str(error))
            if missing is None:
                raise
            given = _spelled(given, set(missing[1]))
    return _compile(template, _each(given, _ascii), at)


def _compile(template: Path, data: Any, at: datetime) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _spelled(data: Any, missing: set[str]) -> Any:
    """With the signs that were missing, and all of scripts the fonts do not cover, as numbers."""

    def spell(text: str) -> str:
        return "".join(_number(sign) if sign in missing or _is_far(sign) else sign for sign in text)

    return _each(data, spell)


def _is_far(sign: str) -> bool:
    return ord(sign) > 0x052F and not 0x1E00 <= ord(sign) <= 0x22FF


def _ascii(text: str) -> str:
    return "".join(sign if ord(sign) < 0x7F else _number(sign) for sign in text)


def _number(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def _each(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {name: _each(value, change) for name, value in data.items()}
    return [_each(value, change) for value in data] if isinstance(data, list | tuple) else data
