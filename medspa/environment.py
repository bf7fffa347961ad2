"""What this process was told: the environment first, then the servers that `manage.py up` runs.

A process is of one kind (MEDSPA_PROCESS, or the management command it was started with). Only a kind that
migrates or provisions may hold the owner's database login; any other that finds it refuses to start.
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("MEDSPA_VAR", BASE_DIR / "var"))
SERVERS_FILE = VAR_DIR / "servers.json"

OWNER_PROCESSES = {"provision", "owner", "test"}
OWNER_COMMANDS = {
    "up",
    "migrate",
    "create_clinic",
    "demo",
    "rebuild_template",
    "drop_clinic",
    "backup",
    "restore",
}


def process_kind() -> str:
    """web, worker, provision, beat, up, test, owner (a command that may own) or manage."""
    named = os.environ.get("MEDSPA_PROCESS")
    command = sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[0]).name == "manage.py" else ""
    if command in OWNER_COMMANDS:
        return "owner"
    return named or "manage"


def read_servers_file() -> dict[str, str]:
    """The addresses and secrets of the embedded servers; empty before the first `up`."""
    try:
        text = SERVERS_FILE.read_text()
    except FileNotFoundError:
        return {}
    values: dict[str, str] = json.loads(text)
    return values


class Environment:
    """Typed look-ups that refuse nonsense instead of guessing."""

    def __init__(self) -> None:
        self.kind = process_kind()
        self.may_own = self.kind in OWNER_PROCESSES
        self.file = read_servers_file()
        if {"OWNER_DATABASE_URL", "OWNER_DATABASE_URL_FILE"} & os.environ.keys() and not self.may_own:
            raise ImproperlyConfigured(
                f"OWNER_DATABASE_URL is set, but a {self.kind} process must not hold the owner's login. "
                "Give it to `migrate` and to the provision worker only."
            )

    def get(self, name: str, default: str = "") -> str:
        if f"{name}_FILE" in os.environ:
            path = Path(os.environ[f"{name}_FILE"])
            if not path.is_file():
                raise ImproperlyConfigured(f"{name}_FILE names {path}, which is not a file.")
            return path.read_text().strip()
        return os.environ.get(name, self.file.get(name, default))

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.get(name)
        if value == "":
            return default
        if value in {"1", "true", "True"}:
            return True
        if value in {"0", "false", "False"}:
            return False
        raise ImproperlyConfigured(f"{name} must be 1 or 0, true or false; it is {value!r}.")

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.get(name, str(default))
        if not value.isdigit() or int(value) < least:
            raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}; it is {value!r}.")
        return int(value)

    def choice(self, name: str, default: str, choices: set[str]) -> str:
        value = self.get(name, default)
        if value not in choices:
            raise ImproperlyConfigured(
                f"{name} must be one of {', '.join(sorted(choices))}; it is {value!r}."
            )
        return value


def database(url: str, *, engine: str, options: dict[str, object] | None = None) -> dict[str, object]:
    """A Django DATABASES entry from a postgresql:// URL; a socket folder travels as ?host=/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("A database URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or unquote(parts.hostname or "")
    if ":6432" in url or query.pop("pool_mode", "") == "transaction":
        raise ImproperlyConfigured(
            "A pooler in transaction mode would mix clinics: connect to PostgreSQL directly or in session mode."
        )
    return {
        "ENGINE": engine,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {**query, **(options or {})},
        "TEST": {"NAME": unquote(parts.path.lstrip("/"))},
    }
