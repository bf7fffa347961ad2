"""Global search: patients, visits, days, services, staff and settings, each only for whoever may see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import User
from core.clock import local_date
from core.words import full_date, initials
from desk import people
from desk.board import Text
from desk.places import home
from patients import access
from patients.models import Person
from practice import queries
from practice.profile import profile
from scheduling.patient_pages import words
from scheduling.queries import coming_of

PEOPLE: Final = 6
EACH: Final = 4
LEAST: Final = 2  # letters, before anything but a date is looked for
PAGES: Final[tuple[tuple[str, str, Text], ...]] = (
    ("appointments.view", "/desk/", _("Today")),
    ("appointments.view", "/desk/week/", _("Week")),
    ("patients.view", "/desk/patients/", _("Patients")),
    ("appointments.view", "/desk/notices/", _("News")),
    ("care.manage", "/desk/opened-with-a-reason/", _("Opened with a reason: records to look at")),
    ("appointments.manage", "/desk/blocks/new/", _("Block time")),
    ("settings.manage", "/desk/settings/clinic/", _("Settings: clinic and booking rules")),
    ("settings.manage", "/desk/settings/branding/", _("Settings: branding, colour and logo")),
    ("settings.manage", "/desk/settings/locations/", _("Settings: locations, hours and closures")),
    ("settings.manage", "/desk/settings/resources/", _("Settings: rooms and devices")),
    ("settings.manage", "/desk/settings/policies/", _("Settings: policies")),
    ("services.manage", "/desk/settings/services/", _("Settings: services and prices")),
    ("staff.view", "/desk/settings/people/", _("Settings: people, roles and invitations")),
    ("settings.manage", "/desk/settings/import/", _("Settings: import from a spreadsheet")),
    ("tokens.manage", "/desk/settings/api/", _("Settings: API and tokens")),
    ("settings.manage", "/desk/settings/webhooks/", _("Settings: webhooks")),
    ("", "/desk/profile/", _("Your account, password and hints")),
    ("", "/desk/profile/sessions/", _("Where you are signed in")),
)


@dataclass(frozen=True)
class Hit:
    """One line of what was found."""

    name: Text
    href: str
    meta: Text = ""
    initials: str = ""


@dataclass(frozen=True)
class Group:
    label: Text
    hits: list[Hit]


def find(user: User, text: str, *, at: datetime) -> list[Group]:
    """Groups that hold something, the likeliest first."""
    text = text.strip()[:100].replace("\0", "")
    found = [Group(_("Calendar"), list(_days(user, text, at)))]
    if len(text) >= LEAST:
        persons = (
            access.search(user, text, region=profile().region, most=PEOPLE)
            if may(user, "patients.view")
            else []
        )
        found += [
            Group(_("Patients"), _people(user, persons, at)),
            Group(_("Visits"), _visits(user, persons, at)),
            Group(_("Services"), _services(user, text)),
            Group(_("Staff"), _staff(user, text)),
            Group(_("Pages"), _pages(user, text)),
        ]
    return [group for group in found if group.hits]


def _people(user: User, persons: list[Person], at: datetime) -> list[Hit]:
    return [
        Hit(one.name, reverse("desk:patient", args=[one.uid]), one.meta, one.initials)
        for one in people.described(persons, user, at=at)
    ]


def _visits(user: User, persons: list[Person], at: datetime) -> list[Hit]:
    """What is ahead of the patients that were found."""
    if not persons or not may(user, "appointments.view"):
        return []
    return [
        Hit(
            f"{words.day_and_time(one.starts_local)} · {one.person.name}",
            reverse("desk:visit", args=[one.uid]),
            one.service.name,
        )
        for one in coming_of(user, persons, at=at, most=EACH)
    ]


def _services(user: User, text: str) -> list[Hit]:
    if not may(user, "services.view"):
        return []
    folded = text.casefold()
    rows = [one for one in queries.services_in_use() if folded in one.name.casefold()][:EACH]
    changes = may(user, "services.manage")
    return [
        Hit(
            one.name,
            f"/desk/settings/services/{one.uid}/" if changes else f"/book/{one.uid}/",
            f"{words.minutes(one.duration_minutes)} · {words.price(one.price)}",
        )
        for one in rows
    ]


def _staff(user: User, text: str) -> list[Hit]:
    if not may(user, "staff.view"):
        return []
    rows = User.objects.filter(is_active=True, display_name__icontains=text).order_by("display_name")[:EACH]
    return [
        Hit(
            one.display_name,
            f"/desk/settings/people/{one.pk}/",
            one.get_role_display(),
            initials(one.display_name),
        )
        for one in rows
    ]


def _pages(user: User, text: str) -> list[Hit]:
    folded = text.casefold()
    known = [
        Hit(name, href)
        for right, href, name in PAGES
        if (not right or may(user, right)) and folded in str(name).casefold()
    ]
    return known[:EACH]


# --- Days ------------------------------------------------------------------------------------------------------------


def _days(user: User, text: str, at: datetime) -> Iterator[Hit]:
    if not may(user, "appointments.view"):
        return
    on = read_day(text, local_date(at, home().zone))
    if on is not None:
        yield Hit(words.whole_day(on), reverse("desk:day", args=[on]), _t("Day"))
        yield Hit(_t("Week of %(day)s") % {"day": full_date(on)}, reverse("desk:week", args=[on]), _t("Week"))


def read_day(text: str, today: date) -> date | None:
    """today, tomorrow, 2026-03-03, 3/14, 3/14/2026, 3 mar, March 3; without a year the one that is nearest."""
    folded = text.strip().casefold()
    named = {
        "today": 0,
        _t("today"): 0,
        "tomorrow": 1,
        _t("tomorrow"): 1,
        "yesterday": -1,
        _t("yesterday"): -1,
    }
    if folded in named:
        return today + timedelta(days=named[folded])
    if re.fullmatch(r"20\d\d-\d\d-\d\d", folded):
        return _date(*map(int, folded.split("-")))
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(20\d\d))?", folded):
        month, day, year = slashed.groups()
        return _nearest(today, int(month), int(day), year)
    if spelt := re.fullmatch(r"(?:(\d{1,2}) ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2}))(?:,? (20\d\d))?", folded):
        number, name = spelt[1] or spelt[4], spelt[2] or spelt[3]
        month_of = MONTHS.get(name[:3])
        return _nearest(today, month_of, int(number), spelt[5]) if month_of else None
    return None


MONTHS: Final[dict[str, int]] = {
    name: number + 1
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}


def _nearest(today: date, month: int, day: int, year: str | None) -> date | None:
    if year:
        return _date(int(year), month, day)
    near = [_date(today.year + step, month, day) for step in (-1, 0, 1)]
    return min((one for one in near if one), key=lambda one: abs(one - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def count(groups: list[Group]) -> int:
    return sum(len(group.hits) for group in groups)


def context(user: User, text: str, *, at: datetime) -> dict[str, Any]:
    groups = find(user, text, at=at) if text.strip() else []
    return {"text": text.strip(), "groups": groups, "count": count(groups)}
