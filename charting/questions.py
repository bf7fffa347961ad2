"""Questionnaires as data: what a version may say, which questions show, and what is wrong with the answers.

    {"sections": [{"title": {"en": …, "es": …}, "questions": [
        {"key": "allergies", "kind": "yes_no", "label": {"en": …, "es": …}, "required": true,
         "options": [{"key": "latex", "label": {…}}],
         "show_if": {"question": "allergies", "is": ["yes"]},
         "leads_to": {"on": ["yes"], "kind": "condition", "code": "pregnant"}}]}]}

A question that is hidden is not asked, and its answer is not kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.problems import Failure, Text, failure
from core.text import TextProblem, clean_text

YES_NO, CHOICE, MULTI, TEXT, NUMBER, DATE = KINDS = ("yes_no", "choice", "multi", "text", "number", "date")
WITH_OPTIONS: Final = frozenset({CHOICE, MULTI})
LONGEST: Final = 1000
LARGEST: Final = Decimal(1_000_000)
DIGITS: Final = 12
Answer = str | list[str]
Answers = dict[str, Answer]


@dataclass(frozen=True)
class Option:
    key: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    key: str
    kind: str
    label: Mapping[str, str]
    required: bool = False
    options: tuple[Option, ...] = ()
    asks: str = ""  # shown only if this question
    wants: frozenset[str] = frozenset()  # was answered by one of these
    leads_to: Mapping[str, Any] | None = None

    @property
    def keys(self) -> frozenset[str]:
        """What may be answered."""
        return frozenset({"yes", "no"} if self.kind == YES_NO else {one.key for one in self.options})


@dataclass(frozen=True)
class Section:
    title: Mapping[str, str]
    questions: tuple[Question, ...]


def parse(body: Mapping[str, Any]) -> tuple[Section, ...]:
    """A version as it was published."""
    return tuple(
        Section(each["title"], tuple(_question(one) for one in each["questions"]))
        for each in body["sections"]
    )


def _question(given: Mapping[str, Any]) -> Question:
    condition = given.get("show_if") or {}
    return Question(
        key=given["key"],
        kind=given["kind"],
        label=given["label"],
        required=bool(given.get("required")),
        options=tuple(Option(one["key"], one["label"]) for one in given.get("options", ())),
        asks=condition.get("question", ""),
        wants=frozenset(condition.get("is", ())),
        leads_to=given.get("leads_to"),
    )


def all_of(sections: Iterable[Section]) -> list[Question]:
    return [question for section in sections for question in section.questions]


def said(words: Mapping[str, str], language: str) -> str:
    """In the reader's language; in English where there is no other."""
    return words.get(language[:2]) or words.get("en", "")


def visible(sections: Iterable[Section], answers: Mapping[str, Answer]) -> list[Question]:
    """The questions that are asked, given the answers. What hangs on a hidden question is hidden too."""
    shown: list[Question] = []
    kept: set[str] = set()
    for question in all_of(sections):
        if not question.asks or (question.asks in kept and _meets(question, answers.get(question.asks))):
            shown.append(question)
            kept.add(question.key)
    return shown


def _meets(question: Question, answer: Answer | None) -> bool:
    given = set(answer) if isinstance(answer, list) else {answer or ""}
    return bool(given & question.wants)


def pruned(sections: Iterable[Section], answers: Mapping[str, Answer]) -> Answers:
    """Only answers to questions that are asked."""
    return {one.key: answers[one.key] for one in visible(sections, answers) if answers.get(one.key)}


def read(question: Question, values: list[str]) -> tuple[Answer, Failure | None]:
    """One answer from a form, as it was typed where it cannot be read; an empty one is no failure yet."""
    if question.kind == MULTI:
        unknown = set(values) - question.keys
        wrong = failure(question.key, "invalid_choice", _("Choose of the list.")) if unknown else None
        return [one for one in values if one in question.keys], wrong
    value = values[-1].strip() if values else ""
    if not value:
        return "", None
    return _read_one(question, value)


def _read_one(question: Question, value: str) -> tuple[str, Failure | None]:
    if question.kind in (YES_NO, CHOICE):
        known = value in question.keys
        return (
            (value, None) if known else ("", _wrong(question, "invalid_choice", _("Choose one of the list.")))
        )
    if question.kind == NUMBER:
        return value, None if _is_number(value) else _wrong(question, "invalid", _("Write a number."))
    if question.kind == DATE:
        return value, None if _is_date(value) else _wrong(question, "invalid", _("Write a date."))
    try:
        return clean_text(value, LONGEST, multiline=True), None
    except TextProblem as problem:
        return value[: LONGEST * 2], _wrong(question, problem.code, problem.message)


def _is_number(text: str) -> bool:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return False
    return len(text) <= DIGITS and number.is_finite() and abs(number) < LARGEST


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _wrong(question: Question, code: str, message: Text) -> Failure:
    return failure(question.key, code, message)


def missing(questions: Iterable[Question], answers: Mapping[str, Answer]) -> list[Failure]:
    """Every required question of those that has no answer."""
    told = _("Please answer this.")
    return [
        failure(one.key, "required", told) for one in questions if one.required and not answers.get(one.key)
    ]


def faults(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with a version before it is published: keys twice, options missing, conditions that cannot be met."""
    sections = parse(body)
    seen: dict[str, Question] = {}
    found: list[str] = []
    for question in all_of(sections):
        name = said(question.label, "en") or question.key
        if question.key in seen:
            found.append(str(_("“%(name)s” is there twice.") % {"name": name}))
        if not said(question.label, "en"):
            found.append(str(_("A question has no text.")))
        if question.kind in WITH_OPTIONS and len(question.options) < 2:
            found.append(str(_("“%(name)s” needs two answers to choose from.") % {"name": name}))
        before = seen.get(question.asks)
        if question.asks and (before is None or not question.wants <= before.keys or not question.wants):
            found.append(
                str(_("“%(name)s” hangs on an answer that does not stand before it.") % {"name": name})
            )
        seen[question.key] = question
    if not seen:
        found.append(str(_("Ask at least one question.")))
    return found
