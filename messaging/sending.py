"""Out of the outbox, once.

1. claim: under the row's lock, what is late, stale, or comes in quiet hours is set aside; else the row becomes
   `sending`. Committed before anything leaves.
2. deliver: what people have written in the meantime is applied first. Then, holding the row's and the contact's lock,
   consent and opt-out are checked and the message is handed over; the answer is written in the same transaction.
3. A sender that dies loses its locks and leaves `sending`; one that lost the answer leaves `unknown`. Both are for
   messaging.recovery, which asks the provider before anything else happens.

A STOP waits for the contact's lock, so a message is handed over before it or never.
"""

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F

from core.problems import Unavailable
from messaging import channels, consents, contacts, inbound, quiet
from messaging.credentials import NoAccount
from messaging.models import HELD_PURPOSES, SEND_LEASE, Message, OptOutEvent, State, Suppression
from messaging.outbox import DUE
from messaging.texts import with_disclosure
from providers.errors import ProviderError
from tenants import due

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=1)
# The one text that goes to a contact that has just said stop.
LAST_WORD = "stop_confirmation"
SAYS_SO_ITSELF = frozenset({LAST_WORD, "start_confirmation", "help"})


class Outcome(StrEnum):
    DONE = "done"  # nothing more to do for this row
    LATER = "later"  # its time in the due-queue was set
    TROUBLE = "trouble"  # the provider does not answer; better not to go on at once


def send(uid: UUID, *, at: datetime) -> Outcome:
    """Send a waiting message, if it is due and may leave."""
    claimed = claim(uid, at=at)
    return deliver(claimed, at=at) if isinstance(claimed, Message) else claimed


def claim(uid: UUID, *, at: datetime) -> Message | Outcome:
    """The row, now `sending` and ours; or what became of it instead."""
    with transaction.atomic():
        waiting = Message.objects.outgoing().waiting().filter(uid=uid)
        message = waiting.select_for_update(no_key=True, skip_locked=True).first()
        if message is None:
            return Outcome.LATER
        if aside := _set_aside(message, at):
            return aside
        if message.is_text:
            _disclose(message)
        won = waiting.update(state=State.SENDING, claimed_at=at, attempts=F("attempts") + 1)
        if not won:
            return Outcome.LATER
        due.schedule(DUE, uid, at + SEND_LEASE)
    message.state, message.claimed_at, message.attempts = State.SENDING, at, message.attempts + 1
    return message


def deliver(claimed: Message, *, at: datetime) -> Outcome:
    """Hand over a claimed message, unless something speaks against it by now."""
    index = bytes(claimed.contact_index)
    if claimed.is_text and not _heard_out(index, at):
        return _unclaim(claimed, at)
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=claimed.pk)
        if message.state != State.SENDING or message.claimed_at != claimed.claimed_at:
            return Outcome.LATER  # somebody took it for abandoned
        contact = contacts.locked(index, message.channel)
        if message.is_text and inbound.waits(index):
            return _back(message, at=at, pause=timedelta(seconds=1))
        if _is_refused(message, contact):
            return finish(
                message, State.SUPPRESSED, error="opted_out" if contact.stopped_at else "no_consent"
            )
        return _hand_over(message, contact, at)


def _heard_out(index: bytes, at: datetime) -> bool:
    """Apply what was written to us; False when that cannot be done now, and so nothing may be sent."""
    try:
        inbound.apply_before_sending(index, at=at)
    except (Unavailable, OperationalError):
        return False
    return True


def _unclaim(claimed: Message, at: datetime) -> Outcome:
    with transaction.atomic():
        mine = Message.objects.select_for_update(no_key=True).filter(
            pk=claimed.pk, state=State.SENDING, claimed_at=claimed.claimed_at
        )
        return _back(message, at=at, pause=FIRST_PAUSE) if (message := mine.first()) else Outcome.LATER


def finish(message: Message, state: State, *, error: str = "") -> Outcome:
    """The end of a row."""
    message.state, message.error = state, error
    message.save(
        update_fields=[
            "state",
            "error",
            "decision",
            "provider_id",
            "accepted_at",
            "delivered_at",
            "claimed_at",
        ]
    )
    due.cancel(DUE, [message.uid])
    return Outcome.DONE


