"""What a draft of a note is made from and what it is, whoever makes it: words only, never an image."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PARTS: Final = ("subjective", "objective", "assessment", "plan")
LONGEST: Final = 3_000
MOST_INPUT: Final = 40_000


@dataclass(frozen=True)
class NoteInputs:
    """`facts`: what is charted, in short lines by part of the note; `written`: what the provider has typed."""

    service: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = [
            self.service,
            *self.written.values(),
            *(one for lines in self.facts.values() for one in lines),
        ]
        # A photograph never reaches a model: nothing but text passes here.
        if not all(type(word) is str for word in words):
            raise TypeError("a model is given text and nothing else")
        if not {*self.facts, *self.written} <= set(PARTS):
            raise ValueError("a note has no such part")

    @property
    def wanted(self) -> list[str]:
        """The parts that say nothing yet."""
        return [part for part in PARTS if not self.written.get(part, "").strip()]

    def as_text(self) -> str:
        """The same text for the same inputs: this is what is sent, and what is hashed."""
        body = {
            "service": self.service,
            "facts": {part: list(self.facts.get(part, ())) for part in PARTS},
            "written": {part: self.written.get(part, "") for part in PARTS},
            "wanted": self.wanted,
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True)


def by_rules(inputs: NoteInputs) -> dict[str, str]:
    """Without a model: each empty part is filled with what is charted for it, line by line, and nothing else."""
    return {part: "\n".join(inputs.facts[part]) for part in inputs.wanted if inputs.facts.get(part)}
