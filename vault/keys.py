"""The verbs on keys. Everything but provisioning speaks of the clinic we are in."""

import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NoReturn
from uuid import UUID
from weakref import WeakValueDictionary

from django.conf import settings
from django.db import IntegrityError, transaction

from core.clock import now
from core.context import PLATFORM, require_clinic, require_holder
from core.ids import uuid7
from vault import store, tombstones, wrapping
from vault.cache import Key
from vault.derive import KEY_BYTES
from vault.errors import KeyExists, NoSubjectKey, Shredded
from vault.models import VAULT, ClinicKey, KeyKind, SubjectKey
from vault.store import cache


class SubjectKeyDraft:
    """A subject's key that is not stored yet: it seals and opens in this thread while somebody holds it."""

    __slots__ = ("__weakref__", "kept", "key", "row")

    def __init__(self, key: Key, row: SubjectKey | None) -> None:
        self.key = key
        self.row = row
        self.kept = row is None

    def __repr__(self) -> str:
        return f"<SubjectKeyDraft {self.key.uid}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a draft does not travel")


class _Drafts(threading.local):
    """Drafts of this thread. Weakly held: an attempt that failed takes its key with it."""

    def __init__(self) -> None:
        self.by_subject: WeakValueDictionary[tuple[UUID, UUID], SubjectKeyDraft] = WeakValueDictionary()
        self.by_id: WeakValueDictionary[UUID, SubjectKeyDraft] = WeakValueDictionary()

    def add(self, draft: SubjectKeyDraft, subject: UUID) -> None:
        self.by_subject[draft.key.clinic, subject] = draft
        self.by_id[draft.key.uid] = draft

    def forget(self, clinic: UUID | None = None, subject: UUID | None = None) -> None:
        for (of_clinic, of_subject), draft in list(self.by_subject.items()):
            if clinic in (None, of_clinic) and subject in (None, of_subject):
                del self.by_subject[of_clinic, of_subject]
                self.by_id.pop(draft.key.uid, None)


_drafts = _Drafts()


# --- Provisioning ---


def create_clinic_keys(clinic: UUID) -> None:
    """The clinic key and the index key under it; nothing happens when they are there."""
    with _creating(clinic):
        top = store.clinic_key_of(clinic, KeyKind.CLINIC) or _create_top(clinic)
        if store.clinic_key_of(clinic, KeyKind.INDEX) is None:
            _create_under(top, KeyKind.INDEX)


def create_platform_keys() -> None:
    """The platform's own: what its staff signs in with, its outbox and its trail are sealed under them."""
    create_clinic_keys(PLATFORM.uid)


def create_subject_root(clinic: UUID) -> None:
    """What signing the business associate agreement brings about: from now on subjects can have keys."""
    if clinic == PLATFORM.uid:
        raise ValueError("the platform has no patients")
    with _creating(clinic):
        top = store.clinic_key_of(clinic, KeyKind.CLINIC)
        if top is None:
            raise Shredded("the clinic has no key")
        if store.clinic_key_of(clinic, KeyKind.SUBJECT_ROOT) is None:
            _create_under(top, KeyKind.SUBJECT_ROOT)


@contextmanager
def _creating(clinic: UUID) -> Iterator[None]:
    """One transaction; if it fails, this process must not go on with keys that were never stored."""
    try:
        with store.reaching_vault(), transaction.atomic(using=VAULT):
            yield
    except BaseException:
        cache.forget(clinic)
        raise


def _create_top(clinic: UUID) -> Key:
    row = ClinicKey(clinic=clinic, kind=KeyKind.CLINIC)
    key = Key(row.uid, clinic, row.kind, row.version, secrets.token_bytes(KEY_BYTES))
    row.kid, row.wrapped = store.keyring().wrap(key.secret, store.row_context(row))
    row.save(using=VAULT, force_insert=True)
    return key


def _create_under(top: Key, kind: KeyKind) -> None:
    row = ClinicKey(clinic=top.clinic, kind=kind, kid=str(top.uid))
    row.wrapped = wrapping.wrap(top.secret, secrets.token_bytes(KEY_BYTES), store.row_context(row))
    row.save(using=VAULT, force_insert=True)


def rewrap_clinic_keys() -> int:
    """Wrap by the keyring's active key what older ones wrapped; says how many. Can be stopped and rerun."""
    ring, done = store.keyring(), 0
    with store.reaching_vault():
        rows = ClinicKey.objects.using(VAULT).filter(kind=KeyKind.CLINIC).exclude(kid=ring.active_kid())
        for row in rows.iterator():
            context = store.row_context(row)
            kid, wrapped = ring.wrap(ring.unwrap(row.kid, bytes(row.wrapped), context), context)
            done += (
                ClinicKey.objects.using(VAULT)
                .filter(uid=row.uid, kid=row.kid)
                .update(kid=kid, wrapped=wrapped)
            )
    return done


