"""Hours and amounts as the settings say them."""

from collections.abc import Iterable
from datetime import time
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import time_format

from practice.models import OpeningHours


def week_lines(hours: Iterable[OpeningHours]) -> list[str]:
    """Weekdays with the same hours on one line: Mon to Fri, 9 am to 6 pm"""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for row in sorted(hours, key=lambda row: (row.weekday, row.opens)):
        by_day.setdefault(row.weekday, []).append((row.opens, row.closes))
    lines = []
    for times, days in groupby(sorted(by_day), key=lambda day: by_day[day]):
        numbers = list(days)
        whole = numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2
        shown = [numbers[0], numbers[-1]] if whole else numbers
        names = (" – " if whole else ", ").join(str(WEEKDAYS_ABBR[day]) for day in shown)
        spans = ", ".join(f"{time_format(start, 'P')} – {time_format(end, 'P')}" for start, end in times)
        lines.append(f"{names} · {spans}")
    return lines
