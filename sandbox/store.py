"""Everything the sandbox remembers: messages, opt-outs, accounts, numbers, idempotency keys.

Each change is one JSON line: appended to the state file first, then applied. Starting is applying
the file again, so a killed process comes back with all it had answered for.
"""

import json
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
Op = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A message in one direction, as a provider would list it."""

    provider: str
    kind: str  # sms, whatsapp, email, call
    id: str
    at: str  # ISO 8601, UTC
    to: str
    sender: str
    body: str
    status: str
    direction: str = "outbound-api"  # Twilio's words; e-mail is outbound-api too
    source: str = "application"  # application, service (the provider's own answer), patient
    account: str = ""
    sent_at: str = ""
    error_code: str = ""
    callback: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def inbound(self) -> bool:
        return self.direction == "inbound"

    def shown(self) -> dict[str, Any]:
        """The public form, of /outbox.json."""
        row = {
            "provider": self.provider,
            "kind": self.kind,
            "at": self.at,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "id": self.id,
            "status": self.status,
            "subject": "",
            "attachments": [],
            "direction": self.direction,
            "source": self.source,
            "account": self.account,
            "error_code": self.error_code,
            "status_callback": self.callback,
        }
        return row | self.details


def stamp(at: datetime | None = None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="microseconds")


class Store:
    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._path = path
        self._file: int | None = None
        self._clear()
        self._accounts: dict[str, dict[str, str]] = {}
        self._numbers: dict[str, tuple[str, bool]] = {}
        if path:
            self._load(path)

    def _clear(self) -> None:
        self._entries: dict[str, Entry] = {}  # in the order they came
        self._opt_outs: set[tuple[str, str]] = set()
        self._keys: dict[str, tuple[str, Any]] = {}

    # --- changes ---------------------------------------------------------------------------------

    def add(self, entry: Entry) -> None:
        self._record({"op": "add", "entry": asdict(entry)})

    def set_status(self, id_: str, status: str, *, error_code: str = "", sent_at: str = "") -> Entry | None:
        with self.lock:
            if id_ not in self._entries:
                return None
            self._record(
                {"op": "status", "id": id_, "status": status, "error_code": error_code, "sent_at": sent_at}
            )
            return self._entries[id_]

    def set_opt_out(self, sender: str, recipient: str, *, stopped: bool) -> None:
        self._record({"op": "opt_out", "sender": sender, "recipient": recipient, "stopped": stopped})

    def add_account(self, sid: str, name: str) -> None:
        self._record({"op": "account", "sid": sid, "name": name, "at": stamp()})

    def own_number(self, number: str, account: str, *, bought: bool = False) -> bool:
        """Note whose number it is; False when another account has bought it."""
        with self.lock:
            owner, was_bought = self._numbers.get(number, ("", False))
            if was_bought and owner != account:
                return False
            if owner != account or (bought and not was_bought):
                self._record({"op": "number", "number": number, "account": account, "bought": bought})
            return True

    def once(self, key: str, digest: str, make: Callable[[], Any]) -> tuple[bool, Any]:
        """(same request, answer) for an idempotency key: made the first time, remembered after."""
        with self.lock:
            if key in self._keys:
                known, answer = self._keys[key]
                return known == digest, answer
            answer = make()
            self._record({"op": "key", "key": key, "digest": digest, "answer": answer})
            return True, answer

    def reset(self) -> None:
        """Forget all messages; accounts and numbers stay, as they would at the provider."""
        with self.lock:
            self._clear()
            if self._path and self._file is not None:
                os.close(self._file)
                self._path.unlink(missing_ok=True)
                self._file = _open(self._path)
            for sid, account in list(self._accounts.items()):
                self._record({"op": "account", "sid": sid, **account})
            for number, (sid, bought) in list(self._numbers.items()):
                self._record({"op": "number", "number": number, "account": sid, "bought": bought})

    # --- questions -------------------------------------------------------------------------------

    def get(self, id_: str) -> Entry | None:
        with self.lock:
            return self._entries.get(id_)

    def entries(self) -> list[Entry]:
        """Oldest first."""
        with self.lock:
            return list(self._entries.values())

    def is_stopped(self, sender: str, recipient: str) -> bool:
        with self.lock:
            return (sender, recipient) in self._opt_outs

    def account(self, sid: str) -> dict[str, str] | None:
        with self.lock:
            return self._accounts.get(sid)

    def owner_of(self, number: str) -> str | None:
        with self.lock:
            return self._numbers.get(number, (None, False))[0]

    def numbers_of(self, account: str) -> list[str]:
        with self.lock:
            return [number for number, (owner, _) in self._numbers.items() if owner == account]

    # --- the journal -----------------------------------------------------------------------------

    def _record(self, op: Op) -> None:
        with self.lock:
            if self._file is not None:
                os.write(self._file, json.dumps(op).encode() + b"\n")
            self._apply(op)

    def _apply(self, op: Op) -> None:
        match op["op"]:
            case "add":
                entry = Entry(**op["entry"])
                self._entries[entry.id] = entry
            case "status":
                known = self._entries[op["id"]]
                sent_at = op["sent_at"] or known.sent_at
                changed = replace(known, status=op["status"], error_code=op["error_code"], sent_at=sent_at)
                self._entries[known.id] = changed
            case "opt_out":
                pair = (op["sender"], op["recipient"])
                (self._opt_outs.add if op["stopped"] else self._opt_outs.discard)(pair)
            case "account":
                self._accounts[op["sid"]] = {"name": op["name"], "at": op["at"]}
            case "number":
                self._numbers[op["number"]] = (op["account"], op["bought"])
            case "key":
                self._keys[op["key"]] = (op["digest"], op["answer"])

    def _load(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = []
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            try:
                self._apply(json.loads(line))
            except (ValueError, KeyError, TypeError):
                logger.warning("a line of the state file cannot be read and is dropped")
                continue
            kept.append(line.rstrip(b"\n") + b"\n")
        whole = b"".join(kept)
        self._file = _open(path)
        if path.stat().st_size != len(whole):  # a torn line must not swallow the next one
            os.ftruncate(self._file, 0)
            os.write(self._file, whole)


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
