"""Counting in months, as a validity is given: to the same day, or to the last one where the month is shorter."""

from calendar import monthrange
from datetime import date

LATEST = date(9999, 12, 31)


def months_after(day: date, months: int) -> date:
    """A year after 29 February is 28 February; 31 August and six months is the last of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > LATEST.year:
        return LATEST
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
