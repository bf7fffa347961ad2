"""Moments of the tests. 2026-05-04 is a Monday."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 5, 4, 17, 0, tzinfo=UTC)  # in Austin
NIGHT = datetime(2026, 5, 5, 4, 0, tzinfo=UTC)  # 11 pm in Austin
MORNING = datetime(2026, 5, 5, 14, 0, tzinfo=UTC)  # 9 am in Austin, when Texas may be texted
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
