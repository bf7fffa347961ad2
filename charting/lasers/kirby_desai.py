"""The Kirby-Desai scale: six facts about a tattoo and its bearer, whose points add up to about as many sessions.

Kirby, Desai, Desai, Kartono, Geeta: "The Kirby-Desai Scale: A Proposed Scale to Assess Tattoo-removal Treatments",
J Clin Aesthet Dermatol 2009;2(3):32-37. The published points as data; the words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Option = tuple[str, "str | Promise", int]

SKIN: Final[tuple[Option, ...]] = tuple(
    (str(number), roman, number) for number, roman in enumerate(("I", "II", "III", "IV", "V", "VI"), start=1)
)
PLACE: Final[tuple[Option, ...]] = (
    ("head", _("Head or neck"), 1),
    ("upper_trunk", _("Upper trunk"), 2),
    ("lower_trunk", _("Lower trunk"), 3),
    ("upper_limb", _("Upper arm or thigh"), 4),
    ("lower_limb", _("Forearm, hand, lower leg or foot"), 5),
)
COLOURS: Final[tuple[Option, ...]] = (
    ("black", _("Black only"), 1),
    ("some_red", _("Mostly black, some red"), 2),
    ("red_and_others", _("Mostly black and red, some other colours"), 3),
    ("many", _("Many colours"), 4),
)
INK: Final[tuple[Option, ...]] = (
    ("amateur", _("Amateur"), 1),
    ("minimal", _("Little"), 2),
    ("moderate", _("Moderate"), 3),
    ("significant", _("A lot"), 4),
)
SCARRING: Final[tuple[Option, ...]] = (
    ("none", _("None"), 0),
    ("minimal", _("Minimal"), 1),
    ("moderate", _("Moderate"), 3),
    ("significant", _("Significant"), 5),
)
LAYERING: Final[tuple[Option, ...]] = (
    ("no", _("One layer"), 0),
    ("yes", _("A cover-up or several layers"), 2),
)
QUESTIONS: Final[dict[str, tuple[Option, ...]]] = {
    "skin": SKIN,
    "place": PLACE,
    "colours": COLOURS,
    "ink": INK,
    "scarring": SCARRING,
    "layering": LAYERING,
}


@dataclass(frozen=True)
class Facts:
    """What the scale asks, by the words of the tables above. Whatever is not in them is refused."""

    skin: str
    place: str
    colours: str
    ink: str
    scarring: str
    layering: str

    def __post_init__(self) -> None:
        for question in QUESTIONS:
            points(question, getattr(self, question))

    @property
    def score(self) -> int:
        """The sum of the points, which is the estimate: about so many sessions."""
        return sum(points(question, getattr(self, question)) for question in QUESTIONS)

    def as_json(self) -> dict[str, str]:
        return {question: getattr(self, question) for question in QUESTIONS}

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """None where not all of it is known: an estimate from half the facts would be none."""
        given = stored or {}
        if not all(given.get(question) for question in QUESTIONS):
            return None
        return cls(**{question: str(given[question]) for question in QUESTIONS})


def points(question: str, answer: str) -> int:
    for key, _words, worth in QUESTIONS[question]:
        if key == answer:
            return worth
    raise ValueError(f"{answer!r} is no answer to {question}")


def choices(question: str) -> list[tuple[str, "str | Promise"]]:
    return [(key, words) for key, words, _worth in QUESTIONS[question]]


def words(question: str, answer: str) -> "str | Promise":
    return dict(choices(question)).get(answer, "")
