"""Codes: asked for, sent, and spent once in the browser that asked.

1. Asking does the same work for every contact: count, one row, one place in the due-queue. Nothing can be told from
   the answer, its time or its queries, since nobody is looked up before a worker does.
2. The worker looks whose contact it is. For somebody it makes the code, keeps its keyed hash and queues the message; for
   nobody it does nothing, and the row waits for a code that does not exist.
3. Spending locks the row, counts the try and commits, right or wrong.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from audit.actors import VISITOR
from audit.trail import record
from messaging import outbox
from messaging.contacts import is_stopped
from messaging.models import Channel
from messaging.texts import render
from messaging.voice import voice
from patients import self_service
from patients.models import ContactKind, Person
from portal.models import OneTimeCode, Purpose
from tenants import due
from tenants.context import current_schema
from tenants.tasks import send_to
from vault.blind import blind_index

log = logging.getLogger(__name__)
DUE: Final = "portal_code"
TASK: Final = "portal.tasks.send_codes"
KIND: Final = "code"
LIFE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
DIGITS: Final = 6
CHANNELS: Final = {ContactKind.PHONE.value: Channel.SMS, ContactKind.EMAIL.value: Channel.EMAIL}


@dataclass(frozen=True)
class Contact:
    """A number as E.164 or an address in lower case."""

    kind: str
    value: str

    @property
    def index(self) -> bytes:
        return blind_index(self.kind, self.value)

    @property
    def channel(self) -> Channel:
        return CHANNELS[self.kind]


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"  # run out, spent, tried too often, or of another browser


@transaction.atomic
def ask(contact: Contact, *, purpose: Purpose, at: datetime, person: Person | None = None) -> str:
    """Have a code sent, if there is somebody to send it to; the nonce of the browser that asked."""
    nonce = secrets.token_urlsafe(32)
    code = OneTimeCode.objects.create(
        purpose=purpose,
        person=person,
        kind=contact.kind,
        to=contact.value,
        index=contact.index,
        nonce_hash=_hash(nonce),
        language=(get_language() or "en").partition("-")[0],
        created_at=at,
        expires_at=at + LIFE,
    )
    due.schedule(DUE, code.uid, at)
    transaction.on_commit(lambda: _poke(code.uid))
    return nonce


@transaction.atomic
def send(uid: UUID, *, site: str, at: datetime) -> None:
    """The worker's part: make the code and queue it, once; nothing for a contact that nobody has."""
    code = OneTimeCode.objects.select_for_update(no_key=True).filter(uid=uid).first()
    due.cancel(DUE, [uid])
    if code is None or code.code_hash is not None or code.spent_at or at >= code.expires_at:
        return
    way = _way(code)
    if way is None:
        return
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code.code_hash, code.sent_by, code.index = _fingerprint(code, digits), way.kind, way.index
    code.save(update_fields=["code_hash", "sent_by", "index"])
    clinic = voice()
    minutes = int(LIFE.total_seconds() // 60)
    link = f"{site}/portal/sign-in/code/?code={digits}" if code.purpose == Purpose.SIGN_IN else ""
    words = {"clinic": clinic.name, "code": digits, "minutes": minutes, "link": link}
    text = render("portal_code", way.channel, words, code.language)
    outbox.add(
        way.channel,
        KIND,
        subject=None,  # in nobody's thread: a code is read by whom it is sent to, and by no one else
        to=way.value,
        body=text.body,
        subject_line=text.subject_line,
        dedupe_key=f"portal:{code.uid}",
        send_after=at,
        send_before=code.expires_at,
        language=code.language,
    )


def pending(nonce: str, purpose: Purpose, *, at: datetime) -> OneTimeCode | None:
    """The code this browser waits for, as long as it may still be spent."""
    rows = OneTimeCode.objects.filter(nonce_hash=_hash(nonce), purpose=purpose, spent_at=None)
    return rows.filter(expires_at__gt=at, tries__lt=MOST_TRIES).first()


@transaction.atomic
def spend(nonce: str, purpose: Purpose, digits: str, *, at: datetime) -> tuple[Verdict, OneTimeCode | None]:
    """Try a code. Every try is counted under the row's lock; a right one is the last."""
    rows = OneTimeCode.objects.select_for_update(no_key=True).filter(nonce_hash=_hash(nonce), purpose=purpose)
    code = rows.first()
    if code is None or code.spent_at or at >= code.expires_at or code.tries >= MOST_TRIES:
        return Verdict.GONE, None
    code.tries += 1
    right = constant_time_compare(
        _fingerprint(code, digits), bytes(code.code_hash or secrets.token_bytes(32))
    )
    if right:
        code.spent_at = at
    code.save(update_fields=["tries", "spent_at"])
    if right:
        return Verdict.RIGHT, code
    record("portal.code_refused", by=VISITOR, on=code, at=at)
    return (Verdict.GONE if code.tries >= MOST_TRIES else Verdict.WRONG), code


def sweep(*, at: datetime) -> int:
    """Codes that ran out yesterday."""
    return OneTimeCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()[0]


def _way(code: OneTimeCode) -> Contact | None:
    """Where the code goes: to the contact typed, or by mail where the number said stop; None: to nobody."""
    typed = Contact(code.kind, code.to)
    if code.purpose == Purpose.CONTACT:
        return None if typed.channel == Channel.SMS and is_stopped(Channel.SMS, typed.value) else typed
    people = self_service.people_at(typed.kind, bytes(code.index), at=code.created_at)
    if not people:
        return None
    if typed.channel == Channel.EMAIL or not is_stopped(Channel.SMS, typed.value):
        return typed
    addresses = {person.email for person in people if person.email}
    # Several mailboxes behind one number: whose it is that asks, nobody knows.
    return Contact(ContactKind.EMAIL, addresses.pop()) if len(addresses) == 1 else None


def _fingerprint(code: OneTimeCode, digits: str) -> bytes:
    """Keyed and of this row, so that whoever reads the table still has every code to try."""
    return salted_hmac("portal.codes", f"{code.uid}|{digits}", algorithm="sha256").digest()


def _hash(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode()).digest()


def _poke(uid: UUID) -> None:
    """Tell a worker at once; what gets lost here the due-queue finds in seconds."""
    try:
        send_to(current_schema(), TASK, [str(uid)])
    except (BrokerError, RedisError, OSError):
        log.warning("the broker is away; the code waits for the sweep")
