"""A statement that one page asks all day, prepared once a connection: planning it costs more than running it.

Django binds values into the text of each statement, which leaves nothing to prepare. The server plans a prepared
statement anew whenever the search path has changed, so a connection that serves another clinic next stays right.
"""

from typing import Any

import psycopg
from django.db import connection


def fetch_row(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The statement's first row, values in binary, in the clinic we are in."""
    # Django's cursor enters the clinic's schema and role; the plain one beside it runs on the same connection.
    with connection.cursor(), connection.wrap_database_errors:
        plain: psycopg.Connection[Any] = connection.connection
        plain.prepare_threshold = 0
        with psycopg.Cursor(plain) as cursor:
            cursor.execute(statement, values, prepare=True, binary=True)
            return cursor.fetchone()
