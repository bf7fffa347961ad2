"""What people write to us: stored first, then applied once. STOP works in the very request that brings it.

1. `receive` stores the post in a transaction of its own; from then on it is known by its id, and every sender sees
   that something from this number waits.
2. `apply` locks the contact, reads the text and acts on it: stop, start, help, or a message for people to read.
3. What could not be applied at once (the vault is down, a sender holds the contact) is applied by the due-queue, and
   in any case before the next text to that number. What came unverified and unindexed is applied before any text.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from audit import trail
from audit.actors import job
from core.problems import Unavailable
from messaging import answers, contacts, intake
from messaging.credentials import TWILIO, NoAccount, own_account
from messaging.keywords import Intent, read
from messaging.models import Channel, Direction, InboundMessage, Message, State, Suppression
from messaging.signals import message_received
from providers.errors import BadWebhook
from providers.twilio import InboundSms, parse_inbound, verify_signature
from tenants import due
from vault import keys
from vault.errors import VaultError

log = logging.getLogger(__name__)
DUE = "inbound"
SOON = timedelta(seconds=10)
LOCK_WAIT = "4s"  # then the webhook answers, and the message waits; its sender began before it came
MOST_UNVERIFIED = 5_000


class Forged(ValueError):
    """Not signed with the account's token."""


def receive(params: Mapping[str, str], *, url: str, signature: str, at: datetime) -> None:
    """Take a post of the clinic's provider account. Forged when it is not signed as it should be."""
    letter = parse_inbound(params)
    try:
        if not verify_signature(url, params, signature, own_account(TWILIO).token()):
            raise Forged
        verified = True
    except Unavailable:
        verified = False
    row = _store(letter, params, url=url, signature=signature, verified=verified, at=at)
    try:
        apply(row.uid, at=at)
    except (Unavailable, OperationalError):
        log.warning("inbound message %s waits to be applied", row.uid)


def _store(
    letter: InboundSms, params: Mapping[str, str], *, url: str, signature: str, verified: bool, at: datetime
) -> InboundMessage:
    """The row, ours or the one that an earlier post of the same message left."""
    with transaction.atomic():
        known = InboundMessage.objects.filter(provider_id=letter.message_sid).first()
        if known:
            return known
        if not verified and _open().filter(verified=False).count() >= MOST_UNVERIFIED:
            raise Unavailable
        row = InboundMessage(
            provider_id=letter.message_sid,
            index=_index_if_possible(letter),
            verified=verified,
            received_at=at,
        )
        post = {"params": dict(params), "url": url, "signature": signature}
        row.sealed = intake.seal(row.uid, json.dumps(post))
        InboundMessage.objects.bulk_create([row], ignore_conflicts=True)
        kept = InboundMessage.objects.get(provider_id=letter.message_sid)
        if kept.uid == row.uid:
            due.schedule(DUE, row.uid, at + SOON)
        return kept


def _index_if_possible(letter: InboundSms) -> bytes | None:
    try:
        return _index(letter)
    except Unavailable:
        return None


def _index(letter: InboundSms) -> bytes:
    return contacts.index_of_sender(letter.from_)


def _open() -> QuerySet[InboundMessage]:
    return InboundMessage.objects.filter(applied_at__isnull=True)


def waits(index: bytes) -> bool:
    """Whether something from this number, or from nobody knows whom, is not applied yet."""
    return _open().filter(Q(index=index) | Q(index__isnull=True)).exists()


def apply_before_sending(index: bytes, *, at: datetime) -> None:
    """Apply what this number has written, and all that nobody could read while the vault was down."""
    rows = _open().filter(Q(index=index) | Q(index__isnull=True)).order_by("received_at", "id")
    for uid in rows.values_list("uid", flat=True):
        apply(uid, at=at)


def apply(uid: UUID, *, at: datetime) -> None:
    """Act on a stored message, once. Unavailable or OperationalError: not now."""
    row = _open().filter(uid=uid).first()
    if row is None:
        due.cancel(DUE, [uid])
        return
    try:
        letter = _opened(row)
    except (Forged, BadWebhook, VaultError, NoAccount) as error:
        log.warning("inbound message %s is refused: %s", uid, type(error).__name__)
        _discard(row)
        return
    if row.index is None:
        row.index = _index(letter)
        row.save(update_fields=["index"])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        contact = contacts.locked(bytes(row.index), Channel.SMS)
        mine = _open().select_for_update(no_key=True).filter(uid=uid).first()
        if mine is None:
            return
        _act(mine, letter, contact, at)
        mine.index, mine.verified, mine.sealed, mine.applied_at = row.index, True, b"", at
        mine.save(update_fields=["index", "verified", "sealed", "applied_at"])
        due.cancel(DUE, [uid])


def _opened(row: InboundMessage) -> InboundSms:
    """The message as it was posted, its signature checked if that could not be done before."""
    post = json.loads(intake.open_sealed(row.uid, bytes(row.sealed)))
    if not row.verified:
        token = own_account(TWILIO).token()
        if not verify_signature(post["url"], post["params"], post["signature"], token):
            raise Forged
    return parse_inbound(post["params"])


def _discard(row: InboundMessage) -> None:
    with transaction.atomic():
        InboundMessage.objects.filter(pk=row.pk).delete()
        due.cancel(DUE, [row.uid])


def _act(row: InboundMessage, letter: InboundSms, contact: Suppression, at: datetime) -> None:
    reading = read(letter.body)
    if letter.opt_out:
        reading = answers.told_by_provider(letter.opt_out, reading)
    subjects = contacts.subjects_at(bytes(contact.index), Channel.SMS)
    message = _keep(letter, contact, subjects, at)
    trail.record("message.received", by=job("inbound"), on=message, patient=message.subject, at=at)
    answers.answer(reading, letter, contact, inbound=row.uid, subject=message.subject, at=at)
    if reading.intent not in (Intent.STOP, Intent.START):
        news = partial(
            message_received.send_robust,
            sender=Message,
            message=message,
            intent=reading.intent,
            subjects=subjects,
            at=at,
        )
        transaction.on_commit(news, robust=True)


def _keep(letter: InboundSms, contact: Suppression, subjects: list[UUID], at: datetime) -> Message:
    """In the thread of whoever was last written to at this number; the clinic's own where that is nobody."""
    return Message.objects.create(
        direction=Direction.IN,
        channel=Channel.SMS,
        kind="inbound",
        subject=_sealable(subjects),
        to=letter.from_,
        content={"text": letter.body, "media": letter.num_media},
        contact_index=bytes(contact.index),
        dedupe_key=f"in:{letter.message_sid}",
        state=State.RECEIVED,
        provider_id=letter.message_sid,
        send_after=at,
    )


def _sealable(subjects: list[UUID]) -> UUID | None:
    for subject in subjects:
        try:
            keys.subject_key(subject)
        except VaultError:
            continue
        return subject
    return None
