"""Signing a test browser in without the pages: as a member of staff, second factor done, or as a patient."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from core.ids import uuid7
from tenants.context import enter

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Client, clinic: Any, user: Any, *, cookie: str) -> None:
    from accounts.sessions import mark_verified

    with enter(clinic):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        mark_verified(session)
        session.save()
    client.cookies[cookie] = session.session_key or ""


def patient_session(clinic: Any, person: Any, *, kind: str = "email") -> str:
    """The token of a session that began with a code to one of the person's contacts."""
    from core.clock import now
    from patients.models import ContactPoint
    from portal.models import PatientSession
    from portal.sessions import _hash

    token = f"test-{uuid7()}"
    with enter(clinic):
        point = ContactPoint.objects.get(person=person, kind=kind)
        PatientSession.objects.create(
            token_hash=_hash(token),
            kind=kind,
            index=bytes(point.index),
            person=person,
            offered=[str(person.uid)],
            started_at=now(),
            seen_at=now(),
        )
    return token
