"""Unwrapped keys of this process: few, for minutes, never written anywhere."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, NoReturn
from uuid import UUID

SIZE: Final = 2_000
TTL_SECONDS: Final = 300.0

# Whose key it is: a subject's uid, or the kind of a clinic's own key.
Owner = UUID | str


class Key:
    """An unwrapped key. It shows itself to nobody and does not travel."""

    __slots__ = ("__weakref__", "clinic", "owner", "secret", "uid", "version")

    def __init__(self, uid: UUID, clinic: UUID, owner: Owner, version: int, secret: bytes) -> None:
        self.uid = uid
        self.clinic = clinic
        self.owner = owner
        self.version = version
        self.secret = secret

    def __repr__(self) -> str:
        return f"<Key {self.uid}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel")

    def __deepcopy__(self, memo: dict[int, object]) -> NoReturn:
        raise TypeError("a key is not copied")

    __copy__ = __reduce__


class KeyCache:
    """The least recently used keys go first; after `ttl` each is fetched anew, so a shredded one dies.

    Keys of the `lasting` owners are remembered beyond that, for when the vault is away: a clinic's own key opens what
    staff sign in with, and is no patient's.
    """

    def __init__(
        self,
        size: int = SIZE,
        ttl: float = TTL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        lasting: frozenset[str] = frozenset(),
    ) -> None:
        self._size = size
        self._lasting = lasting
        self._lasting_keys: dict[UUID, Key] = {}
        self._ttl = ttl
        self._clock = clock
        self._lock = Lock()
        self._keys: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()
        self._current: dict[tuple[UUID, Owner], UUID] = {}

    def __repr__(self) -> str:
        return f"<KeyCache of {len(self._keys)}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a cache of keys does not travel")

    def __len__(self) -> int:
        return len(self._keys)

    def put(self, key: Key) -> None:
        with self._lock:
            self._remember(key)
            self._keys[key.uid] = (self._clock() + self._ttl, key)
            self._keys.move_to_end(key.uid)
            known = self._keys.get(self._current.get((key.clinic, key.owner), key.uid))
            if known is None or known[1].version <= key.version:
                self._current[key.clinic, key.owner] = key.uid
            while len(self._keys) > self._size:
                self._drop(next(iter(self._keys)))

    def get(self, clinic: UUID, uid: UUID) -> Key | None:
        with self._lock:
            return self._get(clinic, uid)

    def current(self, clinic: UUID, owner: Owner) -> Key | None:
        """The key with which new things of this owner are sealed."""
        with self._lock:
            uid = self._current.get((clinic, owner))
            return None if uid is None else self._get(clinic, uid)

    def remember(self, key: Key) -> None:
        """Keep it only for when the vault is away."""
        with self._lock:
            self._remember(key)

    def _remember(self, key: Key) -> None:
        if key.owner in self._lasting:
            self._lasting_keys[key.uid] = key

    def lasting(self, clinic: UUID) -> list[Key]:
        """What is remembered of the clinic whatever its age, the newest last; for use while the vault is away."""
        with self._lock:
            held = [key for key in self._lasting_keys.values() if key.clinic == clinic]
        return sorted(held, key=lambda key: key.version)

    def forget(self, clinic: UUID, owner: Owner | None = None) -> None:
        """Drop the keys of one owner, or all of the clinic."""
        with self._lock:
            held = [key for _, key in self._keys.values() if key.clinic == clinic]
            for key in held:
                if owner is None or key.owner == owner:
                    self._drop(key.uid)
            for key in [key for key in self._lasting_keys.values() if key.clinic == clinic]:
                if owner is None or key.owner == owner:
                    del self._lasting_keys[key.uid]

    def clear(self) -> None:
        with self._lock:
            self._keys.clear()
            self._lasting_keys.clear()
            self._current.clear()

    def _get(self, clinic: UUID, uid: UUID) -> Key | None:
        expires, key = self._keys.get(uid, (0.0, None))
        if key is None or key.clinic != clinic:
            return None
        if expires <= self._clock():
            self._drop(uid)
            return None
        self._keys.move_to_end(uid)
        return key

    def _drop(self, uid: UUID) -> None:
        _, key = self._keys.pop(uid)
        if self._current.get((key.clinic, key.owner)) == uid:
            del self._current[key.clinic, key.owner]
