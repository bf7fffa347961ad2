"""The gateway is tried against the real sandbox, a process of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.tests.running import Sandbox


@pytest.fixture(scope="session")
def model_server() -> Iterator[Sandbox]:
    running = Sandbox(9)
    yield running
    running.stop()


@pytest.fixture
def sandbox(model_server: Sandbox, settings: Any) -> Sandbox:
    model_server.post("/reset", {})
    settings.AI_API_KEY, settings.AI_MODEL = "sk-test", "sandbox-notes"
    settings.AI_BASE_URL = f"{model_server.url}/v1"
    return model_server
