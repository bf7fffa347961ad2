"""A name server of the tests' own, and nobody else's."""

import pytest

from support.tests.names import NameServer


@pytest.fixture
def names(settings):
    server = NameServer()
    settings.DNS_SERVERS = [server.address]
    yield server
    server.close()
