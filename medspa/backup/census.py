"""How many rows each table has and where each trail stands, seen in one snapshot: what a restore is compared with."""

from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
Counts = dict[str, dict[str, int]]

_TABLES: LiteralString = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
     ORDER BY 1, 2
"""


def tables(connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        found.setdefault(schema, []).append(table)
    return found


def count(connection: Connection) -> Counts:
    """Rows by schema and table; one statement a schema."""
    return {schema: _count(connection, schema, names) for schema, names in tables(connection).items()}


def _count(connection: Connection, schema: str, names: list[str]) -> dict[str, int]:
    parts = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(schema, name))
        for name in names
    ]
    return {name: int(rows) for name, rows in connection.execute(sql.SQL(" UNION ALL ").join(parts))}


def heads(connection: Connection, schemas: list[str]) -> dict[str, list[Any]]:
    """Sequence number and hash of each trail's last link."""
    found: dict[str, list[Any]] = {}
    for schema in schemas:
        statement = sql.SQL("SELECT seq, hash FROM {} LIMIT 1").format(sql.Identifier(schema, "audit_head"))
        row = connection.execute(statement).fetchone()
        if row:
            found[schema] = [int(row[0]), bytes(row[1]).hex()]
    return found


def clinics(connection: Connection) -> dict[str, str]:
    """The uid of each clinic by its schema."""
    rows = connection.execute("SELECT schema_name, uid FROM public.tenants_clinic").fetchall()
    return {schema: str(uid) for schema, uid in rows}


def version(connection: Connection) -> str:
    row = connection.execute("SHOW server_version").fetchone()
    return cast(str, row[0]) if row else ""


def differences(wanted: Counts, found: Counts, *, but: dict[str, int] | None = None) -> list[str]:
    """Each table whose rows are not as many as they were; `but` names how many were taken away on purpose."""
    told = []
    for schema in sorted(wanted.keys() | found.keys()):
        here, there = wanted.get(schema, {}), found.get(schema, {})
        for table in sorted(here.keys() | there.keys()):
            expected = here.get(table, 0) - (but or {}).get(table, 0)
            if there.get(table, 0) != expected:
                told.append(f"{schema}.{table}: {there.get(table, 0)} rows, expected {expected}")
    return told
