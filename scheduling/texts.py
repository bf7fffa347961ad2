"""What patients are told of their visits. A text says when and where, never what for: phones lie on tables."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from core.phones import pretty_phone
from practice.models import ClinicProfile
from practice.profile import several_locations
from scheduling.models import Appointment


@dataclass(frozen=True)
class Words:
    """One piece of news for both channels."""

    subject: str
    body: str
    sms: str
    entry: str  # what the calendar shows


@dataclass(frozen=True)
class News:
    """What is told, and of which visit."""

    kind: str  # booked, moved, cancelled, reminder
    appointment: Appointment
    clinic: ClinicProfile
    link: str


def written(news: News) -> Words:
    """In the patient's language, or the clinic's."""
    with translation.override(language_of(news.appointment, news.clinic)):
        return _words(news)


def language_of(appointment: Appointment, clinic: ClinicProfile) -> str:
    return appointment.person.language or clinic.locale or "en"


def _words(news: News) -> Words:
    clinic, visit = news.clinic.name, news.appointment
    when = when_in_words(visit.starts_local)
    subject, opening, sms = _opening(news.kind, clinic, when, _short(visit.starts_local), _house(news))
    lines = [opening, "", *_facts(news, when)]
    if news.kind != "cancelled":
        lines += ["", _("To move or cancel your visit: %(link)s") % {"link": news.link}]
        sms = f"{sms} {news.link}"
    else:
        lines += ["", _("To book another time: %(link)s") % {"link": news.link}]
    return Words(subject, "\n".join(lines), sms, _("Visit at %(clinic)s") % {"clinic": clinic})


def _opening(kind: str, clinic: str, when: str, short: str, house: str) -> tuple[str, str, str]:
    """Subject, first sentence, and the text message without its link; `house` says at which of several locations."""
    words = {"clinic": clinic, "when": when, "short": short}
    at = {"clinic": house, "short": short}
    if kind == "moved":
        return (
            _("Your visit at %(clinic)s has a new time") % words,
            _("Your visit at %(clinic)s has been moved. The new time is %(when)s.") % words,
            _("%(clinic)s: your visit has been moved to %(short)s. Details:") % at,
        )
    if kind == "cancelled":
        return (
            _("Your visit at %(clinic)s is cancelled") % words,
            _("Your visit at %(clinic)s on %(when)s is cancelled.") % words,
            _("%(clinic)s: your visit on %(short)s is cancelled.") % at,
        )
    if kind == "reminder":
        return (
            _("Reminder: your visit at %(clinic)s") % words,
            _("We look forward to seeing you at %(clinic)s on %(when)s.") % words,
            _("%(clinic)s: see you on %(short)s. Reply C to confirm. To change it:") % at,
        )
    return (
        _("Your visit at %(clinic)s is booked") % words,
        _("Your visit at %(clinic)s is booked for %(when)s.") % words,
        _("%(clinic)s: your visit is booked for %(short)s. Details and changes:") % at,
    )


def _house(news: News) -> str:
    """The clinic as a text message names it."""
    if not several_locations():
        return news.clinic.name
    return f"{news.clinic.name}, {news.appointment.location.name}"


def _facts(news: News, when: str) -> list[str]:
    visit, clinic = news.appointment, news.clinic
    facts = [(_("When"), when)]
    if place := ", ".join(part for part in (visit.location.name, visit.location.address) if part):
        facts.append((_("Where"), place))
    if phone := visit.location.phone or clinic.phone:
        facts.append((_("Phone"), pretty_phone(phone, clinic.region)))
    return [f"{name}: {said}" for name, said in facts]


def when_in_words(start: datetime) -> str:
    """Tuesday, November 24, 2026, 9:00 am CST — as the language writes it, with the zone's own name."""
    day = f"{date_format(start, 'l')}, {date_format(start, 'DATE_FORMAT')}"
    return f"{day}, {time_format(start, 'TIME_FORMAT')} {start.tzname()}"


def _short(start: datetime) -> str:
    day = f"{date_format(start, 'D')}, {date_format(start, 'MONTH_DAY_FORMAT')}"
    return f"{day}, {time_format(start, 'TIME_FORMAT')} {start.tzname()}"
