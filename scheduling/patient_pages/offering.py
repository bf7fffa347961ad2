"""What the clinic offers to the visitor: treatments by category, who gives them, when the doors are open."""

from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.problems import NotFound
from practice.models import OpeningHours, Provider, Service
from practice.profile import profile
from practice.queries import bookable_services
from scheduling import availability
from scheduling.offers import Offer
from scheduling.patient_pages import words
from scheduling.patient_pages.page import address


@dataclass(frozen=True)
class Treatment:
    """A service as the visitor chooses it."""

    service: Service
    location: UUID | None = None  # where it is wished for, if that was said

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def takes(self) -> str:
        return words.minutes(self.service.duration_minutes)

    @property
    def price(self) -> str:
        return words.price(self.service.price)

    @property
    def deposit(self) -> str:
        return words.price(self.service.deposit) if self.service.deposit else ""

    @property
    def href(self) -> str:
        return address("book_provider", self.service.uid, location=self.location)


def treatment(uid: UUID, location: UUID | None = None) -> Treatment:
    """A service that patients may book; NotFound for every other id."""
    found = Service.objects.bookable().select_related("category").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return Treatment(found, location)


def groups(location: UUID | None) -> list[dict[str, Any]]:
    """All bookable treatments under their categories, in the clinic's order."""
    return [
        {
            "id": f"group-{category.pk}",
            "name": category.name,
            "treatments": [Treatment(each, location) for each in rows],
        }
        for category, rows in groupby(bookable_services(), key=lambda each: each.category)
    ]


@dataclass(frozen=True)
class Person:
    """A provider as the visitor chooses one."""

    name: str
    initials: str
    speaks: str
    next_free: str
    href: str


@dataclass(frozen=True)
class People:
    """Who gives the service at a location; `first` is the first free time of all, in words."""

    offer: Offer
    found: list[Person]
    first: str


def people(treatment: Treatment, at: datetime) -> People:
    """Who gives the treatment where it is wished for, each with the next free day."""
    service, location = treatment.service, treatment.location
    offer, firsts = availability.first_starts(service=service.uid, at=at, location=location)
    about = {row.uid: row for row in Provider.objects.filter(pk__in=[giver.id for giver, _start in firsts])}
    found = [
        Person(
            name=giver.name,
            initials=initials(about[giver.uid].display_name),
            speaks=spoken(about[giver.uid].languages),
            next_free=words.day(start.date()) if start else "",
            href=address("book_time", service.uid, provider=giver.uid, location=location),
        )
        for giver, start in firsts
        if giver.uid in about
    ]
    starts = [start for _giver, start in firsts if start]
    return People(offer, found, words.soon(min(starts), at) if starts else "")


def initials(name: str) -> str:
    """Two letters at most, of the first and the last word; titles do not count."""
    parts = [part for part in name.split() if part[0].isalpha() and not part.endswith(".")] or name.split()
    ends = parts if len(parts) < 2 else [parts[0], parts[-1]]
    return "".join(part[0] for part in ends).upper()


# A clinic may have written a language's code or its English name.
LANG_BY_NAME = {info["name"].lower(): info for info in LANG_INFO.values() if "name" in info}


def spoken(text: str) -> str:
    """What the provider speaks besides the language of the page, by the languages' own names."""
    here = (get_language() or "en").partition("-")[0]
    codes = [code.strip() for code in text.split(",") if code.strip()]
    if all(code.lower() in (here, LANG_INFO[here]["name"].lower()) for code in codes):
        return ""
    return ", ".join(_language(code) for code in codes)


def _language(code: str) -> str:
    known = LANG_INFO.get(code.lower(), {}) or LANG_BY_NAME.get(code.lower(), {})
    return str(_(known["name"])) if "name" in known else code


# --- Good to know ------------------------------------------------------------------------------------------


def opening_lines() -> dict[int, list[tuple[str, str]]]:
    """Of each location, by its key, in their order."""
    rows = OpeningHours.objects.filter(location__archived_at=None).order_by("location", "weekday", "opens")
    return {place: _lines(list(hours)) for place, hours in groupby(rows, key=lambda row: row.location_id)}


def _lines(rows: list[OpeningHours]) -> list[tuple[str, str]]:
    """Mon – Fri, 9 am – 6 pm: days that are alike on one line; days without hours are not named."""
    by_day = {day: [(row.opens, row.closes) for row in hours] for day, hours in groupby(rows, _weekday)}
    lines: list[tuple[int, int, list[tuple[time, time]]]] = []
    for weekday, hours in by_day.items():
        if lines and lines[-1][1] == weekday - 1 and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], weekday, hours)
        else:
            lines.append((weekday, weekday, hours))
    return [(_days(first_day, last_day), _hours(hours)) for first_day, last_day, hours in lines]


def changes_in_words() -> str:
    """Until when a visit can be changed without a call."""
    hours = profile().free_cancel_hours
    if not hours:
        return _("Free until your visit starts")
    if hours % 24 == 0 and hours >= 48:
        return _("Free until %(days)d days before") % {"days": hours // 24}
    return _("Free until %(hours)d hours before") % {"hours": hours}


def _weekday(row: OpeningHours) -> int:
    return row.weekday


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return _("Every day")
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    joint = words.DASH if last - first > 1 else ", "
    return f"{WEEKDAYS_ABBR[first]}{joint}{WEEKDAYS_ABBR[last]}"


def _hours(hours: list[tuple[time, time]]) -> str:
    return ", ".join(f"{words.hour(opens)}{words.DASH}{words.hour(closes)}" for opens, closes in hours)
