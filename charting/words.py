"""Typed words on their way into the clinical record: cleaned, or a failure that names the field."""

from core.problems import Failure, Text, failure
from core.text import TextProblem, clean_text


def take(
    name: str, value: object, longest: int, wrong: list[Failure], *, missing: Text = "", least: int = 1
) -> str:
    """The text, several lines of it; a failure in `wrong` where it cannot be stored, or is needed and too short."""
    try:
        words = clean_text(str(value or ""), longest, multiline=True)
    except TextProblem as problem:
        wrong.append(failure(name, problem.code, problem.message))
        return ""
    if missing and len(words) < least:
        wrong.append(failure(name, "missing", missing))
    return words


def whole(name: str, value: object, least: int, most: int, wrong: list[Failure], said: Text) -> int:
    """A whole number between the two; `said` otherwise."""
    try:
        number = int(str(value).strip())
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        wrong.append(failure(name, "out_of_range", said))
    return number
