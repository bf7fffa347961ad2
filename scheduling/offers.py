"""What can be booked, of whom, where, and the bits of the days asked for: all that availability needs, in one query.

Written as SQL because it runs before every list of free times; it reads the tables of practice, and writes nothing.
"""

import json
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from uuid import UUID

from core.problems import NotFound
from practice.models import WorkingHours
from scheduling import days
from scheduling.daybits import Joined, Key, join, split
from scheduling.prepared import fetch_row
from scheduling.rules import EPOCH, Demand, Frame

_OFFER = """
SELECT json_build_array(
         json_build_array(s.id, s.room_kind <> '', s.device_kind <> ''),
         json_build_array(s.duration_minutes, s.buffer_before, s.buffer_after, s.processing_start,
                          s.processing_minutes),
         (SELECT json_agg(json_build_array(l.id, l.uid, l.timezone, l.name) ORDER BY l.position, l.id)
            FROM practice_location l WHERE l.archived_at IS NULL),
         (SELECT json_agg(json_build_array(r.resource_id, r.location_id) ORDER BY r.id)
            FROM practice_room r WHERE r.kind = s.room_kind AND r.archived_at IS NULL),
         (SELECT json_agg(json_build_array(d.resource_id, d.location_id) ORDER BY d.id)
            FROM practice_device d WHERE d.kind = s.device_kind AND d.archived_at IS NULL),
         (SELECT json_agg(json_build_array(p.id, p.uid, p.resource_id, p.display_name, p.credentials)
                          ORDER BY p.position, p.id)
            FROM practice_serviceprovider sp JOIN practice_provider p ON p.id = sp.provider_id
           WHERE sp.service_id = s.id AND p.bookable_online AND p.archived_at IS NULL))::text,
       (SELECT count(*) FROM scheduling_day
         WHERE date BETWEEN %(first)s AND %(last)s AND bits IS NOT NULL),
       (SELECT string_agg(bits, NULL ORDER BY date) FROM scheduling_day
         WHERE date BETWEEN %(first)s AND %(last)s)
  FROM practice_service s
 WHERE s.uid = %(service)s AND s.online AND s.archived_at IS NULL
"""


@dataclass(frozen=True)
class Giver:
    """A provider whom patients may choose."""

    id: int
    uid: UUID
    resource: int
    name: str

    @cached_property
    def as_json(self) -> str:
        """As the API names a provider."""
        return json.dumps({"id": str(self.uid), "name": self.name}, ensure_ascii=False)


class Placed(NamedTuple):
    """A room or a device, and where it is."""

    resource: int
    location: int


class Place(NamedTuple):
    """A location as far as times go."""

    id: int
    uid: UUID
    timezone: str
    name: str


class Option(NamedTuple):
    """A location at which the service can be had, and who gives it there."""

    place: Place
    givers: tuple[Giver, ...]

    def has(self, provider: UUID | None) -> bool:
        return any(giver.uid == provider for giver in self.givers)


@dataclass(frozen=True)
class Offer:
    """A service at a place: what it takes, and who and what could give it."""

    service_id: int
    demand: Demand
    place: Place
    needs_room: bool
    needs_device: bool
    rooms: tuple[int, ...]
    devices: tuple[int, ...]
    givers: tuple[Giver, ...]
    options: tuple[Option, ...] = ()  # all locations to choose from; none where there is no choice

    @property
    def timezone(self) -> str:
        return self.place.timezone

    def key(self, resource: int) -> Key:
        return Key(resource, self.place.id)

    def only(self, provider: UUID) -> "Offer":
        """The same by one provider; NotFound when that one does not give it."""
        givers = tuple(giver for giver in self.givers if giver.uid == provider)
        if not givers:
            raise NotFound
        return replace(self, givers=givers)


class OpenTime(NamedTuple):
    """An offer, and when those who could give it are free."""

    offer: Offer
    frame: Frame
    joined: Joined


