"""Django's PostgreSQL backend, entering a clinic by schema and role in one statement.

The login role (NOINHERIT) can do nothing by itself. A connection serves exactly one schema at a time: `public` as
`app_public`, or a clinic's as `t_<schema>` (or, for marketing and insights, `n_<schema>`). The public schema is never
in a clinic's path, so a missing grant is an error and never a look-up next door.
"""

from functools import lru_cache
from typing import Any

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django_tenants.postgresql_backend import base as django_tenants_base
from django_tenants.postgresql_backend.base import FakeTenant
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from tenants.backend.features import DatabaseFeatures
from tenants.names import PUBLIC, check_role_name, check_schema_name, role_for


class ClinicSwitchRefused(DatabaseError):
    """Another clinic cannot be entered inside a transaction: one clinic per transaction."""


class DatabaseWrapper(django_tenants_base.DatabaseWrapper):
    features_class = DatabaseFeatures
    role_kind = "t"
    schema_name: str
    search_path_set_schemas: list[str] | None

    def set_tenant(self, tenant: Any, include_public: bool = False, *, role_kind: str = "t") -> None:
        """Choose schema and role for the next statement; costs nothing where they stay the same."""
        schema = check_schema_name(tenant.schema_name)
        if schema == self.schema_name and role_kind == self.role_kind:
            self.tenant = tenant
            return
        if self._in_real_transaction():
            raise ClinicSwitchRefused(
                f"{self.schema_name} is inside a transaction; {schema} was not entered."
            )
        self.tenant = tenant
        self.schema_name = schema
        self.role_kind = role_kind
        self.include_public_schema = False
        self.search_path_set_schemas = None
        ContentType.objects.clear_cache()

    def set_schema_to_public(self) -> None:
        self.set_tenant(FakeTenant(schema_name=PUBLIC))

    def _in_real_transaction(self) -> bool:
        """The test runner's own outermost blocks do not count."""
        blocks = getattr(self, "atomic_blocks", [])
        return any(not block._from_testcase for block in blocks)

    def _set_autocommit(self, autocommit: bool) -> None:
        """Connections come back to the pool with it set; to set it again would cost a wait on each checkout."""
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)

    def _handle_search_path(self, cursor: Any = None) -> None:
        wanted = [self.schema_name, role_for(self.schema_name, self.role_kind)]
        if self.search_path_set_schemas == wanted:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            # Only a rollback can follow; it clears the cache and the next statement sets both again.
            self.search_path_set_schemas = None
            return
        # Never go on with the schema or the role of whoever had the connection before.
        self.search_path_set_schemas = None
        with self.wrap_database_errors:
            _take(self.connection, _entry(*wanted))
        self.search_path_set_schemas = wanted


@lru_cache(maxsize=4096)
def _entry(schema: str, role: str) -> bytes:
    return (
        f"SELECT set_config('search_path', '\"{check_schema_name(schema)}\"', false),"
        f" set_config('role', '{check_role_name(role)}', false)"
    ).encode()


def _take(connection: psycopg.Connection[Any], statement: bytes) -> None:
    """Send it as it is: every request pays for this one, and a cursor costs as much again as the statement.

    Outside a transaction block it opens none, so that a rollback later takes nothing back.
    """
    result = connection.pgconn.exec_(statement)
    if result.status == ExecStatus.TUPLES_OK:
        return
    if connection.pgconn.status == ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)
