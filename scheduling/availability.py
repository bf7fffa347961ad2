"""Free starts, reckoned from the bits of the days; nothing of an answer is kept.

One query (the offer and the days), integers as long as the range, and strings. docs/locking.md says where the bits
come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.clock import local_date, zone_of
from core.problems import Invalid, failure
from practice.models import ClinicProfile
from practice.profile import profile
from scheduling import rules, slots
from scheduling.daybits import Joined
from scheduling.offers import Giver, Offer, read_offer, read_open_time
from scheduling.rules import Frame, LocalDay

LONGEST_RANGE = 62


@dataclass(frozen=True)
class OpenSlot:
    """One start that can be booked now."""

    start: datetime
    end: datetime
    provider_uid: UUID
    provider_name: str
    token: str


@dataclass(frozen=True)
class Slots:
    """Open starts by local day; only days that have some."""

    timezone: str
    days: dict[date, list[OpenSlot]]

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)


class DayStarts(NamedTuple):
    """A local day, and the steps of it that each provider of the offer is given."""

    day: LocalDay
    given: list[int]


class Starts(NamedTuple):
    """Open starts of an offer, day by day."""

    offer: Offer
    frame: Frame
    days: list[DayStarts]


def find_slots(
    *,
    service: UUID,
    first: date,
    last: date,
    at: datetime,
    provider: UUID | None = None,
    location: UUID | None = None,
) -> Slots:
    """The open starts of these local days, for a page."""
    starts = find_starts(service=service, first=first, last=last, at=at, provider=provider, location=location)
    offer, zone = starts.offer, zone_of(starts.offer.timezone)
    length, mints = timedelta(minutes=offer.demand.duration), _mints(offer, at)
    found: dict[date, list[OpenSlot]] = {}
    for day, given in starts.days:
        listed = []
        for giver, mint, bits in zip(offer.givers, mints, given, strict=True):
            for step in rules.each_bit(bits):
                start = starts.frame.moment(day.place + step)
                token = mint.strike(_minute(starts.frame, day, step))
                walls = start.astimezone(zone), (start + length).astimezone(zone)
                listed.append((step, OpenSlot(*walls, giver.uid, giver.name, token)))
        if listed:
            listed.sort(key=lambda each: each[0])
            found[day.day] = [slot for _step, slot in listed]
    return Slots(offer.timezone, found)


def first_days(
    *,
    service: UUID,
    at: datetime,
    provider: UUID | None = None,
    location: UUID | None = None,
    count: int = 14,
    within: int = LONGEST_RANGE,
) -> Slots:
    """The first local days that have open starts, as far as patients may book."""
    zone = zone_of(read_offer(service, location).timezone)
    today = local_date(at, zone)
    last = min(last_bookable(at, zone), today + timedelta(days=min(within, LONGEST_RANGE) - 1))
    found = find_slots(service=service, first=today, last=last, at=at, provider=provider, location=location)
    return Slots(found.timezone, dict(list(found.days.items())[:count]))


def as_json(
    *,
    service: UUID,
    first: date,
    last: date,
    at: datetime,
    provider: UUID | None = None,
    location: UUID | None = None,
) -> bytes:
    """The API's answer. Strings are put together directly: a thousand starts leave no time for objects."""
    starts = find_starts(service=service, first=first, last=last, at=at, provider=provider, location=location)
    offer = starts.offer
    parts = list(
        zip(
            _mints(offer, at),
            [f'","provider":{each.as_json},"token":"' for each in offer.givers],
            strict=True,
        )
    )
    length, odd = divmod(offer.demand.duration, rules.STEP_MINUTES)
    listed: list[str] = []
    for day, given in starts.days:
        faces, minute = day.faces, _minute(starts.frame, day, 0)
        entries = []
        for (mint, middle), bits in zip(parts, given, strict=True):
            for step in rules.each_bit(bits):
                plain = not odd and step + length < day.count
                end = faces[step + length] if plain else _odd_end(starts, day, step)
                token = mint.strike(minute + step * rules.STEP_MINUTES)
                entries.append((step, f'{{"start":"{faces[step]}","end":"{end}{middle}{token}"}}'))
        entries.sort()
        listed += [entry for _step, entry in entries]
    return f'{{"timezone":"{offer.timezone}","slots":[{",".join(listed)}]}}'.encode()


