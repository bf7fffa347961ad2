"""How a UTC day's bits are written down: for each resource and place the free steps, for providers also the starts.

Layout, little-endian: count of providers' records, count of all; their keys (resource, location), providers first;
36 bytes of free steps each; 36 bytes of visits' starts for each provider.
"""

import struct
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from scheduling.rules import STEPS_A_DAY

DAY_BYTES = STEPS_A_DAY // 8
NO_TIME = bytes(DAY_BYTES)
_HEAD = struct.Struct("<HH")
_KEY = struct.Struct("<qq")


class Key(NamedTuple):
    """A resource at a place; a provider who works in two places has two."""

    resource: int
    location: int


@dataclass
class DayBits:
    """One UTC day: free steps of every resource; where visits start, of providers only."""

    free: dict[Key, int] = field(default_factory=dict)
    starts: dict[Key, int] = field(default_factory=dict)

    def pack(self) -> bytes:
        providers = sorted(self.starts)
        others = sorted(self.free.keys() - self.starts.keys())
        keys = [*providers, *others]
        parts = [_HEAD.pack(len(providers), len(keys))]
        parts += [_KEY.pack(*key) for key in keys]
        parts += [self.free.get(key, 0).to_bytes(DAY_BYTES, "little") for key in keys]
        parts += [self.starts[key].to_bytes(DAY_BYTES, "little") for key in providers]
        return b"".join(parts)

    @classmethod
    def unpack(cls, packed: bytes) -> "DayBits":
        places = _places(_header(packed))
        free = {key: _number(packed, place) for key, place in places.free.items()}
        return cls(free, {key: _number(packed, place) for key, place in places.starts.items()})

    def take(self, resource: int, busy: int) -> None:
        """The steps are no longer free for the resource, wherever it works."""
        for key in self.free:
            if key.resource == resource:
                self.free[key] &= ~busy

    def mark_start(self, resource: int, step: int) -> None:
        for key in self.starts:
            if key.resource == resource:
                self.starts[key] |= 1 << step


class _Places(NamedTuple):
    free: dict[Key, int]
    starts: dict[Key, int]


def _header(packed: bytes) -> bytes:
    return packed[: _HEAD.size + _HEAD.unpack_from(packed)[1] * _KEY.size]


@lru_cache(maxsize=256)
def _places(header: bytes) -> _Places:
    """Where each record's bytes are. Days of the same staff share a header, so this is reckoned once."""
    providers, count = _HEAD.unpack_from(header)
    keys = [Key(*_KEY.unpack_from(header, _HEAD.size + n * _KEY.size)) for n in range(count)]
    end = len(header)
    free = {key: end + n * DAY_BYTES for n, key in enumerate(keys)}
    end += count * DAY_BYTES
    return _Places(free, {key: end + n * DAY_BYTES for n, key in enumerate(keys[:providers])})


def _number(packed: bytes, place: int) -> int:
    return int.from_bytes(packed[place : place + DAY_BYTES], "little")


class Joined(NamedTuple):
    """Several days in a row, one integer a resource and place. Who is not there on a day is not free on it."""

    free: dict[Key, int]
    starts: dict[Key, int]


def split(run: bytes) -> list[bytes]:
    """Days written one behind the other."""
    found, at = [], 0
    while at < len(run):
        providers, count = _HEAD.unpack_from(run, at)
        end = at + _HEAD.size + count * (_KEY.size + DAY_BYTES) + providers * DAY_BYTES
        found.append(run[at:end])
        at = end
    return found


def join(days: Sequence[bytes], resources: Container[int]) -> Joined:
    """Put the days of the wanted resources together without unpacking the rest."""
    places = [_places(_header(day)) for day in days]
    kinds = {id(each): each for each in places}.values()  # days of the same staff share one
    wanted = {key for each in kinds for key in each.free if key.resource in resources}
    providers = {key for each in kinds for key in each.starts if key.resource in resources}
    if len(kinds) == 1:
        shared = places[0]
        return Joined(
            {key: _steady_run(days, shared.free[key]) for key in wanted},
            {key: _steady_run(days, shared.starts[key]) for key in providers},
        )
    free = [each.free for each in places]
    starts = [each.starts for each in places]
    return Joined(
        {key: _run(days, free, key) for key in wanted},
        {key: _run(days, starts, key) for key in providers},
    )


def _steady_run(days: Sequence[bytes], at: int) -> int:
    """The same where the record stands at one place on all of the days, as it mostly does."""
    end = at + DAY_BYTES
    return int.from_bytes(b"".join([day[at:end] for day in days]), "little")


def _run(days: Sequence[bytes], places: Sequence[dict[Key, int]], key: Key) -> int:
    """The record's days in a row as one integer; nothing on a day that does not have it."""
    pieces = [
        day[at : at + DAY_BYTES] if (at := place.get(key)) else NO_TIME
        for day, place in zip(days, places, strict=True)
    ]
    return int.from_bytes(b"".join(pieces), "little")
