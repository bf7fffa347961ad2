"""A visit as a calendar entry: the location's zone with its real changes, one stable UID, a sequence that grows.

The library's own VTIMEZONE counts a change's onset in the offset after it, and RFC 5545 in the one before; so the
changes around the visit are written here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText
from icalendar.prop import vDatetime, vUTCOffset

from core.clock import local
from practice.profile import several_locations
from scheduling.models import Appointment

PRODUCT = "-//medspa//visits 1//EN"
AROUND = timedelta(days=400)  # at least one change each way, wherever clocks change


def request(appointment: Appointment, *, clinic: str, url: str, at: datetime, words: str) -> bytes:
    """The visit as it stands: new, or moved."""
    return _calendar(appointment, "REQUEST", "CONFIRMED", clinic=clinic, url=url, at=at, words=words)


def published(appointment: Appointment, *, clinic: str, url: str, at: datetime, words: str) -> bytes:
    """The same for whoever fetches it by hand: an entry to keep, and no invitation that wants an answer."""
    return _calendar(appointment, "PUBLISH", "CONFIRMED", clinic=clinic, url=url, at=at, words=words)


def cancellation(appointment: Appointment, *, clinic: str, url: str, at: datetime, words: str) -> bytes:
    """Takes the entry out again."""
    return _calendar(appointment, "CANCEL", "CANCELLED", clinic=clinic, url=url, at=at, words=words)


def _where(appointment: Appointment, clinic: str) -> str:
    """The clinic, at which of its locations if there are several, and the address."""
    place = appointment.location
    parts = (clinic, place.name if several_locations() else "", place.address)
    return ", ".join(part for part in parts if part)


def _calendar(
    appointment: Appointment, method: str, status: str, *, clinic: str, url: str, at: datetime, words: str
) -> bytes:
    zone = appointment.location.zone
    event = Event()
    event.add("uid", f"{appointment.uid}@medspa.example")
    event.add("sequence", appointment.revision)
    event.add("dtstamp", at.astimezone(UTC))
    for name, moment in (("dtstart", appointment.starts_at), ("dtend", appointment.ends_at)):
        event.add(name, _wall(moment, zone), parameters={"TZID": zone.key})
    event.add("summary", words)  # never what is done: calendars are shared and synced
    event.add("location", vText(_where(appointment, clinic)))
    event.add("url", url)
    event.add("description", url)
    event.add("status", status)
    event.add("transp", "OPAQUE")
    calendar = Calendar()
    for name, value in (
        ("prodid", PRODUCT),
        ("version", "2.0"),
        ("method", method),
        ("calscale", "GREGORIAN"),
    ):
        calendar.add(name, value)
    calendar.add_component(timezone(zone, around=appointment.starts_at))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def timezone(zone: ZoneInfo, *, around: datetime) -> Timezone:
    """The zone from a year before to a year after: each change with the offset before it and after it."""
    first, last = around - AROUND, around + AROUND
    component = Timezone()
    component.add("tzid", zone.key)
    begin = local(first, zone)
    component.add_component(_observance(begin.replace(tzinfo=None), begin, begin))
    for moment in changes(zone, first, last):
        before, after = local(moment - timedelta(seconds=1), zone), local(moment, zone)
        onset = (moment + _offset(before)).replace(tzinfo=None)
        component.add_component(_observance(onset, before, after))
    return component


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments at which the zone's offset changes."""
    day = timedelta(days=1)
    moment = first.astimezone(UTC)
    while moment < last:
        if _offset(local(moment, zone)) != _offset(local(moment + day, zone)):
            yield _exactly(zone, moment, moment + day)
        moment += day


def _exactly(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Halve until the second is found."""
    before = _offset(local(low, zone))
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(local(middle, zone)) == before else (low, middle)
    return high.replace(microsecond=0)


def _observance(onset: datetime, before: datetime, after: datetime) -> Any:
    observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
    observance["DTSTART"] = vDatetime(onset.replace(microsecond=0))
    observance["TZOFFSETFROM"] = vUTCOffset(_offset(before))
    observance["TZOFFSETTO"] = vUTCOffset(_offset(after))
    observance.add("tzname", after.tzname() or "")
    return observance


def _offset(shown: datetime) -> timedelta:
    return shown.utcoffset() or timedelta()


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """The time on the wall, without a zone: the TZID beside it says which."""
    return local(moment, zone).replace(tzinfo=None)
