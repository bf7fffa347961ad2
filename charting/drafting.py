"""What a draft of a note is made from: what is charted, said in short lines. Never a name, never a picture."""

from collections.abc import Callable
from typing import Final

from ai.drafts import NoteInputs
from ai.models import Act
from charting.actions.history import active
from charting.injections import injection_summary
from charting.lasers import asked
from charting.models import Encounter, Note
from charting.notes import shown

Facts = dict[str, list[str]]  # by part of the note
Tell = Callable[[Encounter], Facts]


def own_answers(note: Note) -> Facts:
    """What the template's fields say belongs to what was found."""
    return {"objective": [f"{label}: {text}" for label, text in shown(note.template, note.values)]}


def injected(encounter: Encounter) -> Facts:
    return {"objective": injection_summary(encounter)}


def standing_history(encounter: Encounter) -> Facts:
    """What the patient lives with, as kinds and names: allergies, medications, conditions."""
    lines = [
        f"{one.get_kind_display()}: {one.body['text']}"
        for one in active(encounter.person)
        if one.body.get("text")
    ]
    return {"subjective": lines}


# Each part of an encounter says what it has charted. One line a part.
TELLERS: Final[tuple[Tell, ...]] = (injected, standing_history, asked.for_draft)


def inputs_for(note: Note) -> NoteInputs:
    encounter = note.encounter
    facts: Facts = own_answers(note)
    for tell in TELLERS:
        for part, lines in tell(encounter).items():
            facts.setdefault(part, []).extend(lines)
    return NoteInputs(
        service=str(encounter.service.name if encounter.service else encounter.get_kind_display()),
        facts={part: tuple(lines) for part, lines in facts.items()},
        written=note.parts,
    )


def with_part(note: Note, act: Act, part: str) -> str:
    """The part's text after somebody used the draft: what is written stays, the draft comes below."""
    return "\n".join(text for text in (note.parts[part], act.output.get(part, "")) if text)
