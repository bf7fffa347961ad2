"""Out of the outbox, at least once and always under the same id.

1. claim: under the row's lock it becomes `sending`; its place in the due-queue moves to the end of the lease. Committed.
2. post: no transaction is open while we wait for somebody else's server.
3. settle: the answer is written, if the row is still ours. 2xx is delivered; 410 stops the endpoint; all else is tried
   again, later each time, and in the end given up.
A sender that dies leaves `sending`; when the lease is over the next one sends it again, with the same id.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.clock import now
from tenants import due
from vault.fields import warm_rows
from webhooks import actions, addresses, posting, signing
from webhooks.events import body_of
from webhooks.models import OPEN, State, Stopped, WebhookDelivery, WebhookEndpoint
from webhooks.outbox import DUE
from webhooks.posting import Answer

LEASE: Final = timedelta(minutes=2)
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
REST: Final = timedelta(seconds=30)
GIVEN_UP_AFTER: Final = timedelta(days=3)
GONE: Final = 410


class Outcome(StrEnum):
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True)
class Letter:
    """All that is needed while no transaction is open."""

    url: str
    secrets: list[str]
    message_id: str
    body: bytes


def send(uid: UUID, *, at: datetime) -> Outcome:
    claimed = claim(uid, at=at)
    if isinstance(claimed, Outcome):
        return claimed
    delivery, letter = claimed
    started = time.monotonic()
    answer = deliver(letter, at=at)
    took = round((time.monotonic() - started) * 1000)
    return settle(delivery, answer, at=now() if took > 1000 else at, ms=took)


def claim(uid: UUID, *, at: datetime) -> tuple[WebhookDelivery, Letter] | Outcome:
    """The row, now ours, and what to send; or what became of it instead."""
    with transaction.atomic():
        found = WebhookDelivery.objects.filter(uid=uid, state__in=OPEN).select_related("event", "endpoint")
        delivery = found.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        if delivery is None:
            if not found.exists():
                due.cancel(DUE, [uid])
            return Outcome.LATER
        endpoint = delivery.endpoint
        if delivery.state == State.SENDING and delivery.claimed_at and at < delivery.claimed_at + LEASE:
            return _wait(delivery, delivery.claimed_at + LEASE)
        if not endpoint.is_listening:
            return _end(delivery, State.DROPPED, error="stopped")
        if delivery.next_try_at and at < delivery.next_try_at:
            return _wait(delivery, delivery.next_try_at)
        if endpoint.resting_until and at < endpoint.resting_until:
            return _wait(delivery, endpoint.resting_until)
        warm_rows([endpoint])
        letter = Letter(
            endpoint.url, endpoint.secrets_at(at), str(delivery.event.uid), body_of(delivery.event)
        )
        delivery.state, delivery.claimed_at, delivery.attempts = State.SENDING, at, delivery.attempts + 1
        delivery.save(update_fields=["state", "claimed_at", "attempts"])
        due.schedule(DUE, uid, at + LEASE)
    return delivery, letter


def deliver(letter: Letter, *, at: datetime) -> Answer:
    """The address is judged anew: what was public when it was saved may lead elsewhere by now."""
    try:
        target = addresses.find_target(letter.url)
    except addresses.AddressProblem as problem:
        return Answer(None, problem.code)
    headers = signing.headers(letter.secrets, message_id=letter.message_id, body=letter.body, at=at)
    return posting.post(target, letter.body, headers)


@transaction.atomic
def settle(claimed: WebhookDelivery, answer: Answer, *, at: datetime, ms: int) -> Outcome:
    """Write down what came of it."""
    mine = WebhookDelivery.objects.select_for_update(no_key=True).filter(
        pk=claimed.pk, state=State.SENDING, claimed_at=claimed.claimed_at
    )
    delivery = mine.first()
    if delivery is None:
        return Outcome.LATER  # somebody took us for dead, and has the word now
    delivery.note(at=at, code=answer.status, error=answer.error, ms=ms)
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=delivery.endpoint_id)
    if answer.is_accepted:
        return _delivered(delivery, endpoint, at)
    return _failed(delivery, endpoint, answer, at)


def _delivered(delivery: WebhookDelivery, endpoint: WebhookEndpoint, at: datetime) -> Outcome:
    delivery.delivered_at = at
    endpoint.failing_since, endpoint.resting_until, endpoint.last_delivered_at = None, None, at
    endpoint.save(update_fields=["failing_since", "resting_until", "last_delivered_at"])
    return _end(delivery, State.DELIVERED)


def _failed(delivery: WebhookDelivery, endpoint: WebhookEndpoint, answer: Answer, at: datetime) -> Outcome:
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.resting_until = None if answer.was_reached else at + REST
    endpoint.save(update_fields=["failing_since", "resting_until"])
    if answer.status == GONE:
        actions.stop_by_itself(endpoint, Stopped.GONE, at=at)
        return _end(delivery, State.DEAD, error="gone")
    if at - endpoint.failing_since >= GIVEN_UP_AFTER:
        actions.stop_by_itself(endpoint, Stopped.FAILING, at=at)
    if delivery.attempts > len(PAUSES):
        return _end(delivery, State.DEAD, error=delivery.error)
    delivery.state, delivery.claimed_at = State.QUEUED, None
    delivery.next_try_at = at + PAUSES[delivery.attempts - 1]
    delivery.save()
    due.schedule(DUE, delivery.uid, delivery.next_try_at)
    return Outcome.LATER


def put_off(uids: list[UUID], *, until: datetime) -> None:
    """Another time, without counting a try."""
    waiting = WebhookDelivery.objects.filter(Q(state=State.QUEUED), uid__in=uids)
    for uid in waiting.values_list("uid", flat=True):
        due.schedule(DUE, uid, until)


def _wait(delivery: WebhookDelivery, until: datetime) -> Outcome:
    due.schedule(DUE, delivery.uid, until)
    return Outcome.LATER


def _end(delivery: WebhookDelivery, state: State, *, error: str = "") -> Outcome:
    delivery.state, delivery.error = state, error
    delivery.next_try_at, delivery.claimed_at = None, None
    delivery.save()
    due.cancel(DUE, [delivery.uid])
    return Outcome.DONE


__all__ = ["Outcome", "claim", "deliver", "put_off", "send", "settle"]
