"""Messages of which nobody knows whether they left: found out by asking, never by sending again on a guess."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from messaging import contacts, sending
from messaging.channels import sms
from messaging.credentials import NoAccount
from messaging.models import RANK, SEND_LEASE, Message, State
from messaging.outbox import DUE
from messaging.sending import Outcome
from providers.errors import ProviderError
from tenants import due

log = logging.getLogger(__name__)
ASKED_FOR = timedelta(hours=24)  # after that the row stays `unknown`, for people to see
KEY_LIVES = timedelta(hours=23)  # the mail provider remembers an idempotency key for a day


def settle(uid: UUID, *, at: datetime) -> Outcome:
    """Look after a row in `sending` whose sender is gone, or in `unknown`."""
    with transaction.atomic():
        rows = Message.objects.outgoing().undecided().filter(uid=uid)
        # A row that is locked has a sender that lives.
        message = rows.select_for_update(no_key=True, skip_locked=True).first()
        if message is None:
            return Outcome.LATER
        if message.claimed_at is None or at < message.claimed_at + SEND_LEASE:
            return _look_again(message, (message.claimed_at or at) + SEND_LEASE)
        if message.is_text:
            return _settle_text(message, at)
        repeat = _may_repeat_mail(message, at)
        if not repeat:
            return sending.finish(message, State.UNKNOWN, error=message.error or "answer_lost")
        message.state, message.error = State.QUEUED, ""
        message.save(update_fields=["state", "error"])
    # Under the same key the provider answers with the mail it has, or sends the one it never got.
    return sending.send(uid, at=at)


def _may_repeat_mail(message: Message, at: datetime) -> bool:
    age = at - message.created_at
    return age < KEY_LIVES and not message.is_late(at) and message.attempts < sending.MOST_ATTEMPTS


def _settle_text(message: Message, at: datetime) -> Outcome:
    contacts.locked(bytes(message.contact_index), message.channel)
    others = Message.objects.to_contact(bytes(message.contact_index), message.channel).exclude(provider_id="")
    try:
        search = sms.look_up(message, taken=others.values_list("provider_id", flat=True))
    except (ProviderError, NoAccount) as problem:
        log.warning("message %s cannot be asked for: %s", message.uid, problem)
        return _stay_unknown(message, at)
    if search.found:
        message.provider_id, message.accepted_at = search.found.sid, search.found.created_at
        state = state_of(search.found.status)
        if state == State.DELIVERED:
            message.delivered_at = at
        return sending.finish(message, state, error=search.found.error_code)
    if not search.sure:
        return _stay_unknown(message, at)
    return _surely_not_sent(message, at)


def _surely_not_sent(message: Message, at: datetime) -> Outcome:
    """The provider's list has no such message, long after the request died: it waits again, unless it is too late."""
    if message.is_late(at):
        return sending.finish(message, State.DROPPED, error="late")
    if message.attempts >= sending.MOST_ATTEMPTS:
        return sending.finish(message, State.FAILED, error=message.error or "attempts")
    message.state, message.claimed_at = State.QUEUED, None
    message.save(update_fields=["state", "claimed_at"])
    due.schedule(DUE, message.uid, at)
    return Outcome.LATER


def _stay_unknown(message: Message, at: datetime) -> Outcome:
    assert message.claimed_at is not None
    age = at - message.claimed_at
    error = message.error or "answer_lost"
    if age >= ASKED_FOR:
        return sending.finish(message, State.UNKNOWN, error=error)
    message.state, message.error = State.UNKNOWN, error
    message.save(update_fields=["state", "error"])
    return _look_again(message, at + max(SEND_LEASE, min(age, sending.LONGEST_PAUSE)))


def _look_again(message: Message, when: datetime) -> Outcome:
    due.schedule(DUE, message.uid, when)
    return Outcome.LATER


def state_of(status: str) -> State:
    """A provider's word in ours."""
    if status in ("delivered", "read"):
        return State.DELIVERED
    if status in ("undelivered", "failed", "canceled", "bounced"):
        return State.FAILED
    return State.ACCEPTED


def apply_status(uid: UUID, *, provider_id: str, status: str, error: str, at: datetime) -> bool:
    """News of a message, in any order and any number of times: it only ever moves forward. False: no such row."""
    with transaction.atomic():
        message = Message.objects.outgoing().select_for_update(no_key=True).filter(uid=uid).first()
        if message is None:
            return False
        news = state_of(status)
        rank = RANK.get(State(message.state))
        if rank is None or RANK[news] <= rank or message.provider_id not in ("", provider_id):
            return True
        message.provider_id = provider_id
        message.accepted_at = message.accepted_at or at
        if news == State.DELIVERED:
            message.delivered_at = at
        sending.finish(message, news, error=error if news == State.FAILED else "")
    return True
