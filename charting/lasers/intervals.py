"""Days between sessions, reckoned on the clinic's calendar: a night in which the clocks change is one night."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import local_date


@dataclass(frozen=True)
class Interval:
    """How long skin needs: at least, best, and no longer than is sensible."""

    least: int
    ideal: int
    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.ideal <= self.most:
            raise ValueError("an interval goes from the least days over the ideal to the most")

    def window(self, last: date) -> tuple[date, date]:
        return last + timedelta(days=self.least), last + timedelta(days=self.most)

    def next_day(self, last: date, *, today: date) -> date:
        """The first day on which the next session may be: inside the interval, and not before today."""
        return max(last + timedelta(days=self.least), today)


def days_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> int:
    return (local_date(later, zone) - local_date(earlier, zone)).days
