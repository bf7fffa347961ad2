"""The folder `var/`: generated secrets, the addresses of the servers, and what each child is told of them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from medspa.embedded.places import hold_lock, secret, write_secret
from medspa.embedded.process import AlreadyRunningError, ServerError

OWNER = "OWNER_DATABASE_URL"


class Home:
    """`var/` of one checkout, and the environment `up` was started with."""

    def __init__(self, base: Path, var: Path, environ: Mapping[str, str]) -> None:
        self.base = base
        self.var = var
        self.environ = environ
        self.port = int(environ.get("PORT", "8000"))
        self.sandbox_port = int(environ.get("SANDBOX_PORT", str(self.port + 1)))
        self.s3_port = int(environ.get("S3_PORT", str(self.port + 2)))

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def take(self) -> int:
        """Make the folders and hold the lock of this checkout."""
        self.var.mkdir(parents=True, exist_ok=True)
        # Root's servers run as another user, who must be able to pass through, but not to look around.
        self.var.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.secrets, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        lock = self.var / "up.lock"
        try:
            descriptor = hold_lock(lock, "medspa")
        except AlreadyRunningError:
            who = lock.read_text(encoding="ascii").strip() or "unknown"
            raise AlreadyRunningError(
                f"medspa is already running here (process {who}): use it, or press Ctrl-C there first."
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def secret(self, name: str, size: int = 32) -> str:
        return secret(self.secrets / name, size)

    def given(self, name: str) -> str | None:
        return self.environ.get(name) or None

    def providers(self) -> dict[str, str]:
        """The sandbox's address and credentials, for each provider that has no live key."""
        base = self.given("SANDBOX_URL") or f"http://127.0.0.1:{self.sandbox_port}"
        values: dict[str, str] = {}
        if self.given("TWILIO_AUTH_TOKEN") is None:
            account = hashlib.sha256(self.secret("twilio_account").encode()).hexdigest()[:32]
            token = hashlib.sha256(self.secret("twilio_token").encode()).hexdigest()[:32]
            values["TWILIO_ACCOUNT_SID"] = f"AC{account}"
            values["TWILIO_AUTH_TOKEN"] = token
            values["TWILIO_API_BASE_URL"] = base
        if self.given("RESEND_API_KEY") is None:
            signing = hashlib.sha256(self.secret("resend_signing").encode()).digest()
            values["RESEND_API_KEY"] = f"re_{self.secret('resend_key')}"
            values["RESEND_SIGNING_SECRET"] = f"whsec_{base64.b64encode(signing).decode()}"
            values["RESEND_API_URL"] = base
        if values:
            values["SANDBOX_URL"] = base
        return values

    def write_servers(self, values: Mapping[str, str]) -> None:
        write_secret(self.var / "servers.json", json.dumps(dict(values), indent=1, sort_keys=True) + "\n")

    def child_environment(
        self, values: Mapping[str, str], kind: str, *, owner: bool = False, **more: str
    ) -> dict[str, str]:
        """Everything we were told and found out, but the owner's login only for those who may hold it."""
        told = {**self.environ, **values, **more, "MEDSPA_PROCESS": kind, "PYTHONUNBUFFERED": "1"}
        told["DJANGO_SETTINGS_MODULE"] = self.environ.get("DJANGO_SETTINGS_MODULE", "medspa.settings")
        if not owner:
            told.pop(OWNER, None)
        return told

    def changed(self, name: str, digest: str) -> bool:
        stamp = self.var / "stamps" / name
        return not stamp.exists() or stamp.read_text(encoding="ascii") != digest

    def remember(self, name: str, digest: str) -> None:
        stamp = self.var / "stamps" / name
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest, encoding="ascii")


def check_replaced(environ: Mapping[str, str]) -> None:
    """The main database has two logins: whoever brings it brings both."""
    have = {name for name in ("DATABASE_URL", OWNER) if environ.get(name)}
    if len(have) == 1:
        missing = ({"DATABASE_URL", OWNER} - have).pop()
        raise ServerError(f"{have.pop()} is set but {missing} is not: set both, or neither.")


def files_digest(places: Iterable[Path]) -> str:
    """Changes when a file below `places` is added, removed or written."""
    seen = hashlib.sha256()
    for place in places:
        for path in sorted([place, *place.rglob("*")]) if place.is_dir() else [place]:
            if path.is_file():
                found = path.stat()
                seen.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def texts_digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
