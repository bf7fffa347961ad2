"""The restore drill: servers of its own for the length of it, the real set, the real keys, and a report."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from medspa.backup import manifest
from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault
from medspa.embedded.postgres import PostgresServer
from medspa.environment import BASE_DIR

DATABASE, VAULT = "test_drill", "test_drill_vault"


def drill(folder: Path, *more: str) -> dict[str, Any]:
    """Restore `folder` into scratch servers, examine it there, throw the servers away."""
    began = time.monotonic()
    try:
        manifest.peek(folder)
    except manifest.BadSet as problem:
        return {"ok": False, "error": str(problem), "set": folder.name}
    scratch = Path(tempfile.mkdtemp(prefix="medspa-drill-"))
    scratch.chmod(0o711)
    servers = [PostgresServer(scratch / name, fast=True) for name in ("main", "vault")]
    try:
        for server in servers:
            server.popen()
        for server in servers:
            server.wait_ready()
        done = subprocess.run(
            [sys.executable, str(BASE_DIR / "manage.py"), "restore", "--from", str(folder), "--json", *more],
            env=_surroundings(_environment(*servers)),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    report = _report(done)
    return {**report, "set": folder.name, "seconds": round(time.monotonic() - began, 1)}


def _surroundings(ours: dict[str, str]) -> dict[str, str]:
    """Ours win: a NAME_FILE of the real servers would come before the NAME of the scratch ones."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in ours}
    return {**kept, **ours}


def _environment(main: PostgresServer, vault: PostgresServer) -> dict[str, str]:
    names = ("app_owner", "app_login", "vault_login")
    passwords = {name: secrets.token_hex(16) for name in names}
    bootstrap_main(main, database=DATABASE, passwords=passwords)
    bootstrap_vault(vault, database=VAULT, passwords=passwords)
    return {
        "DATABASE_URL": main.dsn("app_login", passwords["app_login"], DATABASE),
        "OWNER_DATABASE_URL": main.dsn("app_owner", passwords["app_owner"], DATABASE),
        "VAULT_DATABASE_URL": vault.dsn("vault_login", passwords["vault_login"], VAULT),
        "KEYRING_PATH": settings.KEYRING_PATH,
        "BACKUP_KEY_PATH": settings.BACKUP_KEY_PATH,
        "TOMBSTONES_PATH": settings.TOMBSTONES_PATH,
        "TOMBSTONES_COPY_PATH": settings.TOMBSTONES_COPY_PATH,
        "PG_BIN": "",  # the scratch servers are the wheel's, and so are the programs that know them
    }


def _report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return {"ok": False, "error": (done.stderr or done.stdout).strip()[-2000:]}
    return report
