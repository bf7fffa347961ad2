"""The small markup of a form's text: headings, paragraphs, lists, and statements to tick. Pure.

    # Heading
    A paragraph, over as many lines as one likes.
    - an item of a list
    [ ] a statement that must be ticked
    [?] a statement that may be ticked

`{clinic}`, `{patient}` and `{date}` are filled in when somebody signs. Everything else is text, shown as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from core.problems import Failure, failure
from core.text import TextProblem, clean_text

LONGEST: Final = 20_000
LONGEST_TITLE: Final = 120
MOST_BOXES: Final = 20
WORDS: Final = frozenset({"clinic", "patient", "date"})
WORDS_OF_A_NOTICE: Final = frozenset({"clinic"})  # everybody may read it, so nobody is named in it
BLANK: Final = re.compile(r"\{([^{}\n]{0,40})\}")
MARK: Final = re.compile(r"\[( |\?)\]\s+(.*)")


@dataclass(frozen=True)
class Block:
    """One part of a text. `items` of a list; `number` and `required` of a box."""

    kind: str  # heading, paragraph, list, box
    text: str = ""
    items: tuple[str, ...] = field(default=())
    number: int = 0
    required: bool = False


def parse(text: str) -> list[Block]:
    """The text's blocks, in order."""
    found: list[Block] = []
    lines: list[str] = []
    items: list[str] = []
    boxes = 0

    def close() -> None:
        if lines:
            found.append(Block("paragraph", " ".join(lines)))
            lines.clear()
        if items:
            found.append(Block("list", items=tuple(items)))
            items.clear()

    for line in (each.strip() for each in text.split("\n")):
        box = MARK.fullmatch(line)
        if line.startswith("- "):
            if lines:
                close()
            items.append(line[2:].strip())
            continue
        if items or not line or box or line.startswith("# "):
            close()
        if line.startswith("# "):
            found.append(Block("heading", line[2:].strip()))
        elif box:
            boxes += 1
            found.append(Block("box", box[2], number=boxes, required=box[1] == " "))
        elif line:
            lines.append(line)
    close()
    return found


def boxes_of(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.kind == "box"]


def filled(text: str, words: Mapping[str, str]) -> str:
    """With the blanks filled in. What is filled in can begin no block: it is a name, not markup."""
    return BLANK.sub(lambda found: words.get(found[1], found[0]).lstrip("#-[ "), text)


def read(
    title: str, body: str, *, language: str, words: frozenset[str] = WORDS
) -> tuple[dict[str, str], list[Failure]]:
    """The text as it may be published, and all that is wrong with it."""
    failures: list[Failure] = []
    clean = {}
    for name, value, most in (("title", title, LONGEST_TITLE), ("body", body, LONGEST)):
        where = f"{name}_{language}"
        try:
            clean[name] = clean_text(value, most, multiline=name == "body")
        except TextProblem as problem:
            failures.append(failure(where, problem.code, problem.message))
            continue
        if not clean[name]:
            failures.append(failure(where, "missing", _("Write both a title and a text.")))
    if not failures:
        failures += _of_body(clean["body"], f"body_{language}", words)
    return clean, failures


def _of_body(body: str, where: str, words: frozenset[str]) -> list[Failure]:
    failures = []
    strange = sorted({blank for blank in BLANK.findall(body) if blank not in words})
    if strange:
        allowed = ", ".join(f"{{{word}}}" for word in sorted(words))
        told = _("%(word)s cannot be filled in here. Use only %(allowed)s.")
        failures.append(
            failure(where, "unknown_word", told % {"word": f"{{{strange[0]}}}", "allowed": allowed})
        )
    if len(boxes_of(parse(body))) > MOST_BOXES:
        told = _("Use at most %(most)d statements to tick.")
        failures.append(failure(where, "too_many", told % {"most": MOST_BOXES}))
    return failures
