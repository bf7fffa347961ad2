"""Reading the chain again: every row that was updated, deleted, inserted, swapped or cut off is named.

Works on the schema the connection serves. Sources: the links say what was recorded, the bodies what was said, the
columns what is shown, the head how long the chain was, an anchor how long it was known to be outside the database.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from audit import body
from audit.models import Event, Head

GENESIS = bytes(32)


class Kind(StrEnum):
    UPDATED = "updated"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"


@dataclass(frozen=True, order=True)
class Damage:
    """What is wrong at which place of the chain; `seq` of an inserted row is where it would stand."""

    seq: int
    kind: Kind

    def __str__(self) -> str:
        return f"seq {self.seq}: {self.kind}"


@dataclass(frozen=True)
class Known:
    """What an anchor outside the database remembers of this chain."""

    seq: int
    hash: bytes


@dataclass
class _Mismatch:
    seq: int
    prev: bytes
    hash: bytes
    body_hash: bytes


def forge(prev: bytes, seq: int, body_hash: bytes) -> bytes:
    """The hash of a link, as the database's trigger makes it."""
    return hashlib.sha256(prev + seq.to_bytes(8, "big") + body_hash).digest()


def verify_chain(known: list[Known] | None = None) -> list[Damage]:
    """Everything that is wrong, in order; an intact chain gives an empty list."""
    with transaction.atomic():
        head = Head.objects.get(pk=1)
        found, last_seq, hashes = _walk({item.seq for item in known or []})
        found += _loose_events()
        found += _against_head(head, last_seq)
        for item in known or []:
            found += _against_anchor(item, last_seq, hashes)
    return sorted(set(found))


def _walk(wanted: set[int]) -> tuple[list[Damage], int, dict[int, bytes]]:
    found: list[Damage] = []
    mismatches: list[_Mismatch] = []
    hashes: dict[int, bytes] = {}
    last_seq, last_hash = 0, GENESIS
    for seq, prev, recorded, event in _links():
        found += [Damage(missing, Kind.DELETED) for missing in range(last_seq + 1, min(seq, last_seq + 1001))]
        gap = seq != last_seq + 1
        if event is None:
            found.append(Damage(seq, Kind.DELETED))
        else:
            body_hash = hashlib.sha256(bytes(event.body)).digest()
            if forge(prev, seq, body_hash) != recorded:
                mismatches.append(_Mismatch(seq, prev, recorded, body_hash))
            elif not body.agrees(event) or (prev != last_hash and not gap):
                found.append(Damage(seq, Kind.UPDATED))
        if seq in wanted:
            hashes[seq] = recorded
        last_seq, last_hash = seq, recorded
    return found + _classify(mismatches), last_seq, hashes


def _classify(mismatches: list[_Mismatch]) -> list[Damage]:
    """Two places whose bodies fit each other's links were swapped; any other was updated."""
    by_body = {one.body_hash: one for one in mismatches}
    found = []
    for one in mismatches:
        fits = any(forge(one.prev, one.seq, other) == one.hash for other in by_body if other != one.body_hash)
        found.append(Damage(one.seq, Kind.SWAPPED if fits else Kind.UPDATED))
    return found


def _links() -> Iterator[tuple[int, bytes, bytes, Event | None]]:
    """The links in order, each with its event, streamed."""
    columns = [str(field.column) for field in Event._meta.concrete_fields]
    names = ", ".join(f"e.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            # The names are the model's own.
            "DECLARE audit_walk NO SCROLL CURSOR FOR "  # noqa: S608
            f"SELECT l.seq, l.prev, l.hash, {names} FROM audit_link l"
            " LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.seq"
        )
        while rows := _fetch(cursor):
            for seq, prev, recorded, *values in rows:
                event = Event.from_db("default", columns, values) if values[0] is not None else None
                yield seq, bytes(prev), bytes(recorded), event
        cursor.execute("CLOSE audit_walk")


def _fetch(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute("FETCH 2000 FROM audit_walk")
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _loose_events() -> list[Damage]:
    """Events that the chain never saw."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_event e WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)"
        )
        loose: list[UUID] = [row[0] for row in cursor.fetchall()]
        found = []
        for event_id in loose:
            cursor.execute("SELECT coalesce(max(seq), 0) FROM audit_link WHERE event_id < %s", [event_id])
            found.append(Damage(cursor.fetchone()[0] + 1, Kind.INSERTED))
    return found


def _against_head(head: Head, last_seq: int) -> list[Damage]:
    if last_seq < head.seq:
        return [Damage(last_seq + 1, Kind.TRUNCATED)]
    return [Damage(seq, Kind.INSERTED) for seq in range(head.seq + 1, last_seq + 1)]


def _against_anchor(item: Known, last_seq: int, hashes: dict[int, bytes]) -> list[Damage]:
    if last_seq < item.seq:
        return [Damage(last_seq + 1, Kind.TRUNCATED)]
    if item.seq and hashes.get(item.seq) != item.hash:
        return [Damage(item.seq, Kind.UPDATED)]
    return []
