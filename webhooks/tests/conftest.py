"""A receiver, and an endpoint of Glow's that leads to it."""

from datetime import UTC, datetime

import pytest

from accounts.actors import actor_for
from tenants.context import enter
from webhooks import actions
from webhooks.events import EVENTS
from webhooks.tests.receiver import Receiver

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def endpoint(glow, receiver):
    """(endpoint, secret), inside the clinic for the test."""
    with enter(glow.clinic):
        yield actions.add_endpoint(
            url=receiver.url, events=list(EVENTS), user=glow.cast.owner, by=actor_for(glow.cast.owner), at=AT
        )