def read_open_time(service: UUID, first: date, last: date, *, location: UUID | None = None) -> OpenTime:
    """The service as patients may book it in these local days; NotFound when they may not.

    The frame has a UTC day more at each end: no zone is further away, and visits reach into the next day.
    """
    frame = Frame(first - timedelta(days=1), (last - first).days + 3)
    text, known, run = _row(service, frame)
    packed = split(run) if known == frame.days else days.packed(frame)
    offered = _offered(text)
    joined = join(packed, offered.resources)
    return OpenTime(_offer(offered, location, joined.free), frame, joined)


def read_offer(service: UUID, location: UUID | None = None) -> Offer:
    """The same without the time: for pages that only name who gives it, and where."""
    offered = _offered(_row(service, NO_DAYS)[0])
    hours = WorkingHours.objects.filter(provider__in=[giver.id for giver in offered.givers])
    pairs = hours.values_list("provider__resource_id", "location_id")
    return _offer(offered, location, {Key(*pair) for pair in pairs})


NO_DAYS = Frame(EPOCH.date(), 1)


def _row(service: UUID, frame: Frame) -> tuple[str, int, bytes]:
    """The offer as text, how many days of the frame have bits, and those, one behind the other."""
    row = fetch_row(_OFFER, {"service": service, "first": frame.first, "last": frame.dates[-1]})
    if row is None:
        raise NotFound
    return row[0], row[1], row[2] or b""


@dataclass(frozen=True)
class _Offered:
    """What the text says: of all places, before one is chosen."""

    service_id: int
    needs_room: bool
    needs_device: bool
    demand: Demand
    places: tuple[Place, ...]
    rooms: tuple[Placed, ...]
    devices: tuple[Placed, ...]
    givers: tuple[Giver, ...]
    resources: frozenset[int]

    def is_equipped(self, place: Place) -> bool:
        rooms, devices = ({each.location for each in placed} for placed in (self.rooms, self.devices))
        return (not self.needs_room or place.id in rooms) and (not self.needs_device or place.id in devices)


@lru_cache(maxsize=1024)
def _offered(text: str) -> _Offered:
    """Read the text. The same text says the same, whenever and wherever it was found, so it is read once."""
    (service_id, needs_room, needs_device), minutes, places, rooms, devices, givers = json.loads(text)
    placed_rooms = tuple(Placed(*each) for each in rooms or ())
    placed_devices = tuple(Placed(*each) for each in devices or ())
    people = tuple(Giver(pk, UUID(uid), who, _name(name, more)) for pk, uid, who, name, more in givers or ())
    resources = {each.resource for each in (*placed_rooms, *placed_devices)}
    return _Offered(
        service_id=service_id,
        needs_room=needs_room,
        needs_device=needs_device,
        demand=Demand(*minutes),
        places=tuple(Place(pk, UUID(uid), zone, name) for pk, uid, zone, name in places or ()),
        rooms=placed_rooms,
        devices=placed_devices,
        givers=people,
        resources=frozenset(resources | {giver.resource for giver in people}),
    )


def _offer(offered: _Offered, location: UUID | None, works: Container[Key]) -> Offer:
    """At the location asked for, or the first at which one of the givers works."""
    places = [place for place in offered.places if location is None or place.uid == location]
    if not places:
        raise NotFound
    options = _options(offered, works)
    asked = (option for option in options if location is None or option.place.uid == location)
    place, givers = next(asked, Option(places[0], ()))
    return Offer(
        service_id=offered.service_id,
        demand=offered.demand,
        place=place,
        needs_room=offered.needs_room,
        needs_device=offered.needs_device,
        rooms=tuple(room.resource for room in offered.rooms if room.location == place.id),
        devices=tuple(device.resource for device in offered.devices if device.location == place.id),
        givers=givers,
        options=options if len(options) > 1 or place not in [each.place for each in options] else (),
    )


def _options(offered: _Offered, works: Container[Key]) -> tuple[Option, ...]:
    """Where somebody who gives the service works, and the kinds of room and device that it takes are."""
    there = tuple(
        Option(place, givers)
        for place in offered.places
        if (givers := tuple(one for one in offered.givers if Key(one.resource, place.id) in works))
    )
    return tuple(option for option in there if offered.is_equipped(option.place)) or there


def _name(name: str, credentials: str) -> str:
    return f"{name}, {credentials}" if credentials else name
