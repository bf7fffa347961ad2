"""One sandbox for all tests of a module that keep its defaults, emptied before each."""

from collections.abc import Iterator

import pytest

from sandbox.tests.running import Application, Sandbox, serve


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[Sandbox, Application]]:
    application = Application()
    server = serve(application)
    sandbox = Sandbox(application.port)
    yield sandbox, application
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox(running: tuple[Sandbox, Application], application: Application) -> Sandbox:
    running[0].post("/reset", {})
    return running[0]


@pytest.fixture
def application(running: tuple[Sandbox, Application]) -> Application:
    application = running[1]
    application.got.clear()
    application.answers = lambda got: (200, "application/json", "{}")
    return application
