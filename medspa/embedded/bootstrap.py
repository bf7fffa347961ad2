"""The roles and databases the product expects of its servers; safe to run at every start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql

_Connection = psycopg.Connection[tuple[object, ...]]


class Server(Protocol):
    """A PostgreSQL server whose superuser we are: an embedded one, or one of a deployment."""

    def superuser_dsn(self, db: str = "postgres") -> str: ...


def bootstrap_main(server: Server, *, database: str, passwords: Mapping[str, str]) -> None:
    """`app_owner`, `app_login`, `app_public`, `tenant_base`, and `database` owned by app_owner.

    `passwords` has "app_owner" and "app_login".
    """
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        _role(connection, "app_owner", "LOGIN CREATEROLE", passwords["app_owner"])
        _role(connection, "app_login", "LOGIN NOINHERIT", passwords["app_login"])
        _role(connection, "app_public", "NOLOGIN")
        _role(connection, "tenant_base", "NOLOGIN")
        # The owner hands these on to the roles of each clinic, without holding their rights itself.
        connection.execute(
            "GRANT app_public, tenant_base TO app_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
        )
        connection.execute("GRANT app_public TO app_login WITH INHERIT FALSE, SET TRUE")
        _database(connection, database, owner="app_owner", guests=("app_login",))
    with psycopg.connect(server.superuser_dsn(database), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def bootstrap_vault(server: Server, *, database: str, passwords: Mapping[str, str]) -> None:
    """`vault_login` and `database`, which it owns. `passwords` has "vault_login"."""
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        _role(connection, "vault_login", "LOGIN", passwords["vault_login"])
        _database(connection, database, owner="vault_login", guests=())


def _role(connection: _Connection, name: str, attributes: LiteralString, password: str | None = None) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    statement = sql.SQL("{} {} {}").format(verb, sql.Identifier(name), sql.SQL(attributes))
    if password is not None:
        # Hashed here, so that no statement ever carries the password itself.
        hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(hashed.decode()))
    connection.execute(statement)


def _database(connection: _Connection, name: str, *, owner: str, guests: tuple[str, ...]) -> None:
    database = sql.Identifier(name)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if not known:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(owner)))
    for closed in (database, sql.Identifier("postgres"), sql.Identifier("template1")):
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(closed))
    for guest in guests:
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(guest))
        )
