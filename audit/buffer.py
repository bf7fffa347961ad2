"""The request that is being answered, and the reads it has to answer for. Knows no table: logging uses it too."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Trail:
    """What one request was, and its unwritten events, each once."""

    request_id: UUID
    ip: str | None = None
    agent: str = ""
    reads: dict[tuple[Any, ...], Any] = field(default_factory=dict)


current: ContextVar[Trail | None] = ContextVar("audit_trail", default=None)


@contextmanager
def trail(request_id: UUID, *, ip: str | None, agent: str) -> Iterator[Trail]:
    opened = Trail(request_id, ip, agent)
    token = current.set(opened)
    try:
        yield opened
    finally:
        current.reset(token)
