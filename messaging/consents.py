"""What people decided about being written to: an append-only ledger, and the flags that follow from it."""

from datetime import datetime
from uuid import UUID

from audit import buffer
from messaging import contacts
from messaging.models import Channel, ConsentDecision, ContactPreference, Message, Purpose

Topic = ConsentDecision.Topic
FLAGS = {
    (Channel.EMAIL, Topic.SERVICE): "email_consent",
    (Channel.SMS, Topic.SERVICE): "sms_consent",
    (Channel.EMAIL, Topic.MARKETING): "email_marketing",
    (Channel.SMS, Topic.MARKETING): "sms_marketing",
}
# The person has just asked for these, here and now; a refused reminder does not forbid them.
ANSWERS = frozenset(
    {
        "code",
        "sign_in_code",
        "help",
        "stop_confirmation",
        "start_confirmation",
        "cancel_intent",
        "staff_reply",
    }
)


def decide(
    index: bytes,
    channel: str,
    *,
    topic: str,
    granted: bool,
    text_version: str,
    source: str,
    at: datetime,
    text_shown: str = "",
    subject: UUID | None = None,
) -> ConsentDecision:
    """Note a decision and set the contact's flag. Granting needs the version of the text that was shown."""
    if granted and not text_version:
        raise ValueError("a consent without the version of the text shown is none")
    opened = buffer.current.get()
    decision = ConsentDecision.objects.create(
        index=index,
        channel=channel,
        topic=topic,
        granted=granted,
        subject=subject,
        text_version=text_version,
        text_shown=text_shown,
        source=source,
        request_id=opened.request_id if opened else None,
        at=at,
    )
    flag = FLAGS[Channel(channel), Topic(topic)]
    ContactPreference.objects.update_or_create(index=index, defaults={flag: granted, "changed_at": at})
    return decision


def preference(channel: str, address: str) -> ContactPreference | None:
    """The flags of a contact; None where nothing was ever decided."""
    return ContactPreference.objects.filter(index=contacts.index_of(channel, address)).first()


def latest(index: bytes, channel: str, topic: str) -> ConsentDecision | None:
    rows = ConsentDecision.objects.filter(index=index, channel=channel, topic=topic)
    return rows.order_by("-id").first()


def permits(message: Message) -> bool:
    """Whether the message may leave, as things stand now; notes the decision it rests on.

    Offers need a consent. Reminders and news of the person's own visits need none, but yield to a refusal.
    """
    index = bytes(message.contact_index)
    if message.purpose == Purpose.MARKETING:
        decision = latest(index, message.channel, Topic.MARKETING)
        if decision is None or not decision.granted:
            return False
        message.decision = decision.uid
        return True
    if message.kind in ANSWERS or message.subject is None:
        return True
    if message.channel == Channel.EMAIL and message.purpose == Purpose.TRANSACTIONAL:
        return True
    decision = latest(index, message.channel, Topic.SERVICE)
    message.decision = decision.uid if decision else None
    return decision is None or decision.granted
