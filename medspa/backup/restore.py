"""Bringing a set back into empty databases. The vault first, and destroyed keys destroyed again, before there is
anything to open with them; the main instance last and in one transaction, so the product is closed until it is whole.
"""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import sql

from medspa.backup import census, manifest, sealing
from medspa.backup.dump import ALIASES, DumpFailed
from medspa.backup.manifest import MAIN, VAULT, BadSet, Manifest, Part
from tenants import programs
from tenants.grants import membership_sql
from tenants.names import ROLE_KINDS, check_schema_name, role_for
from vault import tombstones
from vault.keys import stores_of_tombstones
from vault.tombstones import Ledger

KEY_TABLES = ("vault_subjectkey", "vault_clinickey")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What is to be restored, and with which keys."""

    folder: Path
    key: bytes
    vault_folder: Path | None  # another set's vault part; the set's own by default
    keep_vault: bool  # the vault that runs is the right one: only destroyed keys are destroyed again


@dataclass(frozen=True)
class Restored:
    """What was done; `destroyed` counts keys by table."""

    told: Manifest
    vault_told: Manifest | None
    destroyed: dict[str, int]
    closed: int


def restore(wish: Wish, say: Say) -> Restored:
    """Everything is checked before anything is written. Raises BadSet, DumpFailed or Unreadable."""
    told = manifest.read(wish.folder, wish.key)
    vault_folder = wish.vault_folder or wish.folder
    vault_told = None if wish.keep_vault else manifest.read(vault_folder, wish.key)
    ledger = _checked_ledger([one for one in (told, vault_told) if one])
    for one in (told, vault_told):
        if one and one.env != settings.VAULT_ENV:
            raise BadSet(f"The set is of {one.env!r} and this is {settings.VAULT_ENV!r}: no key would open.")
    say("checking the files …")
    main_file = manifest.check_part(wish.folder, told.parts[MAIN])
    vault_file = manifest.check_part(vault_folder, vault_told.parts[VAULT]) if vault_told else None
    with open_database(MAIN) as main, open_database(VAULT) as vault:
        _refuse_what_is_there(MAIN, main)
        if vault_file:
            _refuse_what_is_there(VAULT, vault)
        elif "vault_subjectkey" not in census.tables(vault).get("public", []):
            raise BadSet("--keep-vault: the vault's database is empty.")
    if vault_file and vault_told:
        say("the vault …")
        _load(VAULT, vault_file, vault_told.parts[VAULT], wish.key)
    with open_database(VAULT) as vault:
        destroyed = destroy_again(vault, ledger)
    say(f"{sum(destroyed.values())} keys of the ledger destroyed again")
    with open_database(MAIN) as main:
        make_roles(main, list(told.clinics))
    say("the main database …")
    _load(MAIN, main_file, told.parts[MAIN], wish.key)
    with open_database(MAIN) as main:
        raise_sequences(main)
        closed = close_clinics(main, ledger.clinics)
    return Restored(told, vault_told, destroyed, closed)


def destroy_again(vault: census.Connection, ledger: Ledger) -> dict[str, int]:
    """Every key that the ledger names is gone afterwards; looked at once more before anybody may go on."""
    destroyed = {}
    with vault.transaction():
        for table in KEY_TABLES:
            statement = sql.SQL("DELETE FROM {} WHERE uid = ANY(%s)").format(sql.Identifier("public", table))
            destroyed[table] = vault.execute(statement, [ledger.keys]).rowcount
    for table in KEY_TABLES:
        statement = sql.SQL("SELECT count(*) FROM {} WHERE uid = ANY(%s)").format(
            sql.Identifier("public", table)
        )
        row = vault.execute(statement, [ledger.keys]).fetchone()
        if row is None or row[0]:
            raise BadSet(f"{table} still holds keys that the ledger of tombstones names.")
    return destroyed


def make_roles(main: census.Connection, schemas: list[str]) -> None:
    """Roles belong to the server and are in no dump: each clinic's three, with what they are members of."""
    known = {row[0] for row in main.execute("SELECT rolname FROM pg_roles").fetchall()}
    with main.transaction():
        for schema in schemas:
            check_schema_name(schema)
            for kind in ROLE_KINDS:
                role = role_for(schema, kind)
                if role not in known:
                    main.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
            main.execute(membership_sql(schema).encode())


def raise_sequences(main: census.Connection) -> None:
    """No sequence stands below the highest id of its column."""
    rows = main.execute(
        "SELECT n.nspname, s.relname, t.relname, a.attname FROM pg_depend d"
        " JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
        " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
        " WHERE d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass"
    ).fetchall()
    for schema, sequence, table, column in rows:
        main.execute(
            sql.SQL(
                "SELECT setval({}::regclass, top) FROM (SELECT max({}) AS top FROM {}) m, {} s"
                " WHERE top > s.last_value"
            ).format(
                sql.Literal(f'"{schema}"."{sequence}"'),
                sql.Identifier(column),
                sql.Identifier(schema, table),
                sql.Identifier(schema, sequence),
            )
        )


def close_clinics(main: census.Connection, clinics: list[UUID]) -> int:
    """A clinic whose own key was destroyed since is not open again because of a restore."""
    return main.execute(
        "UPDATE public.tenants_clinic SET state = 'closed' WHERE uid = ANY(%s) AND state <> 'closed'",
        [clinics],
    ).rowcount


def _checked_ledger(told: list[Manifest]) -> Ledger:
    """The ledger as it is now. One shorter than at the backup is the wrong file: keys would come back."""
    ledger = tombstones.read(stores_of_tombstones())
    wanted = max(one.tombstones for one in told)
    if len(ledger.tombstones) < wanted:
        raise BadSet(
            f"The ledger of tombstones has {len(ledger.tombstones)} entries, and had {wanted} when the backup was made. "
            "Bring back TOMBSTONES_PATH or TOMBSTONES_COPY_PATH first: without it destroyed keys would live again."
        )
    return ledger


def _refuse_what_is_there(name: str, connection: census.Connection) -> None:
    found = census.tables(connection)
    if found:
        raise BadSet(
            f"The {name} database is not empty ({', '.join(sorted(found)[:3])}): nothing was written."
        )


def _load(name: str, path: Path, part: Part, key: bytes) -> None:
    """Stream it, clear only in memory, into pg_restore; all of it or nothing."""
    where, env = programs.connection(ALIASES[name])
    command = [programs.find("pg_restore"), "--single-transaction", "--exit-on-error", f"--dbname={where}"]
    with path.open("rb") as source, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stderr=errors)
        assert process.stdin
        try:
            for chunk in sealing.opened(source, key, name):
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it gave up; its own words follow
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait():
            errors.seek(0)
            raise DumpFailed(
                f"pg_restore of {part.file}: {errors.read().decode(errors='replace').strip()[:2000]}"
            )


def open_database(name: str) -> psycopg.Connection[Any]:
    where, env = programs.connection(ALIASES[name])
    return psycopg.connect(where, password=env["PGPASSWORD"], autocommit=True)
