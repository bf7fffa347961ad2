"""The choice of a day and a time: a strip of two weeks, and the day's free starts by part of the day."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core.clock import local_date, zone_of
from core.problems import Invalid
from core.spans import Span
from practice.hours import open_spans
from practice.models import Closure, Location, OpeningHours
from practice.profile import first_location, profile
from scheduling import availability, slots
from scheduling.availability import DayStarts
from scheduling.offers import Giver, Offer, read_offer
from scheduling.patient_pages import words
from scheduling.rules import Frame, each_bit
from scheduling.slots import Slot

STRIP_DAYS: Final = 14
NOON, EVENING = 12, 17
DayLink = Callable[..., str]


@dataclass(frozen=True)
class Wish:
    """Which day, or which days, the address asks for; nonsense asks for nothing."""

    day: date | None = None
    since: date | None = None

    @classmethod
    def of(cls, query: Any) -> "Wish":
        return cls(_date(query.get("day")), _date(query.get("since")))


@dataclass(frozen=True)
class Asked:
    """Times of which treatment, by whom and where; by anybody, and wherever it is given, unless they are named."""

    service: UUID
    provider: UUID | None = None
    location: UUID | None = None


@dataclass(frozen=True)
class Picker:
    """What the page shows. `day` is None when nothing at all is free."""

    offer: Offer
    place: Location
    day: date | None
    month: str
    days: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    free: int
    earlier: str
    later: str
    next_day: date | None
    next_href: str
    last: date

    @property
    def zone_name(self) -> str:
        return words.zone_name(self.place)

    @property
    def noon(self) -> datetime:
        """A moment of the day: visitors elsewhere are told their difference on that day, not today's."""
        day = self.day or self.last
        return datetime(day.year, day.month, day.day, 12, tzinfo=self.place.zone)

    @property
    def day_in_words(self) -> str:
        return words.whole_day(self.day) if self.day else ""

    @property
    def next_in_words(self) -> str:
        return words.whole_day(self.next_day) if self.next_day else ""

    @property
    def last_in_words(self) -> str:
        return words.whole_day(self.last)


def pick(asked: Asked, wish: Wish, *, at: datetime, link: DayLink, taken: datetime | None = None) -> Picker:
    """The strip and the starts; from the first day that has some unless the wish names another.

    `link` makes the address of a day (day=…) or of a strip (since=…). `taken`: a start that was just lost.
    """
    found = _Found(asked, wish, at)
    day = found.day(wish)
    strip = _strip_of(day or found.anchor, found.today)
    end = min(strip + timedelta(days=STRIP_DAYS - 1), found.last)
    free = found.count(day) if day else 0
    following = None if free else found.first_from((day or end) + timedelta(days=1), found.last)
    doors = _Doors(found.offer.place.id, strip, at)
    return Picker(
        offer=found.offer,
        place=doors.place,
        day=day,
        month=words.months(strip, end),
        days=[_face(each, found.count(each), doors, day, link) for each in _days(strip, end)],
        groups=_groups(found, day, at, taken) if day else [],
        free=free,
        earlier=link(since=max(strip - timedelta(days=STRIP_DAYS), found.today))
        if strip > found.today
        else "",
        later=link(since=end + timedelta(days=1)) if end < found.last else "",
        next_day=following,
        next_href=link(day=following) if following else "",
        last=found.last,
    )


