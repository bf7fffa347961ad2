"""Spans refuse to be wrong."""

# ruff: noqa: DTZ001 - hypothesis takes its bounds naive

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from core.spans import Span

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
spans = st.builds(
    lambda start, length: Span(start, start + length),
    moments,
    st.timedeltas(timedelta(seconds=1), timedelta(days=2)),
)


def test_naive_empty_and_backward_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        Span(NINE.replace(tzinfo=None), NINE + HOUR)
    for end in (NINE, NINE - HOUR):
        with pytest.raises(ValueError, match="end after"):
            Span(NINE, end)


def test_any_zone_is_kept_as_utc():
    span = Span(NINE.astimezone(timezone(timedelta(hours=-5))), NINE + HOUR)
    assert span == Span(NINE, NINE + HOUR)
    assert span.start.tzinfo is UTC


def test_half_open():
    span = Span(NINE, NINE + HOUR)
    assert span.contains(NINE)
    assert not span.contains(NINE + HOUR)
    assert not span.overlaps(span.shift(HOUR))
    assert span.overlap(span.shift(HOUR)) is None
    assert span.padded(after=timedelta(minutes=1)).overlaps(span.shift(HOUR))
    assert span.padded(HOUR, HOUR).contains(span)


@given(spans, spans)
def test_overlap_is_mutual_and_lies_in_both(one, other):
    shared = one.overlap(other)
    assert one.overlaps(other) == other.overlaps(one) == (shared is not None)
    if shared is not None:
        assert one.contains(shared)
        assert other.contains(shared)


@given(spans)
def test_ranges_come_back(span):
    assert Span.from_range(span.to_range()) == span


def test_unbounded_and_closed_ranges_are_refused():
    for value in (TimestamptzRange(NINE, None), TimestamptzRange(NINE, NINE + HOUR, "[]")):
        with pytest.raises(ValueError, match="half-open"):
            Span.from_range(value)
