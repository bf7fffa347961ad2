"""The third channel: what a patient and the clinic write to each other in the portal.

Nothing of it leaves the house, so a row is stored as it stays: received when the patient wrote it, delivered when the
clinic did. That somebody hears of it is another message's business.
"""

from datetime import datetime, timedelta
from uuid import UUID

from core.ids import uuid7
from messaging.actions import FREE_TEXT
from messaging.models import Channel, Direction, Message, State
from messaging.voice import voice

HOUR = timedelta(hours=1)
INBOUND = "inbound"


def written_once(subject: UUID, key: UUID, body: str) -> Message | None:
    """What was stored for this press of the button already; another text under the same key is another message."""
    known = Message.objects.filter(dedupe_key=_key(subject, key)).first()
    return known if known is not None and known.body == body else None


def full_until(subject: UUID, *, most: int, at: datetime) -> datetime | None:
    """When the person may write again, if there were `most` messages within the hour; None: now."""
    rows = Message.objects.filter(subject=subject, channel=Channel.PORTAL, direction=Direction.IN)
    # By the moment it was written in, which is this row's own; created_at is the server's clock.
    moments = rows.filter(send_after__gt=at - HOUR).order_by("-send_after")
    found = list(moments.values_list("send_after", flat=True)[:most])
    return found[-1] + HOUR if len(found) == most else None


def keep_from(subject: UUID, body: str, *, key: UUID, at: datetime) -> Message:
    """The person wrote to the clinic."""
    taken = Message.objects.filter(dedupe_key=_key(subject, key)).exists()
    return Message.objects.create(
        direction=Direction.IN,
        channel=Channel.PORTAL,
        kind=INBOUND,
        subject=subject,
        to="",
        content={"text": body},
        contact_index=b"",
        dedupe_key=_key(subject, uuid7() if taken else key),
        state=State.RECEIVED,
        send_after=at,
    )


def keep_for(subject: UUID, body: str, *, at: datetime) -> Message:
    """The clinic wrote to the person: it is there at once."""
    return Message.objects.create(
        channel=Channel.PORTAL,
        kind=FREE_TEXT,
        subject=subject,
        to="",
        content={"text": body},
        contact_index=b"",
        dedupe_key=f"staff:{uuid7()}",
        state=State.DELIVERED,
        language=voice().locale,
        send_after=at,
        accepted_at=at,
        delivered_at=at,
    )


def count_unread(subject: UUID) -> int:
    return Message.objects.unread(subject).count()


def mark_read(subject: UUID, *, at: datetime) -> None:
    """The thread was opened in the portal."""
    Message.objects.unread(subject).update(read_at=at)


def _key(subject: UUID, key: UUID) -> str:
    return f"portal:{subject}:{key}"
