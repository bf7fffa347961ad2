"""What answers say for the history: proposed to the provider, who accepts or leaves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charting import questions
from charting.history.codes import BY_KEY
from charting.questions import Answer


@dataclass(frozen=True)
class Proposal:
    """One entry that an answer leads to. `key` is the question's."""

    key: str
    kind: str
    given: Mapping[str, str]
    label: str
    question: str


def proposals(body: Mapping[str, Any], answers: Mapping[str, Answer]) -> list[Proposal]:
    """In the order of the questions. A text that was typed becomes the words of the entry."""
    found = []
    for question in questions.visible(questions.parse(body), answers):
        rule, answer = question.leads_to, answers.get(question.key)
        if not rule or not answer:
            continue
        wanted = set(rule.get("on", ()))
        given = set(answer) if isinstance(answer, list) else {answer}
        if wanted and not wanted & given:
            continue
        entry = _entry(question, rule, answer)
        code = BY_KEY.get(entry.get("code", ""))
        label = entry.get("text") or (str(code.label) if code else "")
        found.append(Proposal(question.key, rule["kind"], entry, label, questions.said(question.label, "en")))
    return found


def _entry(question: questions.Question, rule: Mapping[str, Any], answer: Answer) -> dict[str, str]:
    entry = {name: str(rule[name]) for name in ("code", "against") if rule.get(name)}
    if question.kind == questions.TEXT and isinstance(answer, str):
        entry["text"] = " ".join(answer.split())[:160]
    elif question.kind == questions.CHOICE and rule["kind"] == "skin_type":
        entry["skin_type"] = str(answer)
    return entry
