"""Reading wrapped keys from the vault's database, and unwrapping them into the cache of this process."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.db.models import F, QuerySet
from psycopg_pool import PoolTimeout

from core.problems import BaaRequired, Unavailable
from vault import signals, wrapping
from vault.cache import Key, KeyCache
from vault.errors import Shredded
from vault.keyring import Keyring, LocalKeyring
from vault.models import VAULT, ClinicKey, KekUse, KeyKind, SubjectKey
from vault.wrapping import KeyContext

SUBJECT = "subject"
AWAY_SECONDS = 1.0  # how long nobody asks a vault again that had no connection to give


class _SubjectRow(NamedTuple):
    """A subject's key as it is stored. A search opens hundreds, and a model's instance costs more than unwrapping."""

    uid: UUID
    clinic: UUID
    subject: UUID
    root: UUID
    version: int
    wrapped: bytes


class _Away:
    """Whether the vault was found to be away a moment ago, by anybody in this process."""

    def __init__(self) -> None:
        self._until = 0.0

    def note(self) -> None:
        self._until = time.monotonic() + AWAY_SECONDS

    def now(self) -> bool:
        return time.monotonic() < self._until


cache = KeyCache(lasting=frozenset({KeyKind.CLINIC}))
_away = _Away()


@contextmanager
def reaching_vault() -> Iterator[None]:
    """A vault that does not answer is a 503, not a crash; the next call tries a fresh connection.

    After one that waited for a connection in vain, the others of the next second need not wait for the same.
    """
    if _away.now() and not connections[VAULT].in_atomic_block:
        signals.unreachable.send(sender=None)
        raise Unavailable
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if isinstance(error.__cause__, PoolTimeout):
            _away.note()
        if not connections[VAULT].in_atomic_block:
            connections[VAULT].close_if_unusable_or_obsolete()
        signals.unreachable.send(sender=None)
        raise Unavailable from error


def count_wrap(kid: str) -> int:
    """One more wrap by `kid`; the row is locked by its own update, so no wrap is lost to a race."""
    uses = KekUse.objects.using(VAULT)
    uses.bulk_create([KekUse(kid=kid)], ignore_conflicts=True)
    uses.filter(kid=kid).update(count=F("count") + 1)
    return uses.values_list("count", flat=True).get(kid=kid)


def keyring() -> Keyring:
    return LocalKeyring(settings.KEYRING_PATH, count_wrap)


def context_for(clinic: UUID, kind: str, key_id: UUID, version: int) -> KeyContext:
    return KeyContext(settings.VAULT_APP, settings.VAULT_ENV, clinic, kind, key_id, version)


def clinic_key_of(clinic: UUID, kind: str) -> Key | None:
    """The clinic's current key of a kind; all its keys are fetched together, being needed together."""
    known = cache.current(clinic, kind)
    if known is None:
        for key in own_keys(clinic, lambda key: key.owner == kind):
            known = key
    return known


def own_keys(clinic: UUID, wanted: Callable[[Key], bool]) -> list[Key]:
    """Those of the clinic's own keys that are wanted, the newest last; while the vault is away, those that last."""
    try:
        return [key for key in load_clinic(clinic).values() if wanted(key)]
    except Unavailable:
        found = [key for key in cache.lasting(clinic) if wanted(key)]
        if not found:
            raise
        return found


def remember_clinics() -> int:
    """Have every clinic's own key at hand for when the vault is away; says how many there are."""
    with reaching_vault():
        rows = list(ClinicKey.objects.using(VAULT).filter(kind=KeyKind.CLINIC))
    for row in rows:
        cache.remember(Key(row.uid, row.clinic, row.kind, row.version, _unwrap_clinic(row, {})))
    return len(rows)


def load_clinic(clinic: UUID) -> dict[UUID, Key]:
    """All keys of the clinic itself, the newest of each kind last."""
    with reaching_vault():
        rows = list(ClinicKey.objects.using(VAULT).filter(clinic=clinic).order_by("version"))
    if not rows:
        cache.forget(clinic)
    found: dict[UUID, Key] = {}
    # Those wrapped by the keyring first: the others are wrapped by them.
    for row in sorted(rows, key=lambda row: row.kind != KeyKind.CLINIC):
        found[row.uid] = _opened(row, row.kind, _unwrap_clinic(row, found))
    return found


def _unwrap_clinic(row: ClinicKey, above: dict[UUID, Key]) -> bytes:
    context = row_context(row)
    if row.kind == KeyKind.CLINIC:
        return keyring().unwrap(row.kid, bytes(row.wrapped), context)
    parent = above.get(UUID(row.kid))
    if parent is None:
        raise Shredded("the key above this key is gone")
    return wrapping.unwrap(parent.secret, bytes(row.wrapped), context)


def row_context(row: ClinicKey) -> KeyContext:
    return context_for(row.clinic, row.kind, row.uid, row.version)


def root_of(clinic: UUID) -> Key:
    """The key above all subjects; it exists once the business associate agreement is signed."""
    root = clinic_key_of(clinic, KeyKind.SUBJECT_ROOT)
    if root is None:
        raise BaaRequired
    return root


def newest_subject_key(clinic: UUID, subject: UUID) -> Key | None:
    with reaching_vault():
        rows = SubjectKey.objects.using(VAULT).filter(clinic=clinic, subject=subject)
        newest = _subject_rows(rows.order_by("-version")[:1])
    return _open_subject(newest[0]) if newest else None


def load(clinic: UUID, key_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """Keys by id, in one query once the clinic's own keys are known; those that are gone are left out."""
    wanted = set(key_ids)
    found = {uid: key for uid in wanted if (key := cache.get(clinic, uid))}
    missing = wanted - found.keys()
    if not missing:
        return found
    if cache.current(clinic, KeyKind.CLINIC) is None:
        found |= {key.uid: key for key in own_keys(clinic, lambda key: key.uid in missing)}
        missing -= found.keys()
    if missing:
        with reaching_vault():
            rows = _subject_rows_by_id(clinic, list(missing))
        found |= {row.uid: _open_subject(row) for row in rows}
    return found


_BY_ID = "SELECT uid, clinic, subject, root, version, wrapped FROM vault_subjectkey WHERE clinic = %s AND uid = ANY(%s)"


def _subject_rows_by_id(clinic: UUID, uids: list[UUID]) -> list[_SubjectRow]:
    """Spelled out: each page that shows a list of people waits for it, and to compose it takes longer than to ask."""
    with connections[VAULT].cursor() as cursor:
        cursor.execute(_BY_ID, [clinic, uids])
        return [_SubjectRow(*each) for each in cursor.fetchall()]


def _subject_rows(rows: QuerySet[SubjectKey]) -> list[_SubjectRow]:
    return [_SubjectRow(*each) for each in rows.values_list(*_SubjectRow._fields)]


def _open_subject(row: _SubjectRow) -> Key:
    root = cache.get(row.clinic, row.root) or load_clinic(row.clinic).get(row.root)
    if root is None:
        raise Shredded("the key above this key is gone")
    context = context_for(row.clinic, SUBJECT, row.uid, row.version)
    return _opened(row, row.subject, wrapping.unwrap(root.secret, bytes(row.wrapped), context))


def _opened(row: ClinicKey | _SubjectRow, owner: UUID | str, secret: bytes) -> Key:
    key = Key(row.uid, row.clinic, owner, row.version, secret)
    cache.put(key)
    return key
