"""Working time across the days on which the clock changes, in the zones where clinics are."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.spans import Span
from practice import hours
from practice.models import Closure, Location, OpeningHours, WorkingHours
from practice.timetable import Timetable

CHICAGO = "America/Chicago"
SUNDAY_SPRING, SUNDAY_AUTUMN = date(2027, 3, 14), date(2026, 11, 1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: str, end: str) -> Span:
    return Span(utc(start), utc(end))


def opening(opens: time, closes: time, days=range(7)) -> list[OpeningHours]:
    return [OpeningHours(weekday=day, opens=opens, closes=closes) for day in days]


def working(starts: time, ends: time, days=range(7), **dates) -> list[WorkingHours]:
    return [WorkingHours(weekday=day, starts=starts, ends=ends, **dates) for day in days]


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        (CHICAGO, date(2026, 11, 23), "2026-11-23T15:00", "2026-11-24T00:00"),
        (CHICAGO, date(2026, 7, 1), "2026-07-01T14:00", "2026-07-01T23:00"),
        (CHICAGO, SUNDAY_SPRING, "2027-03-14T14:00", "2027-03-14T23:00"),
        (CHICAGO, SUNDAY_AUTUMN, "2026-11-01T15:00", "2026-11-02T00:00"),
        ("America/Los_Angeles", SUNDAY_SPRING, "2027-03-14T16:00", "2027-03-15T01:00"),
        ("America/New_York", SUNDAY_AUTUMN, "2026-11-01T14:00", "2026-11-01T23:00"),
        ("America/Phoenix", SUNDAY_SPRING, "2027-03-14T16:00", "2027-03-15T01:00"),
        ("Europe/Berlin", date(2027, 3, 28), "2027-03-28T07:00", "2027-03-28T16:00"),
        ("Australia/Lord_Howe", date(2027, 4, 4), "2027-04-03T22:30", "2027-04-04T07:30"),
    ],
)
def test_nine_to_six_by_the_wall(zone, day, start, end):
    assert hours.open_spans(opening(time(9), time(18)), [], zone, day) == [span(start, end)]


def test_hours_over_the_change_are_as_long_as_they_are():
    early = opening(time(0), time(6))
    spring = hours.open_spans(early, [], CHICAGO, SUNDAY_SPRING)
    autumn = hours.open_spans(early, [], CHICAGO, SUNDAY_AUTUMN)
    assert [one.duration for one in spring] == [timedelta(hours=5)]
    assert [one.duration for one in autumn] == [timedelta(hours=7)]


def test_hours_inside_the_skipped_hour_move_on_and_vanish_when_nothing_is_left():
    assert hours.open_spans(opening(time(2), time(2, 30)), [], CHICAGO, SUNDAY_SPRING) == [
        span("2027-03-14T08:00", "2027-03-14T08:30")
    ]
    assert hours.open_spans(opening(time(2, 30), time(3)), [], CHICAGO, SUNDAY_SPRING) == []


def test_closed_days_are_closed_to_both_ends():
    closure = Closure(starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 26))
    week = opening(time(9), time(18))
    found = {
        day: bool(hours.open_spans(week, [closure], CHICAGO, date(2026, 12, day))) for day in range(23, 28)
    }
    assert found == {23: True, 24: False, 25: False, 26: False, 27: True}


def test_a_provider_works_as_far_as_the_doors_are_open():
    doors = [*opening(time(9), time(12)), *opening(time(13), time(18))]
    spans = hours.working_spans(working(time(8), time(15)), doors, [], CHICAGO, date(2026, 11, 23))
    assert spans == [
        span("2026-11-23T15:00", "2026-11-23T18:00"),
        span("2026-11-23T19:00", "2026-11-23T21:00"),
    ]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 29), True),
        (date(2026, 11, 30), False),
    ],
)
def test_hours_hold_from_their_first_to_their_last_date(day, works):
    mine = working(time(9), time(17), valid_from=date(2026, 11, 23), valid_until=date(2026, 11, 29))
    spans = hours.working_spans(mine, opening(time(9), time(18)), [], CHICAGO, day)
    assert bool(spans) is works


def test_a_utc_day_is_made_of_two_local_ones():
    table = Timetable(Location(timezone=CHICAGO), opening(time(0), time(23, 59)), [])
    window = span("2026-11-23T00:00", "2026-11-24T00:00")
    spans = table.open_within(window)
    # Chicago is six hours behind: the evening of the 22nd, one minute shut, then most of the 23rd.
    assert spans == [
        span("2026-11-23T00:00", "2026-11-23T05:59"),
        span("2026-11-23T06:00", "2026-11-24T00:00"),
    ]


def test_spans_that_touch_become_one():
    one, two, three = (
        span("2026-11-23T09:00", "2026-11-23T10:00"),
        span("2026-11-23T10:00", "2026-11-23T11:00"),
        span("2026-11-23T12:00", "2026-11-23T13:00"),
    )
    assert hours.merged([three, two, one]) == [span("2026-11-23T09:00", "2026-11-23T11:00"), three]
