"""Writing the trail. `record` writes in the caller's transaction; `note_read` and `note_list` fill the request's
buffer, which the middleware writes after rendering and before a byte is sent: no audit, no data.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction

from audit import rows
from audit.actors import Actor
from audit.body import encode
from audit.buffer import Trail, current, trail
from audit.models import AccessLog, AddressKey, Event
from core.clock import now
from core.ids import uuid7
from vault.sealing import seal_bytes

DETAIL_TAG = "audit.event.detail/1"
Object = models.Model | tuple[str, str]

__all__ = ["flush", "note_list", "note_read", "record", "trail"]


def record(
    verb: str,
    *,
    by: Actor,
    on: Object,
    patient: UUID | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Something was done. Call it in the transaction that does it; raises outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb} must be recorded in the transaction that does it")
    event = _event(verb, by=by, on=on, patient=patient, detail=detail, at=at)
    _save([event])
    return event


def note_read(verb: str, *, by: Actor, on: Object, patient: UUID | None = None, alone: bool = False) -> None:
    """Somebody sees a person: one event per (request, patient, verb); `alone` for notes and photos."""
    opened = current.get()
    event = _event(verb, by=by, on=on, patient=patient)
    if opened is None:
        _save([event])
        return
    key = (verb, patient, event.object_type, event.object_id if alone or patient is None else "")
    opened.reads.setdefault(key, event)


def note_list(verb: str, *, by: Actor, kind: str, shown: Iterable[UUID]) -> None:
    """Somebody sees a list: one event with the persons it showed."""
    persons = sorted(set(shown))
    opened = current.get()
    event = _event(verb, by=by, on=(kind, ""), shown=persons)
    if opened is None:
        _save([event])
        return
    opened.reads.setdefault((verb, kind, tuple(persons)), event)


def flush(opened: Trail) -> None:
    """Write the request's reads: all or none of them."""
    if opened.reads:
        _save(list(opened.reads.values()))
        opened.reads.clear()


def _event(
    verb: str,
    *,
    by: Actor,
    on: Object,
    patient: UUID | None = None,
    shown: list[UUID] | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    opened = current.get()
    kind, object_id = on if isinstance(on, tuple) else (on._meta.label_lower, _name_of(on))
    event = Event(
        id=uuid7(),
        at=at or now(),
        actor_kind=by.kind,
        actor_id=by.id,
        on_behalf=by.on_behalf,
        verb=verb,
        object_type=kind,
        object_id=object_id,
        patient_id=patient,
        shown=shown or [],
        request_id=opened.request_id if opened else None,
    )
    if detail:
        text = json.dumps(detail, sort_keys=True, separators=(",", ":"), default=str)
        event.detail = seal_bytes(text.encode(), tag=DETAIL_TAG, row=event.id, subject=patient)
    return event


def _name_of(row: models.Model) -> str:
    return str(getattr(row, "uid", None) or row.pk)


def _save(events: list[Event]) -> None:
    opened = current.get()
    if opened:
        _describe_request(opened, events)
    for event in events:
        event.body = encode(event)
    rows.insert(events, _access(opened, events[0].at) if opened else None)


def _describe_request(opened: Trail, events: list[Event]) -> None:
    agent_hash = hashlib.sha256(opened.agent.encode()).digest()[:16] if opened.agent else b""
    key = _address_key(events[0].at.year) if opened.ip else b""
    ip_hash = hmac.digest(key, opened.ip.encode(), "sha256")[:16] if opened.ip else b""
    for event in events:
        event.ip_hash, event.agent_hash = ip_hash, agent_hash


def _access(opened: Trail, at: datetime) -> AccessLog:
    return AccessLog(request_id=opened.request_id, at=at, ip=opened.ip)


_address_keys: dict[tuple[str, int], bytes] = {}


def _address_key(year: int) -> bytes:
    """This schema's key of the year; made by whoever needs it first."""
    place = (getattr(connection, "schema_name", ""), year)
    if place not in _address_keys:
        kept = AddressKey.objects.filter(year=year).first()
        if kept is None:
            try:
                with transaction.atomic():
                    kept = AddressKey.objects.create(year=year, key=secrets.token_bytes(32))
            except IntegrityError:
                kept = AddressKey.objects.get(year=year)
            # Not remembered before the surrounding transaction is sure to be kept.
            return bytes(kept.key)
        _address_keys[place] = bytes(kept.key)
    return _address_keys[place]
