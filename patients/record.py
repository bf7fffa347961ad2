"""The frame of a patient's record at the desk: who it is, what must not be overlooked, the tabs, the timeline.

Apps offer tabs, alerts and entries of the timeline; the settings list them (RECORD_TABS, RECORD_ALERTS,
RECORD_TIMELINE), so that no app of a lower floor knows one above.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.access import Anybody, may
from accounts.models import User
from core.clock import local, local_date, zone_of
from core.phones import pretty_phone
from core.words import full_date, initials
from patients import care
from patients.models import Person
from practice.profile import first_location, profile

Text = str | Promise
MOST_ENTRIES: Final = 1000


@dataclass(frozen=True)
class Tab:
    """One page of the record. `url_name` takes the person's uid."""

    key: str
    label: Text
    url_name: str
    permission: str


@dataclass(frozen=True)
class Alert:
    """What must not be overlooked, above every page of the record. `tone`: bad, care or nothing."""

    text: Text
    detail: Text = ""
    tone: str = ""
    icon: str = "triangle-alert"


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is what the timeline filters by; `at` an aware moment."""

    at: datetime
    kind: str
    title: Text
    text: Text = ""
    href: str = ""
    icon: str = "file-text"
    badges: tuple[tuple[Text, str, str], ...] = ()  # words, tone, icon


@dataclass(frozen=True)
class Looking:
    """Who looks at whose record, and when."""

    user: User
    person: Person
    at: datetime


OfferAlerts = Callable[[Looking], list[Alert]]
OfferEntries = Callable[[Looking, int], list[Entry]]  # the newest so many


def head(user: Anybody, person: Person, *, tab: str, at: datetime) -> dict[str, Any]:
    """The context of templates/patients/_head.html, on every page about the person."""
    reach = may(user, "patients.contact")
    known = profile()
    zone = zone_of(first_location(known).get("timezone", "UTC"))
    born = person.date_of_birth
    opened = care.glass(user, person, at=at)
    return {
        "glass": opened,
        "glass_left": _left(opened.until - at) if opened else "",
        "person": person,
        "name": person.name,
        "initials": initials(person.name),
        "born": full_date(born) if born else "",
        "age": person.age(local_date(at, zone)) if born else None,
        "phone": person.phone if reach else "",
        "phone_pretty": pretty_phone(person.phone, known.region) if reach and person.phone else "",
        "email": person.email if reach else "",
        "since": full_date(local(person.created_at, zone).date()),
        "tab": tab,
        "tabs": _tabs(user, person),
        "alerts": alerts(user, person, at=at),
    }


def alerts(user: Anybody, person: Person, *, at: datetime) -> list[Alert]:
    """Each app judges for itself what this reader may know."""
    if not isinstance(user, User):
        return []
    looking = Looking(user, person, at)
    found: list[Alert] = []
    for path in settings.RECORD_ALERTS:
        found += cast(OfferAlerts, import_string(path))(looking)
    return found


def timeline(user: User, person: Person, *, at: datetime, most: int = MOST_ENTRIES) -> list[Entry]:
    """What happened, the newest first, of every app that this reader may see."""
    looking = Looking(user, person, at)
    found: list[Entry] = []
    for path in settings.RECORD_TIMELINE:
        found += cast(OfferEntries, import_string(path))(looking, most)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:most]


def _left(span: timedelta) -> str:
    """2 h 10 min; the minute that has begun counts."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 60:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _tabs(user: Anybody, person: Person) -> list[dict[str, Any]]:
    tabs = [cast(Tab, import_string(path)) for path in settings.RECORD_TABS]
    return [
        {"key": tab.key, "label": tab.label, "href": reverse(tab.url_name, args=[person.uid])}
        for tab in tabs
        if may(user, tab.permission)
    ]
