"""The platform's own staff in tests: people of every role in the public schema, and browsers signed in as them."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests.cast import BEGAN, password_hash
from tests.sign_in import BACKEND

HOST = settings.PLATFORM_HOST
NAMES = {"support_agent": "Ada Agent", "support_lead": "Lea Lead", "platform_admin": "Pia Planck"}


def hire(role: str = "platform_admin", *, email: str = "", secret: str = "") -> Any:
    """Somebody of the platform, second factor set up, without a mail."""
    from accounts import second_factor
    from accounts.models import User
    from tenants.context import enter_public

    with enter_public():
        user = User.objects.create(
            email=email or f"{role}@platform.example",
            display_name=NAMES[role],
            role=role,
            password=password_hash(),
            created_at=BEGAN,
        )
        second_factor.store(user, secret or second_factor.new_secret())
    return user


def browser(user: Any = None, **extra: Any) -> Client:
    """At the platform's host; signed in with a second factor if somebody is given."""
    from accounts.sessions import mark_verified
    from tenants.context import enter_public

    client = Client(HTTP_HOST=HOST, **extra)
    if user is not None:
        with enter_public():
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = BACKEND
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            mark_verified(session)
            session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client
