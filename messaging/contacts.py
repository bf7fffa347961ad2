"""A contact as messaging knows it: an address in one form, its blind index, and the row whose lock guards it."""

from datetime import datetime
from uuid import UUID

from core.emails import normalise_email
from core.phones import PhoneProblem, parse_phone
from messaging.models import Channel, Message, OptOutEvent, Suppression
from vault.blind import blind_index


def normalised(channel: str, address: str) -> str:
    """E.164 or a lower-case mail address; PhoneProblem or EmailProblem when it is none."""
    return parse_phone(address) if channel == Channel.SMS else normalise_email(address)


def index_of(channel: str, address: str) -> bytes:
    """The same as the index of a patient's contact point, so that either is found by the other."""
    return blind_index("phone" if channel == Channel.SMS else "email", normalised(channel, address))


def is_number(sender: str) -> bool:
    """Whether one could write back: short codes and names of senders are no phone numbers."""
    try:
        parse_phone(sender)
    except PhoneProblem:
        return False
    return True


def index_of_sender(number: str) -> bytes:
    """Of whoever texts us: also of those whom we never write to, for what they say is kept."""
    return index_of(Channel.SMS, number) if is_number(number) else blind_index("phone", number)


def locked(index: bytes, channel: str) -> Suppression:
    """The contact's row, made if need be, locked to the end of the transaction."""
    rows = Suppression.objects
    rows.bulk_create([Suppression(index=index, channel=channel)], ignore_conflicts=True)
    return rows.select_for_update(no_key=True).get(index=index, channel=channel)


def is_stopped(channel: str, address: str) -> bool:
    """Whether the contact said stop. For showing: the sender asks again, under the lock."""
    rows = Suppression.objects.filter(index=index_of(channel, address), channel=channel)
    return rows.filter(stopped_at__isnull=False).exists()


def stop(
    contact: Suppression,
    *,
    source: OptOutEvent.Source,
    at: datetime,
    inbound: UUID | None = None,
    text_version: str = "",
) -> bool:
    """From here nothing goes to the contact; says whether that is new. The contact is locked."""
    fresh = contact.stopped_at is None
    _remember(contact, OptOutEvent.Action.STOP, source, at, inbound, text_version)
    if fresh:
        contact.stopped_at = at
        contact.save(update_fields=["stopped_at"])
    return fresh


def start(
    contact: Suppression, *, source: OptOutEvent.Source, at: datetime, inbound: UUID | None, text_version: str
) -> None:
    """Only the person lifts a stop. The contact is locked."""
    _remember(contact, OptOutEvent.Action.START, source, at, inbound, text_version)
    if contact.stopped_at is not None:
        contact.stopped_at = None
        contact.save(update_fields=["stopped_at"])


def subjects_at(index: bytes, channel: str) -> list[UUID]:
    """The persons written to at this contact, the last one first."""
    rows = Message.objects.to_contact(index, channel).filter(subject__isnull=False)
    return list(
        dict.fromkeys(uid for uid in rows.order_by("-id").values_list("subject", flat=True)[:50] if uid)
    )


def _remember(
    contact: Suppression,
    action: OptOutEvent.Action,
    source: OptOutEvent.Source,
    at: datetime,
    inbound: UUID | None,
    text_version: str,
) -> None:
    OptOutEvent.objects.create(
        index=bytes(contact.index),
        channel=contact.channel,
        action=action,
        source=source,
        inbound=inbound,
        text_version=text_version,
        at=at,
    )
