"""How long a patient's session lasts and whose it is. Kept on the server; the browser has a random token only.

A session ends 30 minutes after the last thing its person did, 12 hours after it began, at sign-out, and the moment the
contact by which it began is no longer the person's. It knows nothing of staff sessions, nor they of it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from audit.trail import record
from patients import guardians, self_service
from patients.models import Person
from portal.models import OneTimeCode, PatientSession

COOKIE: Final = settings.PATIENT_COOKIE_NAME
CODE_COOKIE: Final = "__Host-portal-code" if settings.SITE_SCHEME == "https" else "portal_code"
IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
STEP: Final = timedelta(minutes=1)
MOST_TRIES: Final = 5
LONGEST: Final = 64


def admit(request: HttpRequest, *, at: datetime, touch: bool = True) -> PatientSession | None:
    """The request's live session, judged once a request."""
    if not hasattr(request, "patient_session"):
        request.patient_session = _judge(request, at, touch=touch)  # type: ignore[attr-defined]
    found: PatientSession | None = request.patient_session  # type: ignore[attr-defined]
    return found


def begin(code: OneTimeCode, *, at: datetime) -> tuple[PatientSession, str]:
    """A code was spent: a new session with a new token, in which nobody has been chosen yet."""
    token = secrets.token_urlsafe(32)
    session = PatientSession.objects.create(
        token_hash=_hash(token), kind=code.sent_by, index=bytes(code.index), started_at=at, seen_at=at
    )
    return session, token


@transaction.atomic
def choose(session: PatientSession, person: Person, *, at: datetime) -> None:
    """From here on the session is this person's, and the contact is proved to be theirs."""
    by = self_service.actor_of(person)
    person = self_service.prove_contact(person, session.kind, bytes(session.index), by=by, at=at)
    session.person, session.acting_for = person, None
    session.save(update_fields=["person", "acting_for", "offered"])
    record("portal.signed_in", by=by, on=session, patient=person.uid, at=at)


@transaction.atomic
def end(session: PatientSession, *, at: datetime) -> None:
    """Here and now, once: tabs that leave together all ask for it."""
    if not PatientSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=at):
        return
    session.ended_at = at
    if session.person is not None:
        by = self_service.actor_of(session.person)
        record("portal.signed_out", by=by, on=session, patient=session.person.uid, at=at)


@transaction.atomic
def note_wrong_birth_date(session: PatientSession, *, at: datetime) -> bool:
    """Count it under the row's lock; says whether there is another try."""
    locked = PatientSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    locked.tries += 1
    if locked.tries >= MOST_TRIES:
        locked.ended_at = at
    locked.save(update_fields=["tries", "ended_at"])
    return locked.ended_at is None


def touch_now(session: PatientSession, at: datetime) -> None:
    """Its person did something: the half hour begins anew."""
    PatientSession.objects.filter(pk=session.pk).update(seen_at=at)
    session.seen_at = at


def seconds_left(session: PatientSession, at: datetime) -> tuple[int, int]:
    """Until the session ends if nothing is done, and until it ends in any case."""
    absolute = session.started_at + ABSOLUTE - at
    idle = session.seen_at + IDLE - at
    return max(0, int(min(idle, absolute).total_seconds())), max(0, int(absolute.total_seconds()))


def is_over(session: PatientSession, at: datetime) -> bool:
    idle, age = at - session.seen_at, at - session.started_at
    return session.ended_at is not None or idle >= IDLE or age >= ABSOLUTE


def keep(response: HttpResponse, name: str, value: str, life: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        secure=settings.SITE_SCHEME == "https",
        httponly=True,
        samesite="Lax",
    )


def drop(response: HttpResponse, name: str) -> None:
    keep(response, name, "", timedelta())


def sweep(*, at: datetime) -> int:
    return PatientSession.objects.filter(started_at__lt=at - timedelta(days=2)).delete()[0]


def _judge(request: HttpRequest, at: datetime, *, touch: bool) -> PatientSession | None:
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > LONGEST:
        return None
    rows = PatientSession.objects.select_related("person", "acting_for").filter(token_hash=_hash(token))
    session = rows.first()
    if session is None or is_over(session, at):
        return None
    if session.person is not None and not _holds(session, at):
        return None
    if touch and at - session.seen_at >= STEP:
        touch_now(session, at)
    return session


def _holds(session: PatientSession, at: datetime) -> bool:
    """Whether everything it rests on is still so: the contact is the person's, the dependant is in their care."""
    person, kind, index = session.person, session.kind, bytes(session.index)
    assert person is not None
    if not self_service.still_has(person, kind, index):
        return False
    if session.acting_for is not None and not guardians.cares_for(person, session.acting_for, at=at):
        session.acting_for = None
        session.save(update_fields=["acting_for"])
    return True


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
