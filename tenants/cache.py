"""Cache keys carry the schema: the same key in two clinics is two entries."""

from django.db import connection


def make_key(key: str, key_prefix: str, version: int) -> str:
    schema = getattr(connection, "schema_name", None)
    if not schema:
        raise RuntimeError("a cache key needs the schema it belongs to")
    return f"{schema}:{key_prefix}:{version}:{key}"
