"""How events reach the table: one statement, which is all or nothing by itself.

Every page that shows a person waits for this write, so it is spelled out instead of being composed anew each time: with
two bulk inserts in a transaction of their own it took as long as the rest of a small answer.
"""

from typing import Any, Final

from django.db import connection

from audit.body import FIELDS
from audit.models import AccessLog, Event

_ACCESS: Final = "WITH access AS (INSERT INTO audit_accesslog (request_id, at, ip) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING) "
# In the order of audit.body.FIELDS.
_EVENTS: Final = (
    "INSERT INTO audit_event (id, at, actor_kind, actor_id, on_behalf, verb, object_type, object_id, patient_id, shown,"
    " request_id, ip_hash, agent_hash, detail, body) VALUES "
)
_EVENT: Final = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s)"


def insert(events: list[Event], access: AccessLog | None) -> None:
    """The events, and once a request the address it came from. At the commit the chain takes the events up."""
    sql = _EVENTS + ", ".join([_EVENT] * len(events))
    values = [value for event in events for value in _values(event)]
    if access is not None:
        sql, values = _ACCESS + sql, [access.request_id, access.at, access.ip, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    for event in events:
        event._state.adding, event._state.db = False, connection.alias


def _values(event: Event) -> list[Any]:
    return [getattr(event, name) for name in (*FIELDS, "body")]
