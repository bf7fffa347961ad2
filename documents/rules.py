"""What is said of a document, how much patients may send: no database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from core.problems import Failure, failure
from core.text import TextProblem, clean_text
from documents.models import Kind

LONGEST_TITLE: Final = 120
LONGEST_REASON: Final = 500
LONGEST_KEY: Final = 200
OLDEST: Final = date(1900, 1, 1)
MOST_A_DAY: Final = 10  # of one patient
MOST_WAITING: Final = 30  # that nobody at the clinic has looked at
A_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Entry:
    """What is said of one: its kind, a title, the date on the paper."""

    kind: str
    title: str
    dated: date | None


def read_entry(
    kind: str, title: str, dated: date | None, *, today: date, kinds: Collection[str] = tuple(Kind)
) -> tuple[Entry, list[Failure]]:
    """The entry, and everything that is wrong with it. Without a title its kind is its name."""
    wrong: list[Failure] = []
    if kind not in kinds:
        wrong.append(failure("kind", "unknown", _("Say what it is.")))
    try:
        title = clean_text(title, LONGEST_TITLE)
    except TextProblem as problem:
        wrong.append(failure("title", problem.code, problem.message))
    if dated is not None and not OLDEST <= dated <= today:
        wrong.append(failure("dated", "out_of_range", _("Give the date on the paper: today or earlier.")))
    if not title and not wrong:
        title = str(Kind(kind).label)
    return Entry(kind, title, dated), wrong


def read_reason(text: str) -> tuple[str, list[Failure]]:
    try:
        reason = clean_text(text, LONGEST_REASON, multiline=True)
    except TextProblem as problem:
        return "", [failure("reason", problem.code, problem.message)]
    if not reason:
        return "", [failure("reason", "required", _("Say why it is removed."))]
    return reason, []