def pause_after(attempts: int) -> timedelta:
    """Twice as long each time, up to an hour."""
    doublings: int = 2 ** max(0, attempts - 1)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def _set_aside(message: Message, at: datetime) -> Outcome | None:
    """Late, stale, early, or in quiet hours; None when it may go now."""
    if message.is_late(at):
        return finish(message, State.DROPPED, error="late")
    if message.about and _is_stale(message):
        return finish(message, State.VOID, error="stale")
    opens = max(message.send_after, _opens_at(message, max(at, message.send_after)))
    if opens <= at:
        return None
    if message.is_late(opens):
        return finish(message, State.DROPPED, error="quiet_hours")
    due.schedule(DUE, message.uid, opens)
    return Outcome.LATER


def _is_stale(message: Message) -> bool:
    newer = Message.objects.outgoing().filter(about=message.about, kind=message.kind)
    return (
        newer.filter(channel=message.channel, revision__gt=message.revision)
        .exclude(state=State.VOID)
        .exists()
    )


def _opens_at(message: Message, at: datetime) -> datetime:
    """When what nobody asked for may be sent: quiet hours, and so many texts a day."""
    if message.purpose not in HELD_PURPOSES:
        return at
    number = message.to if message.is_text else ""
    zones, states = quiet.recipient(number, zone=message.zone, region=message.region)
    if not message.is_text:
        # A mail says nothing of where it is read; without a zone there is nothing to hold it to.
        return quiet.allowed_at(at, zone=zones, region=states) if zones else at
    opens = quiet.allowed_at(at, zone=zones, region=states)
    sent = Message.objects.to_contact(bytes(message.contact_index), message.channel).filter(
        purpose__in=HELD_PURPOSES, accepted_at__gt=opens - timedelta(days=1)
    )
    moments = list(
        sent.order_by("-accepted_at").values_list("accepted_at", flat=True)[: quiet.table().most_a_day]
    )
    if len(moments) < quiet.table().most_a_day or moments[-1] is None:
        return opens
    return quiet.allowed_at(moments[-1] + timedelta(days=1), zone=zones, region=states)


def _disclose(message: Message) -> None:
    """The first text to a number says how to stop, and what it costs. Stored as it is sent, to be found again."""
    told = Suppression.objects.filter(
        index=bytes(message.contact_index), channel=message.channel, told_at__isnull=False
    )
    if message.kind in SAYS_SO_ITSELF or told.exists():
        return
    body = with_disclosure(message.body, message.language)
    if body != message.body:
        message.content = {**message.content, "text": body}
        message.save(update_fields=["content"])


def _is_refused(message: Message, contact: Suppression) -> bool:
    if contact.stopped_at is not None and message.kind != LAST_WORD:
        return True
    return not consents.permits(message)


def _hand_over(message: Message, contact: Suppression, at: datetime) -> Outcome:
    try:
        message.provider_id = channels.deliver(message)
    except NoAccount:
        return finish(message, State.FAILED, error="no_account")
    except ProviderError as problem:
        return _after_trouble(message, contact, problem, at)
    message.accepted_at = at
    if message.is_text and contact.told_at is None and message.kind != LAST_WORD:
        contact.told_at = at
        contact.save(update_fields=["told_at"])
    return finish(message, State.ACCEPTED)


def _after_trouble(message: Message, contact: Suppression, problem: ProviderError, at: datetime) -> Outcome:
    log.warning("message %s: %s", message.uid, problem)
    if problem.opted_out:
        contacts.stop(contact, source=OptOutEvent.Source.REFUSED, at=at)
        return finish(message, State.SUPPRESSED, error=problem.code)
    if problem.sent == "unknown":
        finish(message, State.UNKNOWN, error=problem.code)
        due.schedule(DUE, message.uid, at + SEND_LEASE)
        return Outcome.TROUBLE
    if problem.permanent or message.attempts >= MOST_ATTEMPTS:
        return finish(message, State.FAILED, error=problem.code)
    return _back(message, at=at, pause=pause_after(message.attempts), error=problem.code)


def _back(message: Message, *, at: datetime, pause: timedelta, error: str = "") -> Outcome:
    """Surely not sent: it waits again."""
    message.state, message.error, message.claimed_at = State.QUEUED, error, None
    message.save(update_fields=["state", "error", "claimed_at"])
    due.schedule(DUE, message.uid, at + pause)
    return Outcome.TROUBLE if error else Outcome.LATER
