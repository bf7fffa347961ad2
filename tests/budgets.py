"""How often a page asks the databases: what a busy clinic feels, and what grows unseen with every record."""

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

BOOKKEEPING = ("SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT pg_catalog")
# Remembered by the process for seconds: the host, and outside a test's transaction the profile.
REMEMBERED = ("practice_clinicprofile", "tenants_domain")


def statements(client: Client, address: str) -> list[str]:
    """What the page asks once a process knows what a process remembers: the year's key of the trail too."""
    for _each in range(2):
        client.get(address)
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["vault"]) as keys,
    ):
        answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return [each["sql"] for each in [*asked.captured_queries, *keys.captured_queries] if _counts(each["sql"])]


def _counts(sql: str) -> bool:
    return not sql.startswith(BOOKKEEPING) and not any(f'FROM "{table}"' in sql for table in REMEMBERED)


def listed(found: list[str]) -> str:
    """For the message of a test that fails."""
    return "\n".join(f"{number:2} {sql[:400]}" for number, sql in enumerate(found, 1))
