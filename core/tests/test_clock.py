"""Wall time and UTC, in six zones, on the days that are not 24 hours long."""

# ruff: noqa: DTZ001 - hypothesis takes its bounds naive

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import clock
from core.spans import Span

ZONES = [
    "America/Chicago",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "Europe/Madrid",
    "Australia/Lord_Howe",
]
zones = st.sampled_from(ZONES)
days = st.dates(date(2020, 1, 1), date(2036, 12, 31))
times = st.times()


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# zone, day, hours the day has, then (wall time, the UTC moment it means)
DST_TABLE = [
    ("America/Chicago", date(2026, 3, 8), 23, time(2, 30), "2026-03-08T08:30", "skipped"),
    ("America/Chicago", date(2026, 11, 1), 25, time(1, 30), "2026-11-01T06:30", "twice"),
    ("America/Los_Angeles", date(2026, 3, 8), 23, time(2, 0), "2026-03-08T10:00", "skipped"),
    ("America/Los_Angeles", date(2026, 11, 1), 25, time(1, 0), "2026-11-01T08:00", "twice"),
    ("America/New_York", date(2026, 3, 8), 23, time(2, 59), "2026-03-08T07:59", "skipped"),
    ("America/New_York", date(2026, 11, 1), 25, time(1, 59), "2026-11-01T05:59", "twice"),
    ("America/Phoenix", date(2026, 3, 8), 24, time(2, 30), "2026-03-08T09:30", "once"),
    ("America/Phoenix", date(2026, 11, 1), 24, time(1, 30), "2026-11-01T08:30", "once"),
    ("Europe/Madrid", date(2026, 3, 29), 23, time(2, 30), "2026-03-29T01:30", "skipped"),
    ("Europe/Madrid", date(2026, 10, 25), 25, time(2, 30), "2026-10-25T00:30", "twice"),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, time(2, 15), "2026-10-03T15:45", "skipped"),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, time(1, 45), "2026-04-04T14:45", "twice"),
]


@pytest.mark.parametrize(("zone", "day", "hours", "at", "moment", "kind"), DST_TABLE)
def test_the_days_clocks_change(zone, day, hours, at, moment, kind):
    assert clock.day_span(day, zone).duration == timedelta(hours=hours)
    resolved = clock.resolve_local(day, at, zone)
    assert resolved == utc(moment)
    assert clock.wall_time_exists(day, at, zone) is (kind != "skipped")
    shown = clock.local(resolved, zone)
    if kind == "skipped":
        assert shown.replace(tzinfo=None) > datetime.combine(day, at)
    else:
        assert shown.replace(tzinfo=None) == datetime.combine(day, at)
    if kind == "twice":
        gained = timedelta(hours=hours - 24)
        assert clock.local(resolved + gained, zone).time() == at


@given(day=days, zone=zones)
@example(day=date(2026, 3, 8), zone="America/Chicago")
def test_days_join_without_gap_or_overlap(day, zone):
    span, following = clock.day_span(day, zone), clock.day_span(day + timedelta(days=1), zone)
    assert span.end == following.start
    assert span.duration in {timedelta(hours=h) for h in (23, 23.5, 24, 24.5, 25)}
    assert clock.local_date(span.start, zone) == day
    assert clock.local_date(span.end - timedelta.resolution, zone) == day


@given(day=days, at=times, zone=zones)
def test_a_wall_time_comes_back_as_itself_or_later(day, at, zone):
    resolved = clock.resolve_local(day, at, zone)
    assert resolved.tzinfo is UTC
    shown = clock.local(resolved, zone).replace(tzinfo=None, fold=0)
    wanted = datetime.combine(day, at.replace(fold=0))
    if clock.wall_time_exists(day, at, zone):
        assert shown == wanted
    else:
        assert timedelta() < shown - wanted <= timedelta(hours=1)


@given(day=days, at=times, zone=zones)
def test_of_a_time_that_comes_twice_the_first_is_meant(day, at, zone):
    resolved = clock.resolve_local(day, at, zone)
    wall = datetime.combine(day, at.replace(fold=0))
    for earlier in (timedelta(minutes=30), timedelta(hours=1)):
        assert clock.local(resolved - earlier, zone).replace(tzinfo=None, fold=0) != wall


@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)), zone=zones)
def test_a_moment_lies_in_the_day_it_is_shown_on(moment, zone):
    assert clock.day_span(clock.local_date(moment, zone), zone).contains(moment)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),
    length=st.timedeltas(timedelta.resolution, timedelta(days=3)),
)
def test_utc_dates_are_ascending_and_exactly_those_touched(start, length):
    span = Span(start, start + length)
    dates = clock.utc_dates(span)
    assert dates == sorted(set(dates))
    touched = [day for day in dates if clock.day_span(day, "UTC").overlaps(span)]
    assert touched == dates
    assert not clock.day_span(dates[0] - timedelta(days=1), "UTC").overlaps(span)
    assert not clock.day_span(dates[-1] + timedelta(days=1), "UTC").overlaps(span)


def test_a_span_that_ends_at_midnight_does_not_touch_the_next_date():
    assert clock.utc_dates(Span(utc("2026-05-01T23:00"), utc("2026-05-02T00:00"))) == [date(2026, 5, 1)]
    assert clock.utc_dates(clock.day_span(date(2026, 5, 1), "America/Chicago")) == [
        date(2026, 5, 1),
        date(2026, 5, 2),
    ]


def test_days_span_covers_whole_days():
    span = clock.days_span(date(2026, 3, 7), date(2026, 3, 9), ZoneInfo("America/Chicago"))
    assert span.duration == timedelta(hours=71)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.local(datetime(2026, 1, 1), "America/Chicago")
    with pytest.raises(ValueError, match="no time zone of its own"):
        clock.resolve_local(date(2026, 1, 1), time(9, tzinfo=UTC), "America/Chicago")


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta()
