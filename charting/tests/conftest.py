"""Tests of the record stand inside a clinic."""

from collections.abc import Iterator

import pytest

from tenants.context import enter
from tests.harness import House


@pytest.fixture
def inside(glow: House) -> Iterator[House]:
    with enter(glow.clinic):
        yield glow