def find_starts(
    *,
    service: UUID,
    first: date,
    last: date,
    at: datetime,
    provider: UUID | None = None,
    location: UUID | None = None,
) -> Starts:
    """Which starts are open, and who would give each."""
    if first > last:
        raise Invalid(errors=[failure("to", "order", _("The last date lies before the first."))])
    if (last - first).days >= LONGEST_RANGE:
        raise Invalid(errors=[failure("to", "too_long", _("Ask for at most 62 days at once."))])
    offer, frame, joined = read_open_time(service, first, last, location=location)
    if provider is not None:
        offer = offer.only(provider)
    clinic, zone = profile(), zone_of(offer.timezone)
    _refuse_beyond_horizon(last, at, zone, clinic)
    days = rules.local_days(frame, first, last, zone)
    can = _open_starts(offer, joined, _window(frame, days, at, clinic))
    visits = [joined.starts.get(offer.key(giver.resource), 0) for giver in offer.givers]
    somebody = rules.any_of(can)
    return Starts(offer, frame, [_shared_out(day, can, visits) for day in days if day.of(somebody)])


def first_starts(
    *, service: UUID, at: datetime, location: UUID | None = None
) -> tuple[Offer, list[tuple[Giver, datetime | None]]]:
    """The offer, and everybody who gives the service, with the first start of the next two months, in the location's time."""
    # Whatever the zone turns out to be, its today is a neighbour of UTC's, and the frame has those too.
    first, last = at.date(), at.date() + timedelta(days=LONGEST_RANGE - 3)
    offer, frame, joined = read_open_time(service, first, last, location=location)
    zone = zone_of(offer.timezone)
    today = local_date(at, zone)
    days = rules.local_days(frame, today, min(last, last_bookable(at, zone)), zone)
    can = _open_starts(offer, joined, _window(frame, days, at, profile()))
    return offer, [
        (giver, frame.moment((bits & -bits).bit_length() - 1).astimezone(zone) if bits else None)
        for giver, bits in zip(offer.givers, can, strict=True)
    ]


def last_bookable(at: datetime, zone: ZoneInfo) -> date:
    """The last local date that patients may book."""
    return local_date(at, zone) + timedelta(days=profile().horizon_days)


def _refuse_beyond_horizon(last: date, at: datetime, zone: ZoneInfo, clinic: ClinicProfile) -> None:
    limit = local_date(at, zone) + timedelta(days=clinic.horizon_days)
    if last > limit:
        detail = _("Visits can be booked up to %(last)s.") % {"last": limit.isoformat()}
        raise Invalid(detail, errors=[failure("to", "beyond_horizon", detail)])


def _window(frame: Frame, days: list[LocalDay], at: datetime, clinic: ClinicProfile) -> int:
    """The steps of these days at which patients may start a visit at all."""
    window = rules.grid(frame, days, clinic.slot_minutes)
    return window & rules.not_before(frame, at + timedelta(minutes=clinic.min_notice_minutes))


def _open_starts(offer: Offer, joined: Joined, window: int) -> list[int]:
    """For each provider: the starts at which he, a room and a device are free."""
    demand = offer.demand
    if offer.needs_room:
        window &= rules.choices(_free(offer, joined, offer.rooms), demand.whole)
    if offer.needs_device:
        window &= rules.choices(_free(offer, joined, offer.devices), demand.whole)
    if not window:
        return [0] * len(offer.givers)
    own = _free(offer, joined, [giver.resource for giver in offer.givers])
    return [window & rules.starts(free, demand.provider) for free in own]


def _free(offer: Offer, joined: Joined, resources: Iterable[int]) -> list[int]:
    return [joined.free.get(offer.key(each), 0) for each in resources]


def _shared_out(day: LocalDay, can: list[int], visits: list[int]) -> DayStarts:
    """Each start once, by whoever has the fewest visits that day, and in turn among equals."""
    place, mask = day.place, day.mask
    today = [(bits >> place) & mask for bits in can]
    if len(can) < 2:
        return DayStarts(day, today)
    counts = [((bits >> place) & mask).bit_count() for bits in visits]
    return DayStarts(day, rules.shared_out(today, rules.ranking(counts, day.day.toordinal())))


def _mints(offer: Offer, at: datetime) -> list[slots.Mint]:
    mint_for = slots.signer(offer.service_id, offer.place.id, at=at)
    return [mint_for(giver.id) for giver in offer.givers]


def _minute(frame: Frame, day: LocalDay, step: int) -> int:
    """The minute since 1970 of a step of a local day."""
    return (frame.first_step + day.place + step) * rules.STEP_MINUTES


def _odd_end(starts: Starts, day: LocalDay, step: int) -> str:
    """The end of a visit that is no whole number of steps long, or that ends on the next day."""
    end = starts.frame.moment(day.place + step) + timedelta(minutes=starts.offer.demand.duration)
    return end.astimezone(zone_of(starts.offer.timezone)).isoformat()
