"""Small helpers for the pages of the sign-in."""

import pytest

from accounts import sessions, signals
from accounts.tests.helpers import session_of


class Notices(list):
    """What was to be mailed: (kind, address, context)."""

    def __call__(self, sender, *, kind, user, context, **kwargs):
        self.append((kind, user.email, context))

    def events(self, email=None):
        return [c["event"] for k, e, c in self if k == signals.SECURITY_ALERT and email in (None, e)]

    def codes(self):
        return [c["code"] for k, _, c in self if k == signals.SIGN_IN_CODE]


@pytest.fixture
def notices():
    heard = Notices()
    signals.notice_wanted.connect(heard)
    yield heard
    signals.notice_wanted.disconnect(heard)


@pytest.fixture
def half_signed_in():
    """A browser whose session knows the person but has shown no second factor."""

    def make(house, user):
        client = house.client(user)
        with session_of(house, client) as session:
            del session[sessions.VERIFIED]
        return client

    return make
