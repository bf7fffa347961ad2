"""A date of birth, read as people write it. What is not sure is asked, never guessed."""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from core.text import TextProblem

MONTH_FIRST: Final = frozenset({"US", "PH", "BZ", "FM", "PW", "MH"})
LONGEST: Final = 40
PARTS: Final = re.compile(r"\d+|[^\W\d_]+")
IDLE_WORDS: Final = frozenset({"de", "del", "of", "the", "st", "nd", "rd", "th"})
LEAST_OF_A_MONTH: Final = 3  # letters: "jun" and "jul" differ at the third


class BirthDateProblem(TextProblem):
    """Why the date cannot be read, and how to write it."""


def month_first(region: str) -> bool:
    """Whether 06/14 is the fourteenth of June, as people of the region write."""
    return region.upper() in MONTH_FIRST


def example(region: str) -> str:
    return "06/14/1988" if month_first(region) else "14/06/1988"


def read_birth_date(text: str, *, region: str = "US") -> date:
    """06/14/1988, 1988-06-14, 14 Jun 1988, June 14, 1988, 06141988; the region decides only what is ambiguous."""
    words = {"example": example(region)}
    parts = [part for part in PARTS.findall(_plain(text)[:LONGEST]) if part not in IDLE_WORDS]
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) == 8:
        parts = _cut(parts[0])
    months = [_month(part) for part in parts if not part.isdigit()]
    numbers = [part for part in parts if part.isdigit()]
    if len(parts) == 2 and all(len(number) <= 2 for number in numbers):
        raise BirthDateProblem("no_year", _("Add the year, for example %(example)s.") % words)
    if len(parts) != 3 or len(months) > 1 or None in months:
        raise BirthDateProblem("unreadable", _("Write the date like this: %(example)s.") % words)
    year = next((number for number in (numbers[-1], numbers[0]) if len(number) == 4), None)
    if year is None:
        raise BirthDateProblem("short_year", _("Write the year with four digits, like %(example)s.") % words)
    if months:
        numbers.remove(year)
        month, day = months[0] or 0, int(numbers[0])
    else:
        month, day = _in_order([int(number) for number in numbers], int(year), year == numbers[0], region)
    try:
        return date(int(year), month, day)
    except ValueError:
        raise BirthDateProblem(
            "no_such_date", _("There is no such date. Write it like this: %(example)s.") % words
        ) from None


def _in_order(numbers: list[int], year: int, year_leads: bool, region: str) -> tuple[int, int]:
    """Month and day of two numbers; a number over twelve is the day wherever it stands."""
    first, second = numbers[1:] if year_leads else numbers[:2]
    if year_leads:
        return first, second
    swap = first > 12 >= second if month_first(region) else not second > 12 >= first
    return (second, first) if swap else (first, second)


def _cut(digits: str) -> list[str]:
    """Eight digits in a row: 19880614, or 06141988."""
    if digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12:
        return [digits[:4], digits[4:6], digits[6:]]
    return [digits[:2], digits[2:4], digits[4:]]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if not unicodedata.combining(char))


def _month(word: str) -> int | None:
    """The month that the word begins, in any language of ours; None when none or several do."""
    if len(word) < LEAST_OF_A_MONTH:
        return None
    found = {number for name, number in _month_names() if name.startswith(word)}
    return found.pop() if len(found) == 1 else None


@cache
def _month_names() -> list[tuple[str, int]]:
    names: list[tuple[str, int]] = [("sept", 9)]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            names += [(_plain(str(name)), number) for number, name in MONTHS.items()]
    return names
