"""Dates, times and prices as people say them: "Tue 3 Mar, 2:30 pm"."""

from datetime import date, datetime, time
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.clock import local
from core.money import Money, digits_of
from practice.models import Location

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
DASH: Final = f"{NO_BREAK}\N{EN DASH} "
HALF_DAYS: Final = {"en"}  # languages that count to twelve twice


def clock(moment: datetime | time) -> str:
    """2:30 pm, or 14:30 where people count to 24."""
    if not _counts_to_twelve():
        return f"{moment.hour}:{moment.minute:02}"
    return f"{_twelve(moment)}{NO_BREAK}{_half(moment)}"


def hour(moment: datetime | time) -> str:
    """As short as a sign on a door: 9 am."""
    if moment.minute or not _counts_to_twelve():
        return clock(moment)
    return f"{moment.hour % 12 or 12}{NO_BREAK}{_half(moment)}"


def from_to(start: datetime, end: datetime) -> str:
    """2:30 – 3:15 pm; the half of the day is said once where it is the same."""
    if _counts_to_twelve() and _half(start) == _half(end):
        return f"{_twelve(start)}{DASH}{clock(end)}"
    return f"{clock(start)}{DASH}{clock(end)}"


def day(on: date) -> str:
    """Tue 3 Mar."""
    return f"{date_format(on, 'D')} {on.day}{NO_BREAK}{date_format(on, 'M')}"


def whole_day(on: date) -> str:
    """Tuesday 3 March."""
    return date_format(on, _("l j F"))


def day_and_time(moment: datetime) -> str:
    """Tue 3 Mar, 2:30 pm; the moment must be local."""
    return f"{day(moment.date())}, {clock(moment)}"


def soon(moment: datetime, at: datetime) -> str:
    """The same, with today and tomorrow by their names."""
    ahead = (moment.date() - local(at, str(moment.tzinfo)).date()).days
    if ahead == 0:
        return _("Today, %(time)s") % {"time": clock(moment)}
    if ahead == 1:
        return _("Tomorrow, %(time)s") % {"time": clock(moment)}
    return day_and_time(moment)


def months(first: date, last: date) -> str:
    """What stands over a strip of days: March 2026, or March – April 2026."""
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    start = date_format(first, "F" if first.year == last.year else "F Y")
    return f"{start}{DASH}{date_format(last, 'F Y')}"


def minutes(count: int) -> str:
    """45 min; from two hours on 2 h 30 min."""
    hours, rest = divmod(count, 60)
    if hours < 2:
        return _("%(count)d min") % {"count": count}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(rest)d min") % {"hours": hours, "rest": rest}


def price(amount: Money) -> str:
    """$480, Free, or $19.50."""
    if not amount:
        return _("Free")
    written = amount.format(get_language() or "en")
    digits = digits_of(amount.currency)
    if not digits or amount.amount % 10**digits:
        return written
    return written.replace(f".{'0' * digits}", "").replace(f",{'0' * digits}", "")


def zone_name(place: Location) -> str:
    """Whose time it is: Austin, or the city that the zone is called after."""
    return place.city or place.timezone.rsplit("/", 1)[-1].replace("_", " ")


def _counts_to_twelve() -> bool:
    return (get_language() or "en").partition("-")[0] in HALF_DAYS


def _twelve(moment: datetime | time) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02}"


def _half(moment: datetime | time) -> str:
    return "am" if moment.hour < 12 else "pm"
