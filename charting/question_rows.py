"""The questions of a section as their template shows them, in the portal and in the preview."""

from typing import Any

from charting import questions
from charting.questions import Section
from core.problems import Failure


def question_rows(
    sections: tuple[Section, ...],
    number: int,
    answers: dict[str, Any],
    failures: list[Failure],
    language: str,
    *,
    every: bool = False,
) -> list[dict[str, Any]]:
    """The questions of one section as its template shows them. One that hangs on an answer of the same section is
    there too, for a browser without scripts; the script hides it until it is asked. `every`: all branches, for a preview."""
    own = {question.key for question in sections[number].questions}
    shown = {one.key for one in questions.visible(sections, answers)}
    wrong = {one["field"]: one["message"] for one in failures}
    return [
        {
            "key": one.key,
            "kind": one.kind,
            "label": questions.said(one.label, language),
            "required": one.required,
            "options": [(each.key, questions.said(each.label, language)) for each in one.options],
            "values": _values(answers.get(one.key)),
            "error": wrong.get(one.key, ""),
            "asks": one.asks if one.asks in own else "",
            "wants": " ".join(sorted(one.wants)),
        }
        for one in sections[number].questions
        if every or one.key in shown or one.asks in own
    ]


def _values(answer: Any) -> list[str]:
    if not answer:
        return []
    return list(answer) if isinstance(answer, list) else [str(answer)]
