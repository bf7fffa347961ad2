"""What this app's tests share besides fixtures."""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from accounts import second_factor
from accounts.models import User
from audit.models import Event
from core.clock import now
from tenants.context import enter


@contextmanager
def session_of(house, client):
    """The browser's session as the server keeps it; changes are saved."""
    with enter(house.clinic):
        store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
        yield store
        store.save()


def verbs(house):
    """What the trail says, oldest first."""
    with enter(house.clinic):
        return list(Event.objects.order_by("at", "id").values_list("verb", flat=True))


def code_now(secret, steps=0):
    """What the authenticator app shows now, or so many steps from now."""
    return second_factor.code_at(secret, now() + timedelta(seconds=30 * steps))


def fresh(house, role="front_desk"):
    """The person as the database has it: the cast outlives the test, so nobody may change its own copy."""
    with enter(house.clinic):
        return User.objects.get(pk=house.cast.users[role].pk)
