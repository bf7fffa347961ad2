"""Into the outbox: the only way a message begins. In the caller's transaction, so it leaves if, and only if, what
it tells of happened; a worker sends it afterwards.
"""

import base64
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from messaging.contacts import index_of, normalised
from messaging.models import Channel, Message, Purpose, State
from providers.resend import Attachment
from tenants import due
from tenants.context import current_schema
from tenants.tasks import send_to

log = logging.getLogger(__name__)
DUE = "message"
TASK = "messaging.tasks.send_messages"
LONGEST_SMS = 1400  # leaves room for the disclosure; the provider takes 1600
MOST_IN_A_TASK = 50


def add(
    channel: str,
    kind: str,
    *,
    subject: UUID | None,
    to: str,
    body: str,
    dedupe_key: str,
    send_after: datetime,
    send_before: datetime | None = None,
    subject_line: str = "",
    about: UUID | None = None,
    revision: int = 0,
    attachments: Sequence[Attachment | tuple[str, bytes | str, str]] | None = None,
    purpose: str = Purpose.TRANSACTIONAL,
    zone: str = "",
    region: str = "",
    language: str = "en",
) -> Message:
    """Queue a message; the one already there, if there is one of this dedupe_key.

    `subject` is the person whose key seals it, None for staff. `zone` and `region` (a state) are the recipient's, for
    quiet hours; the number's area code fills in. Attachments are (name, content, type).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is queued in the transaction of what it tells of")
    channel = Channel(channel)
    if channel == Channel.SMS and not 0 < len(body) <= LONGEST_SMS:
        raise ValueError(f"a text has 1 to {LONGEST_SMS} characters; this one has {len(body)}")
    content: dict[str, Any] = {"text": body}
    if attachments:
        content["attachments"] = [_attachment(one) for one in attachments]
    message = Message(
        channel=channel,
        kind=kind,
        purpose=Purpose(purpose),
        subject=subject,
        about=about,
        revision=revision,
        to=normalised(channel, to),
        content=content,
        subject_line=" ".join(subject_line.split()),
        contact_index=index_of(channel, to),
        dedupe_key=dedupe_key,
        language=language,
        zone=zone,
        region=region,
        send_after=send_after,
        send_before=send_before,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    kept = Message.objects.get(dedupe_key=dedupe_key)
    if kept.uid == message.uid:
        due.schedule(DUE, kept.uid, send_after)
        if send_after <= kept.created_at:
            _poke(kept.uid)
    return kept


def void(about: UUID, *, kinds: Iterable[str] | None = None, below_revision: int | None = None) -> int:
    """What is no longer true of a visit does not leave; says how many messages were stopped."""
    rows = Message.objects.outgoing().waiting().filter(about=about)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if below_revision is not None:
        rows = rows.filter(revision__lt=below_revision)
    # Locked first: one that a sender holds has been claimed by the time we get it, and then is no longer waiting.
    uids = list(rows.select_for_update(no_key=True).order_by("id").values_list("uid", flat=True))
    Message.objects.filter(uid__in=uids).update(state=State.VOID)
    due.cancel(DUE, uids)
    return len(uids)


def _attachment(one: Attachment | tuple[str, bytes | str, str]) -> dict[str, str]:
    name, content, kind = (
        (one.filename, one.content, one.content_type) if isinstance(one, Attachment) else one
    )
    raw = content.encode() if isinstance(content, str) else content
    return {"name": name, "type": kind, "content": base64.b64encode(raw).decode("ascii")}


class _Poke:
    """Tells the workers at once what one transaction queued; what gets lost here the due-queue finds in seconds."""

    def __init__(self) -> None:
        self.uids: list[UUID] = []

    def __call__(self) -> None:
        refs = [str(uid) for uid in self.uids]
        try:
            for start in range(0, len(refs), MOST_IN_A_TASK):
                send_to(current_schema(), TASK, refs[start : start + MOST_IN_A_TASK])
        except (BrokerError, RedisError, OSError):
            log.warning("the queue is not reachable; %d messages wait for the due-queue", len(refs))


def _poke(uid: UUID) -> None:
    """One task for all that a transaction queues."""
    known = (entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Poke))
    poke = next(known, None)
    if poke is None:
        poke = _Poke()
        transaction.on_commit(poke, robust=True)
    poke.uids.append(uid)
