"""Threads share a small pool; each sees its own clinic only, whatever the one before left behind."""

import random
import threading

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction

from tenants.context import enter

pytestmark = [pytest.mark.own_clinic, pytest.mark.promise("P158")]
ROUNDS = 60
THREADS = 12


def test_threads_never_see_the_wrong_clinic(new_clinic):
    clinics = [new_clinic(cast=False).clinic for _ in range(3)]
    wrong: list[object] = []

    def visit(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(ROUNDS):
            clinic = dice.choice(clinics)
            with enter(clinic):
                try:
                    with transaction.atomic():
                        check(clinic)
                        if dice.random() < 0.3:
                            run("SELECT 1/0")
                except DatabaseError:
                    pass
                check(clinic)
            if dice.random() < 0.4:
                close_old_connections()
                connection.close()
        connection.close()

    def run(sql: str) -> tuple[object, ...]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row: tuple[object, ...] = cursor.fetchone()
            return row

    def check(clinic) -> None:
        seen = run("SELECT current_user::text, current_schema()::text")
        if seen != (f"t_{clinic.schema_name}", clinic.schema_name):
            wrong.append(seen)

    threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
