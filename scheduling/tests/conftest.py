"""Fixtures of the booking pages: a clock that stands where a test puts it, and a browser at Glow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

import pytest
from django.db import OperationalError, connections

from scheduling import limits
from scheduling.patient_pages import choose, details, visit
from scheduling.tests.browsing import AT, Browser
from vault import keys


class Clock:
    """The present moment of the pages."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (choose, details, visit):
        monkeypatch.setattr(module, "now", clock)
    limits.forget()
    return clock


@pytest.fixture
def vault_away():
    """A way to take the vault's database away for a while, with nothing remembered of its keys."""

    @contextmanager
    def away() -> Iterator[None]:
        keys.forget_all()
        with mock.patch.object(connections["vault"], "cursor", side_effect=OperationalError("away")):
            yield

    return away


@pytest.fixture
def browser(glow, clock):
    return Browser(glow)
