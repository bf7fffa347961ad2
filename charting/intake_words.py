"""Answers in words, for whoever reads them, beside those of the time before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from charting import questions
from charting.models import Intake
from charting.questions import Answer, Question


@dataclass(frozen=True)
class Line:
    """A question with its answer; `was` where it was another one the time before."""

    question: str
    answer: str
    was: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.was) and self.was != self.answer


def lines(intake: Intake, before: Intake | None, language: str) -> list[tuple[str, list[Line]]]:
    """By section; only the questions that were asked."""
    sections = questions.parse(intake.version.questions)
    shown = {one.key for one in questions.visible(sections, intake.answers)}
    earlier = _earlier(before, language) if before else {}
    found = []
    for section in sections:
        asked = [
            Line(
                questions.said(one.label, language),
                answer_words(one, intake.answers.get(one.key), language),
                earlier.get(one.key, ""),
            )
            for one in section.questions
            if one.key in shown
        ]
        if asked:
            found.append((questions.said(section.title, language), asked))
    return found


def answer_words(question: Question, answer: Answer | None, language: str) -> str:
    if not answer:
        return _("No answer")
    if question.kind == questions.YES_NO:
        return _("Yes") if answer == "yes" else _("No")
    if question.kind in questions.WITH_OPTIONS:
        keys = answer if isinstance(answer, list) else [answer]
        return ", ".join(questions.said(one.label, language) for one in question.options if one.key in keys)
    return str(answer)


def _earlier(before: Intake, language: str) -> dict[str, str]:
    known = questions.all_of(questions.parse(before.version.questions))
    return {one.key: answer_words(one, before.answers.get(one.key), language) for one in known}
