"""Small things said the same everywhere: the letters of an avatar, a date with its year."""

from datetime import date
from typing import Final

from django.utils.formats import date_format

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def initials(name: str) -> str:
    """The letters of an avatar: of the first and the last word that begin with one."""
    parts = [part for part in name.split() if part[:1].isalpha() and not part.endswith(".")]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def full_date(day: date) -> str:
    """14 Jun 1988."""
    return f"{day.day}{NO_BREAK}{date_format(day, 'M Y')}"
