"""The calendar entry: one UID, growing sequence, no treatment, and a VTIMEZONE that is right on both sides of a change."""

from base64 import b64decode
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from accounts.actors import actor_for
from messaging.models import Message
from scheduling import actions, ics
from scheduling.tests.visits import AT, book, fresh
from tenants.context import enter

ZONES = [
    "America/Chicago",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "Europe/Berlin",
    "Australia/Lord_Howe",
]


def offset_by_rules(component, wall: datetime) -> timedelta:
    """What RFC 5545 says of a wall time: the last observance whose onset, in local time, is not after it."""
    latest = None
    for observance in component.subcomponents:
        onset = observance["DTSTART"].dt
        if onset <= wall and (latest is None or onset > latest["DTSTART"].dt):
            latest = observance
    assert latest is not None
    return latest["TZOFFSETTO"].td


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_says_what_the_zone_database_says_all_year(zone):
    component = ics.timezone(ZoneInfo(zone), around=datetime(2027, 3, 14, tzinfo=UTC))
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    while moment < datetime(2028, 1, 1, tzinfo=UTC):
        wall = moment.astimezone(ZoneInfo(zone))
        if wall.fold == 0:  # the hour that comes twice is the first one
            naive = wall.replace(tzinfo=None)
            again = naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
            if again == wall.utcoffset() and not _doubled(naive, zone):
                assert offset_by_rules(component, naive) == wall.utcoffset(), wall
        moment += timedelta(hours=1, minutes=30)


def _doubled(naive, zone):
    one = naive.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
    return one != naive.replace(tzinfo=ZoneInfo(zone), fold=1).utcoffset()


def entry_of(visit, kind):
    message = Message.objects.get(about=visit.uid, kind=kind, channel="email")
    attachment = message.attachments[0]
    return attachment, Calendar.from_ical(b64decode(attachment["content"]))


@pytest.mark.parametrize("day", [date(2027, 3, 13), date(2027, 3, 14), date(2027, 3, 15), date(2027, 11, 7)])
def test_the_entry_is_at_the_time_on_the_wall(glow, day):
    with enter(glow.clinic):
        now = datetime.combine(day - timedelta(days=9), time(12), tzinfo=UTC)
        visit = book(glow.cast, time(9), day=day, now=now).appointment
        attachment, calendar = entry_of(visit, "visit_booked")
        assert attachment["name"] == "visit.ics"
        assert "method=REQUEST" in attachment["type"]
        event = calendar.walk("VEVENT")[0]
        assert event["DTSTART"].params["TZID"] == "America/Chicago"
        assert event["DTSTART"].dt.replace(tzinfo=None) == datetime.combine(day, time(9))
        component = calendar.walk("VTIMEZONE")[0]
        offset = offset_by_rules(component, datetime.combine(day, time(9)))
        assert datetime.combine(day, time(9), tzinfo=UTC) - offset == visit.starts_at


def test_uid_stays_sequence_grows_and_cancel_cancels(glow):
    with enter(glow.clinic):
        booked = book(glow.cast)
        visit = booked.appointment
        _, first = entry_of(visit, "visit_booked")
        moved = actions.move(
            visit,
            start=visit.starts_at + timedelta(days=1),
            at=AT,
            by=actor_for(glow.cast.desk),
            user=glow.cast.desk,
        )
        _, second = entry_of(moved, "visit_moved")
        actions.cancel(moved, reason="ill", by=actor_for(glow.cast.desk), at=AT)
        attachment, third = entry_of(fresh(visit), "visit_cancelled")
        events = [calendar.walk("VEVENT")[0] for calendar in (first, second, third)]
        assert len({event["UID"] for event in events}) == 1
        assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
        assert [calendar["METHOD"] for calendar in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
        assert "method=CANCEL" in attachment["type"]
        assert third.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
        assert all("Botox" not in calendar.to_ical().decode() for calendar in (first, second, third))
        assert events[0]["SUMMARY"] == "Visit at Glow Aesthetics"
