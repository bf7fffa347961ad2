"""Glow on Tuesday 3 March 2026, 11:23 in the morning, and a visit of Pat's at two."""

import pytest
import time_machine

from desk.tests import days


@pytest.fixture
def clock():
    """The clock stands; `clock.shift(seconds)` lets time pass."""
    with time_machine.travel(days.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(clock, glow):
    return days.book(glow)


@pytest.fixture
def vault_down(visit, monkeypatch):
    """Nobody remembers a key, and the vault's database does not answer."""
    from django.db import OperationalError
    from django.db.models import QuerySet

    from vault import keys
    from vault.models import VAULT

    fetch = QuerySet._fetch_all

    def refuse(self):
        if self.db == VAULT:
            raise OperationalError("connection refused")
        return fetch(self)

    keys.forget_all()
    monkeypatch.setattr(QuerySet, "_fetch_all", refuse)
    yield
    keys.forget_all()
