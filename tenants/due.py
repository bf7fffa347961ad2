"""The due-queue: one shared table, written in the clinic's own transaction, swept without visiting a clinic.

`schedule` and `cancel` run inside a clinic as its role; row-level security keeps them to its own rows.
`claim` runs on the platform. A claim is a lease: work whose worker died falls due again.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from tenants.context import current_schema
from tenants.models import ClinicState

LEASE = timedelta(minutes=2)
BATCH = 500
SLICE = 50


def schedule(kind: str, ref: UUID, at: datetime) -> None:
    """Have `ref` looked at by the task of `kind` at `at`; a second call moves the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.tenants_due (schema, kind, ref, due_at, state, attempts)"
            " VALUES (%s, %s, %s, %s, 0, 0)"
            " ON CONFLICT (schema, kind, ref)"
            " DO UPDATE SET due_at = EXCLUDED.due_at, state = 0, attempts = 0, lease_until = NULL",
            [current_schema(), kind, ref, at],
        )


def cancel(kind: str, refs: list[UUID]) -> None:
    """Nothing is due any more: done, or not wanted."""
    if not refs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.tenants_due WHERE schema = %s AND kind = %s AND ref = ANY(%s)",
            [current_schema(), kind, refs],
        )


def waiting(kind: str, refs: list[UUID]) -> set[UUID]:
    """Those of `refs` that still have a row; used by the reconciliation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ref FROM public.tenants_due WHERE schema = %s AND kind = %s AND ref = ANY(%s)",
            [current_schema(), kind, refs],
        )
        return {row[0] for row in cursor.fetchall()}


def claim(at: datetime, kinds: list[str] | None = None) -> dict[tuple[str, str], list[UUID]]:
    """Take up to 500 due rows of these kinds (None: of all), by (schema, kind). Two sweepers never take the same row.

    A suspended clinic's rows wait: its tasks would refuse, again and again, and stand in the way of others'.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenants_due SET state = 1, lease_until = %(until)s, attempts = attempts + 1"
            " WHERE id IN (SELECT id FROM tenants_due"
            "  WHERE due_at <= %(at)s AND (state = 0 OR lease_until < %(at)s)"
            "  AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s)) AND NOT EXISTS ("
            "   SELECT 1 FROM tenants_clinic WHERE schema_name = tenants_due.schema AND state = %(closed)s)"
            "  ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)"
            " RETURNING schema, kind, ref",
            {"at": at, "until": at + LEASE, "most": BATCH, "kinds": kinds, "closed": ClinicState.SUSPENDED},
        )
        found: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for schema, kind, ref in cursor.fetchall():
            found[schema, kind].append(ref)
    return dict(found)
