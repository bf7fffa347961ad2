"""Each wrong thing gets its status and its type of problem, with every failure named, and nothing is stored half.

A row counts the rows of every table of both clinics, their subject keys and the due-queue, before and after.
"""

import pytest
import time_machine

from scheduling import limits
from tests.bad_input import clocks, offered, phones, requests, texts, tokens, webhooks
from tests.bad_input.world import AT, NOTHING, World

TABLE = [row for kind in (tokens, webhooks, offered, texts, phones, requests, clocks) for row in kind.ROWS]


@pytest.fixture
def world(glow, rival):
    limits.forget()
    with time_machine.travel(AT, tick=False) as clock:
        yield World(glow, rival, clock)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        rows = [
            pytest.param(row, id=row.name, marks=pytest.mark.promise(row.promise) if row.promise else ())
            for row in TABLE
        ]
        metafunc.parametrize("row", rows)


def test_bad_input(world, row):
    world.begin()
    answer = row.send(world)
    assert answer.status_code == row.status, answer.content[:500]
    if row.problem:
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"] == f"/problems/{row.problem}", problem
        assert problem["status"] == row.status
        assert {f"{one['field']} {one['code']}" for one in problem["errors"]} == set(row.failures)
        assert problem["title"]
    changes = world.changes()
    assert {name: changes.get(name, 0) for name in row.adds} == row.adds
    if not row.adds:
        assert changes == NOTHING


def test_the_table_is_long_enough():
    assert len(TABLE) >= 35
    assert len({row.name for row in TABLE}) == len(TABLE)
