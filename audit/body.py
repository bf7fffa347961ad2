"""The canonical form of an event: what the chain hashes, and what the verifier re-derives the columns from."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from audit.models import Event

MAGIC = b"msp-audit/1\n"
FIELDS = (
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "on_behalf",
    "verb",
    "object_type",
    "object_id",
    "patient_id",
    "shown",
    "request_id",
    "ip_hash",
    "agent_hash",
    "detail",
)


def encode(event: Event) -> bytes:
    """Sorted keys, no blanks, ids and bytes as text: the same event always gives the same bytes."""
    values = {name: _plain(getattr(event, name)) for name in FIELDS}
    return MAGIC + json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def agrees(event: Event) -> bool:
    """Whether the columns still say what the body says."""
    return bytes(event.body) == encode(event)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