class _Found:
    """Open starts by local day, from the wished strip's first day on; farther days are looked up when asked for.

    Which zone reckons the days is known with the first answer only. The clinic's first location is taken for it
    until then, and in all clinics but those of several zones that was right.
    """

    offer: Offer

    def __init__(self, asked: Asked, wish: Wish, at: datetime) -> None:
        self.asked, self.at = asked, at
        usual = str(first_location(profile()).get("timezone", "UTC"))
        try:
            self._begin(wish, usual)
        except Invalid:  # beyond the horizon by the other zone's calendar
            self._begin(wish, read_offer(asked.service, asked.location).timezone)
        if self.offer.timezone != usual:
            self._begin(wish, self.offer.timezone)

    def _begin(self, wish: Wish, timezone: str) -> None:
        self.zone = zone_of(timezone)
        self.today = local_date(self.at, self.zone)
        self.last = availability.last_bookable(self.at, self.zone)
        self.anchor = max(self.today, min(wish.day or wish.since or self.today, self.last))
        self.reach = _strip_of(self.anchor, self.today) - timedelta(days=1)
        self.by_day: dict[date, tuple[Frame, DayStarts]] = {}
        self._look_on()

    def day(self, wish: Wish) -> date | None:
        """The day asked for, free or not; else the first free one of the strip asked for, or of all."""
        if wish.day:
            return self.anchor
        stop = self.anchor + timedelta(days=STRIP_DAYS - 1) if wish.since else self.last
        return self.first_from(self.anchor, min(stop, self.last))

    def count(self, day: date) -> int:
        return sum(bits.bit_count() for bits in self.by_day[day][1].given) if day in self.by_day else 0

    def first_from(self, day: date, stop: date) -> date | None:
        """The first day with a free start, up to and with `stop`."""
        while day <= stop:
            if day > self.reach:
                self._look_on()
            if self.count(day):
                return day
            day += timedelta(days=1)
        return None

    def starts(self, day: date) -> list[tuple[datetime, Giver]]:
        """The day's free starts in the location's time, each with who would give it."""
        if day not in self.by_day:  # nothing is free then
            return []
        frame, (local_day, given) = self.by_day[day]
        found = [
            (frame.moment(local_day.place + step).astimezone(self.zone), giver)
            for giver, bits in zip(self.offer.givers, given, strict=True)
            for step in each_bit(bits)
        ]
        return sorted(found, key=lambda each: each[0])

    def _look_on(self) -> None:
        first = self.reach + timedelta(days=1)
        until = min(first + timedelta(days=availability.LONGEST_RANGE - 1), self.last)
        self.reach = max(until, first)
        if first > until:
            return
        starts = availability.find_starts(first=first, last=until, at=self.at, **vars(self.asked))
        self.offer = starts.offer
        self.by_day |= {each.day.day: (starts.frame, each) for each in starts.days}


class _Doors:
    """Whether the location is open on a day, as far as there is still time to come."""

    def __init__(self, location_id: int, strip: date, at: datetime) -> None:
        closed = Closure.objects.filter(location=OuterRef("location"))
        closed = closed.touching(strip, strip + timedelta(days=STRIP_DAYS))
        said = ArraySubquery(closed.values(said=JSONObject(first="starts_on", last="ends_on")))
        rows = (
            OpeningHours.objects.filter(location=location_id).select_related("location").annotate(closed=said)
        )
        self.hours = list(rows)  # one query for hours, place and closures: a page has few
        self.place = self.hours[0].location if self.hours else Location.objects.get(pk=location_id)
        self.closures = [_closure(each) for row in self.hours[:1] for each in row.closed]
        self.soonest = at + timedelta(minutes=profile().min_notice_minutes)

    def are_shut(self, day: date) -> bool:
        spans: list[Span] = open_spans(self.hours, self.closures, self.place.zone, day)
        return all(span.end <= self.soonest for span in spans)


def _closure(said: dict[str, str]) -> Closure:
    return Closure(starts_on=date.fromisoformat(said["first"]), ends_on=date.fromisoformat(said["last"]))


def _face(day: date, free: int, doors: _Doors, current: date | None, link: DayLink) -> dict[str, Any]:
    return {
        "date": day,
        "free": free,
        "closed": not free and doors.are_shut(day),
        "current": day == current,
        "href": link(day=day) if free or day == current else "",
    }


def _groups(found: _Found, day: date, at: datetime, taken: datetime | None) -> list[dict[str, Any]]:
    """The day's starts under morning, afternoon and evening; one that was just lost stays, struck out."""
    offer = found.offer
    rows = [
        (start, slots.issue(Slot(offer.service_id, giver.id, offer.place.id, start), at=at))
        for start, giver in found.starts(day)
    ]
    if taken is not None and taken.date() == day and taken not in {start for start, _token in rows}:
        rows = sorted([*rows, (taken, "")])
    twice = {
        label for label, count in Counter(words.clock(start) for start, _token in rows).items() if count > 1
    }
    groups = []
    for part, part_rows in groupby(rows, key=lambda row: _part(row[0])):
        entries = [_entry(start, token, twice) for start, token in part_rows]
        free = sum(not entry["taken"] for entry in entries)
        groups.append({"label": part, "free": free, "slots": entries})
    return groups


def _entry(start: datetime, token: str, twice: set[str]) -> dict[str, Any]:
    label = words.clock(start)
    # When the clock goes back an hour comes twice: then the zone's name tells the two apart.
    return {
        "value": token,
        "label": label,
        "taken": not token,
        "sub": start.tzname() if label in twice else "",
    }


def _part(start: datetime) -> str:
    if start.hour < NOON:
        return _("Morning")
    return _("Afternoon") if start.hour < EVENING else _("Evening")


def _strip_of(day: date, today: date) -> date:
    return today + timedelta(days=(day - today).days // STRIP_DAYS * STRIP_DAYS)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _date(text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def id_wish(text: str | None) -> UUID | None:
    """The provider or location that an address names; nonsense names none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
