"""Into the outbox: what happened is written down in the transaction in which it happened, a row for each endpoint that
wants to hear of it. A worker sends it afterwards; what is rolled back was never there.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from tenants import due
from tenants.context import current_schema
from tenants.tasks import send_to
from webhooks.models import State, WebhookDelivery, WebhookEndpoint, WebhookEvent

log = logging.getLogger(__name__)
DUE: Final = "webhook"
TASK: Final = "webhooks.tasks.send_deliveries"


def tell(event_type: str, data: dict[str, Any], *, about: UUID, at: datetime) -> None:
    """For all that subscribed. Also kept where they are all stopped, so that it can be sent when they are back."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells of")
    endpoints = list(WebhookEndpoint.objects.wanting(event_type).only("id", "stopped", "removed_at"))
    if not endpoints:
        return
    event = WebhookEvent.objects.create(type=event_type, about=about, data=data, happened_at=at)
    add(event, (one for one in endpoints if one.is_listening), at=at)


def add(event: WebhookEvent, endpoints: Iterable[WebhookEndpoint], *, at: datetime) -> list[WebhookDelivery]:
    """A delivery for each, due now."""
    rows = [
        WebhookDelivery(event=event, endpoint=one, next_try_at=at, created_at=at, state=State.QUEUED)
        for one in endpoints
    ]
    WebhookDelivery.objects.bulk_create(rows)
    for row in rows:
        due.schedule(DUE, row.uid, at)
    poke([row.uid for row in rows])
    return rows


def poke(uids: list[UUID]) -> None:
    """Tell the workers on commit; what gets lost here the due-queue finds in seconds."""
    if uids:
        refs = [str(uid) for uid in uids]
        transaction.on_commit(lambda: _send(refs), robust=True)


def _send(refs: list[str]) -> None:
    try:
        for start in range(0, len(refs), due.SLICE):
            send_to(current_schema(), TASK, refs[start : start + due.SLICE])
    except (BrokerError, RedisError, OSError):
        log.warning("the queue is not reachable; %d webhooks wait for the due-queue", len(refs))
