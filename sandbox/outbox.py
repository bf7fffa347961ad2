"""The outbox as programs and people ask for it: filtered, newest last for programs, first for people."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.store import Entry, Store
from sandbox.wire import BadRequest


def rows(store: Store, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the application sent, oldest first; `direction=in` or `all` adds what it was sent."""
    return [entry.shown() for entry in chosen(store, query)]


def chosen(store: Store, query: Mapping[str, str]) -> list[Entry]:
    to, provider, kind = query.get("to", ""), query.get("provider", ""), query.get("kind", "")
    since = _since(query.get("since", ""))
    direction = query.get("direction", "out")
    if direction not in {"in", "out", "all"}:
        raise BadRequest("direction must be in, out or all.")
    return [
        entry
        for entry in store.entries()
        if (direction == "all" or entry.inbound == (direction == "in"))
        and (not to or _is_address(entry, to))
        and (not provider or entry.provider == provider)
        and (not kind or entry.kind == kind)
        and (since is None or datetime.fromisoformat(entry.at) >= since)
    ]


def _is_address(entry: Entry, wanted: str) -> bool:
    """A number however it is written, a mail address in any case; an inbound text by its sender."""
    found = entry.sender if entry.inbound else entry.to
    if "@" in wanted:
        return wanted.strip().casefold() in {
            a.casefold() for a in (found, *entry.details.get("recipients", []))
        }
    digits = re.sub(r"\D", "", wanted)
    return bool(digits) and re.sub(r"\D", "", found) == digits


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+"))  # a bare + in a query arrives as a space
    except ValueError as error:
        raise BadRequest("since must be a moment in ISO 8601, like 2026-03-01T09:00:00Z.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
