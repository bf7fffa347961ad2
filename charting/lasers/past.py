"""All series of a person with their sessions in one question: for the gate, an encounter's card, and the timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from charting.lasers.intervals import days_between
from charting.models import LaserSeries, SeriesStatus
from core.reading import once
from patients.models import Person
from patients.record import Entry
from practice.models import Service
from practice.profile import clinic_zone
from vault.fields import warm_rows

KIND: Final = "session"


@dataclass(frozen=True)
class Past:
    """One session as the rest of the record knows it. Number 0 is a test spot."""

    uid: UUID
    number: int
    at: datetime
    service_id: int
    locked: bool


@dataclass(frozen=True)
class Told:
    series: LaserSeries
    sessions: list[Past]


@dataclass(frozen=True)
class Next:
    """The session that is due: its number, and how many days ago the last one was."""

    series: LaserSeries
    number: int
    days: int | None


@once
def of_person(person: Person) -> list[Told]:
    """The newest series first, their sessions the oldest first."""
    rows = LaserSeries.objects.filter(person=person).select_related("service", "person")
    rows = rows.annotate(
        session=F("sessions__uid"),
        session_number=F("sessions__number"),
        session_at=F("sessions__at"),
        session_locked=F("sessions__locked_at"),
    )
    told: dict[int, Told] = {}
    for row in rows.order_by("-id", "sessions__at", "sessions__id"):
        series = told.setdefault(row.pk, Told(row, []))
        if row.session is not None:
            locked = row.session_locked is not None
            series.sessions.append(
                Past(row.session, row.session_number, row.session_at, row.service_id, locked)
            )
    warm_rows([one.series for one in told.values()])
    return list(told.values())


def under_way(person: Person, *, at: datetime) -> list[Next]:
    """What comes next in each series that goes on."""
    zone = clinic_zone()
    found = []
    for one in of_person(person):
        if one.series.status != SeriesStatus.ACTIVE:
            continue
        numbered = [session for session in one.sessions if session.number and session.at <= at]
        days = days_between(numbered[-1].at, at, zone) if numbered else None
        found.append(Next(one.series, len(numbered) + 1, days))
    return found


def last_test_spot(person: Person, service: Service, *, at: datetime) -> datetime | None:
    """When the last test spot of that service was set."""
    spots = [
        session.at
        for one in of_person(person)
        if one.series.service_id == service.pk
        for session in one.sessions
        if session.number == 0 and session.at <= at
    ]
    return max(spots, default=None)


def entries(person: Person) -> list[Entry]:
    """In the timeline: where each series began, and each session."""
    found = []
    for one in of_person(person):
        series = one.series
        begun = _("%(title)s: a series of %(planned)d") % {"title": series.title, "planned": series.planned}
        href = reverse("charting:series", args=[series.uid])
        found.append(Entry(series.began_at, KIND, begun, series.service.name, href, "zap"))
        found += [_entry(series, session) for session in one.sessions]
    return found


def _entry(series: LaserSeries, session: Past) -> Entry:
    words = {"title": series.title, "number": session.number, "planned": series.planned}
    title = (
        _("%(title)s, session %(number)d of %(planned)d") % words
        if session.number
        else _("%(title)s, test spot") % words
    )
    href = reverse("charting:session", args=[session.uid])
    badges = ((_("Locked"), "", "lock"),) if session.locked else ()
    return Entry(session.at, KIND, title, series.service.name, href, "zap", badges)
