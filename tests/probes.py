"""Tasks that say in which clinic they ran: the product's Celery application, with a result backend for these tests.

Each asks the database, not only the context: schema, role, and a row that every clinic has another of.
"""

import os
from typing import Any

import redis
from celery import Task, chord, group, shared_task
from django.db import connection

from core.context import require_clinic
from medspa.celery import app
from tenants import directory
from tenants.context import enter
from tenants.tasks import ClinicTask, PublicTask

PREFIX = "probe:"
app.conf.result_backend = (
    os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
)


def whereabouts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, current_schema()::text, (SELECT name FROM practice_clinicprofile)"
        )
        role, schema, name = cursor.fetchone()
    return [role, schema, name, require_clinic().schema]


def note(kind: str, expected: str) -> None:
    """What was expected, and what was seen, where the test can read it."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.rpush(PREFIX + kind, "|".join([expected, *whereabouts()]))


@shared_task(base=ClinicTask, bind=True, ignore_result=False, max_retries=2)
def look(self: Task, kind: str, expected: str, retry: bool = False) -> str:
    note(kind, expected)
    if retry and self.request.retries < 2:
        raise self.retry(countdown=0)
    return expected


@shared_task(base=ClinicTask, ignore_result=False)
def gather(results: Any, kind: str, expected: str) -> None:
    note(kind, expected)


@shared_task(base=ClinicTask)
def fail(expected: str) -> None:
    """Leaves in the middle of a transaction, an error behind it."""
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


@shared_task(base=ClinicTask)
def die_once(kind: str, expected: str) -> None:
    """The first time, the process goes with it."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    if client.set(f"{PREFIX}died:{expected}", 1, nx=True):
        os.kill(os.getpid(), 9)
    note(kind, expected)


@shared_task(base=PublicTask)
def outside() -> None:
    """What a task of the platform sees of clinics."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text, current_schema()::text")
        client.rpush(f"{PREFIX}outside", "|".join(cursor.fetchone()))


def send(schemas: list[str], rounds: int) -> None:
    """Both clinics in turn, every way a task is sent; then one without a clinic."""
    clinics = [directory.find_by_schema(schema) for schema in schemas]
    for number in range(rounds):
        for clinic in clinics:
            assert clinic is not None
            with enter(clinic):
                send_from_inside(clinic.schema_name, everything=number % 5 == 0)
    look.delay("homeless", "nowhere")
    outside.delay()


def send_from_inside(schema: str, *, everything: bool) -> None:
    look.delay("plain", schema)
    fail.delay(schema)
    if everything:
        look.delay("retried", schema, retry=True)
        look.apply_async(("later", schema), countdown=1)
        chord(group(look.s("part", schema) for _ in range(3)))(gather.s("whole", schema))
        (look.si("chain", schema) | look.si("chain", schema)).delay()
        look.apply_async(("linked", schema), link=gather.s("link", schema))