def forget_clinic(clinic: UUID, *, at: datetime | None = None) -> None:
    """Destroy all keys of a clinic, and with them everything it sealed; no restored backup brings them back."""
    if clinic == PLATFORM.uid:
        raise ValueError(
            "the platform's keys open its staff's second factors and its trail; they are not dropped"
        )
    with store.reaching_vault(), transaction.atomic(using=VAULT):
        subjects = SubjectKey.objects.using(VAULT).filter(clinic=clinic)
        own = ClinicKey.objects.using(VAULT).filter(clinic=clinic)
        tombstones.bury([*subjects, *own], stores_of_tombstones(), at=at or now())
        subjects.delete()
        own.delete()
    cache.forget(clinic)
    _drafts.forget(clinic)


def stores_of_tombstones() -> tuple[Path, Path]:
    """Where the ledger of destroyed keys lies: two places that must not be lost together."""
    return Path(settings.TOMBSTONES_PATH), Path(settings.TOMBSTONES_COPY_PATH)


# --- The clinic's own keys ---


def clinic_key() -> Key:
    """For what is the clinic's own: credentials, staff details."""
    return _own(KeyKind.CLINIC)


def index_key() -> Key:
    """For blind indexes only."""
    return _own(KeyKind.INDEX)


def _own(kind: KeyKind) -> Key:
    key = store.clinic_key_of(require_holder().uid, kind)
    if key is None:
        raise Shredded("the clinic, or the platform, has no key")
    return key


# --- Keys of subjects ---


def draw_subject_key(subject: UUID) -> SubjectKeyDraft:
    """A key for a new subject, without touching the vault's tables.

    1. It is made here, and seals at once, in this thread, for as long as the draft is held.
    2. keep() stores it as the last statement before COMMIT: who loses the race for a slot leaves no key.
    3. A subject whose stored key this process knows gets that one, so a retry after keep() is no second key.
    """
    clinic = require_clinic().uid
    draft = _drafts.by_subject.get((clinic, subject))
    if draft is None:
        known = cache.current(clinic, subject)
        draft = SubjectKeyDraft(known, None) if known else _new_draft(clinic, subject)
        _drafts.add(draft, subject)
    return draft


def _new_draft(clinic: UUID, subject: UUID) -> SubjectKeyDraft:
    root = store.root_of(clinic)
    key = Key(uuid7(), clinic, subject, 1, secrets.token_bytes(KEY_BYTES))
    context = store.context_for(clinic, store.SUBJECT, key.uid, key.version)
    wrapped = wrapping.wrap(root.secret, key.secret, context)
    row = SubjectKey(
        uid=key.uid, clinic=clinic, subject=subject, version=key.version, root=root.uid, wrapped=wrapped
    )
    return SubjectKeyDraft(key, row)


def keep(draft: SubjectKeyDraft) -> Key:
    """Store the drawn key: one INSERT. KeyExists when the subject got one from somebody else meanwhile."""
    if draft.kept or draft.row is None:
        return draft.key
    try:
        with store.reaching_vault():
            draft.row.save(using=VAULT, force_insert=True)
    except IntegrityError as error:
        raise KeyExists("the subject has a key already") from error
    transaction.on_commit(partial(_stored, draft), using=VAULT)
    return draft.key


def _stored(draft: SubjectKeyDraft) -> None:
    draft.kept = True
    cache.put(draft.key)


def ensure_subject_key(subject: UUID) -> Key:
    """The subject's key, made now if there is none."""
    try:
        return subject_key(subject)
    except NoSubjectKey:
        draft = draw_subject_key(subject)
    try:
        return keep(draft)
    except KeyExists:
        _drafts.forget(draft.key.clinic, subject)
        return subject_key(subject)


def subject_key(subject: UUID) -> Key:
    """The key with which new things of the subject are sealed."""
    clinic = require_clinic().uid
    draft = _drafts.by_subject.get((clinic, subject))
    key = draft.key if draft else cache.current(clinic, subject)
    if key is None:
        store.root_of(clinic)
        key = store.newest_subject_key(clinic, subject)
    if key is None:
        raise NoSubjectKey("draw the subject's key first")
    return key


def key_by_id(key_id: UUID) -> Key:
    """The key that a token names; Shredded when it is gone."""
    clinic = require_holder().uid
    draft = _drafts.by_id.get(key_id)
    if draft is not None and draft.key.clinic == clinic:
        return draft.key
    key = cache.get(clinic, key_id) or store.load(clinic, [key_id]).get(key_id)
    if key is None:
        raise Shredded("the key is gone")
    return key


def warm(key_ids: Iterable[UUID]) -> None:
    """Fetch many keys in one query, before their tokens are opened one by one."""
    store.load(require_holder().uid, key_ids)


def forget(subject: UUID) -> None:
    """Drop the subject's keys from this process, and its draft from this thread."""
    clinic = require_clinic().uid
    cache.forget(clinic, subject)
    _drafts.forget(clinic, subject)


def forget_all() -> None:
    """Drop every unwrapped key from this process, and the drafts of this thread."""
    cache.clear()
    _drafts.forget()
