"""Slot tokens: one bookable start, signed for one clinic, good for a quarter of an hour.

A token is text: version, service, provider, location, expiry, start, and a keyed BLAKE2b over all of that. The key is
derived for the clinic's uid, so that a token of the clinic next door is as good as a forged one.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from django.conf import settings

from core.context import require_clinic
from scheduling.problems import SlotExpired, SlotInvalid

LIFETIME = timedelta(minutes=15)
VERSION = "1"
LONGEST = 160


@dataclass(frozen=True)
class Slot:
    """What a token says. Nothing of it is believed before the booking looked again."""

    service_id: int
    provider_id: int
    location_id: int
    start: datetime


def signer(service_id: int, location_id: int, *, at: datetime) -> Callable[[int], "Mint"]:
    """For one answer: a mint for each provider, all good until the same moment."""
    expires = _epoch(at + LIFETIME)
    key = _key(require_clinic().uid)

    def for_provider(provider_id: int) -> Mint:
        return Mint(key, f"{VERSION}.{service_id:x}.{provider_id:x}.{location_id:x}.{expires:x}.")

    return for_provider


class Mint:
    """Strikes the tokens of one provider; what they share is hashed once."""

    __slots__ = ("_head", "_state")

    def __init__(self, key: bytes, head: str) -> None:
        self._head = head
        self._state = blake2b(head.encode(), key=key, digest_size=16)

    def strike(self, minute: int) -> str:
        """The token of the start at that minute since 1970."""
        tail = f"{minute:x}"
        state = self._state.copy()
        state.update(tail.encode())
        return f"{self._head}{tail}.{state.hexdigest()}"


def issue(slot: Slot, *, at: datetime) -> str:
    mint = signer(slot.service_id, slot.location_id, at=at)(slot.provider_id)
    return mint.strike(_epoch(slot.start) // 60)


def read(token: str, *, at: datetime) -> Slot:
    """The slot, if this clinic signed it and it is still fresh."""
    if len(token) > LONGEST or not token.isascii():
        raise SlotInvalid
    signed, _dot, mac = token.rpartition(".")
    expected = blake2b(signed.encode(), key=_key(require_clinic().uid), digest_size=16).hexdigest()
    if not hmac.compare_digest(mac, expected):
        raise SlotInvalid
    version, *numbers = signed.split(".")
    if version != VERSION or len(numbers) != 5:
        raise SlotInvalid
    service_id, provider_id, location_id, expires, minute = (int(number, 16) for number in numbers)
    if _epoch(at) >= expires:
        raise SlotExpired
    return Slot(service_id, provider_id, location_id, datetime.fromtimestamp(minute * 60, tz=UTC))


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


@lru_cache(maxsize=4096)
def _key_for(clinic: UUID, secret: str) -> bytes:
    return blake2b(
        b"medspa slot/1" + clinic.bytes, key=blake2b(secret.encode()).digest(), digest_size=32
    ).digest()


def _key(clinic: UUID) -> bytes:
    return _key_for(clinic, settings.SECRET_KEY)
