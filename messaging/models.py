"""Messages in both directions, what people decided about being written to, and the numbers that said stop."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from vault.fields import SealedJSONField, SealedTextField

# A sender that is alive holds the row's lock; this is for one that died.
SEND_LEASE = timedelta(minutes=2)


class Channel(models.TextChoices):
    SMS = "sms", _("Text")
    EMAIL = "email", _("Email")
    PORTAL = "portal", _("Portal")  # stays in the house: nothing goes to a provider


class Direction(models.TextChoices):
    OUT = "out", _("Sent")
    IN = "in", _("Received")


class Purpose(models.TextChoices):
    """Why we may write: transactional answers what the person just did, or concerns the visit itself."""

    TRANSACTIONAL = "transactional", _("Transactional")
    REMINDER = "reminder", _("Reminder")
    MARKETING = "marketing", _("Marketing")


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not delivered")
    UNKNOWN = "unknown", _("Perhaps sent")
    VOID = "void", _("No longer true, not sent")
    DROPPED = "dropped", _("Too late, not sent")
    SUPPRESSED = "suppressed", _("Opted out, not sent")
    RECEIVED = "received", _("Received")


# In whatever order a provider's news arrives, the highest wins.
RANK = {
    State.QUEUED: 0,
    State.SENDING: 0,
    State.UNKNOWN: 0,
    State.ACCEPTED: 1,
    State.FAILED: 2,
    State.DELIVERED: 3,
}
HELD_PURPOSES = (Purpose.REMINDER, Purpose.MARKETING)


class MessageQuerySet(models.QuerySet["Message"]):
    def outgoing(self) -> "MessageQuerySet":
        return self.filter(direction=Direction.OUT)

    def waiting(self) -> "MessageQuerySet":
        return self.filter(state=State.QUEUED)

    def undecided(self) -> "MessageQuerySet":
        """Those of which nobody knows yet whether they left."""
        return self.filter(state__in=(State.SENDING, State.UNKNOWN))

    def unread(self, subject: UUID) -> "MessageQuerySet":
        """What the clinic wrote to the person in the portal since the thread was opened there."""
        return self.outgoing().filter(subject=subject, channel=Channel.PORTAL, read_at=None)

    def to_contact(self, index: bytes, channel: str) -> "MessageQuerySet":
        return self.outgoing().filter(contact_index=index, channel=channel)


class Message(Outward):
    """A row of the outbox, or an inbound message: one thread of a subject."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    purpose = models.CharField(max_length=13, choices=Purpose.choices, default=Purpose.TRANSACTIONAL)
    subject = models.UUIDField(null=True)  # the person; None for staff and for unknown numbers
    about = models.UUIDField(null=True)  # the visit
    revision = models.IntegerField(default=0)
    to = SealedTextField(tag="messaging.message.to/1")  # inbound: whom it is from
    content = SealedJSONField(tag="messaging.message.body/1")
    subject_line = SealedTextField(tag="messaging.message.subject_line/1", default="")
    contact_index = models.BinaryField(max_length=16)  # empty where no contact is written to: in the portal
    dedupe_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    decision = models.UUIDField(null=True)  # the consent it was sent on, where its purpose needs one
    provider_id = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=60, blank=True)  # of the recipient, for quiet hours
    region = models.CharField(max_length=10, blank=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    send_after = models.DateTimeField()
    send_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # in the portal: when the patient opened the thread

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "created_at"], name="messaging_msg_subject"),
            models.Index(
                fields=["about"], name="messaging_msg_about", condition=models.Q(about__isnull=False)
            ),
            models.Index(fields=["contact_index", "id"], name="messaging_msg_contact"),
            models.Index(
                fields=["send_after"],
                name="messaging_msg_open",
                condition=models.Q(state__in=["queued", "sending", "unknown"]),
            ),
            models.Index(
                fields=["claimed_at"],
                name="messaging_msg_lost",
                condition=models.Q(state__in=["failed", "unknown"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "provider_id"],
                name="messaging_msg_provider_id",
                condition=~models.Q(provider_id=""),
            ),
            models.CheckConstraint(
                name="messaging_msg_marketing_needs_consent",
                condition=~models.Q(purpose="marketing", direction="out")
                | models.Q(decision__isnull=False)
                | ~models.Q(state__in=["accepted", "delivered", "unknown"]),
            ),
        ]

    def sealing_subject(self) -> UUID | None:
        return self.subject

    @property
    def body(self) -> str:
        return str(self.content["text"])

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """As {"name", "type", "content"}; content is base64."""
        found: list[dict[str, Any]] = self.content.get("attachments", [])
        return found

    @property
    def is_text(self) -> bool:
        return self.channel == Channel.SMS

    def is_late(self, at: datetime) -> bool:
        return self.send_before is not None and at >= self.send_before


class Suppression(models.Model):
    """One contact as the sender sees it, the row whose lock stands between a STOP and a send.

    Made when a contact is first written to; `stopped_at` says whether it may be.
    """

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    index = models.BinaryField(max_length=16)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    stopped_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when it was told how to stop, and of rates and frequency

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["index", "channel"], name="messaging_suppression_contact")
        ]


class OptOutEvent(Outward):
    """That a contact stopped or started, and how we know. The ledger behind Suppression."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    class Action(models.TextChoices):
        STOP = "stop", "stop"
        START = "start", "start"

    class Source(models.TextChoices):
        KEYWORD = "keyword", "keyword"  # the person wrote it
        REFUSED = "21610", "21610"  # the provider knows of a STOP that we do not
        STAFF = "staff", "staff"

    index = models.BinaryField(max_length=16)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    action = models.CharField(max_length=5, choices=Action.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    inbound = models.UUIDField(null=True)  # the message that said so
    text_version = models.CharField(max_length=20)  # of the answer the person was given
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["index", "at"], name="messaging_optout_contact")]


class ConsentDecision(Outward):
    """What somebody agreed to or refused, and the very text that was shown. Never changed, only followed."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    class Topic(models.TextChoices):
        SERVICE = "service", "service"  # about the person's own visits
        MARKETING = "marketing", "marketing"

    index = models.BinaryField(max_length=16)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    topic = models.CharField(max_length=9, choices=Topic.choices)
    granted = models.BooleanField()
    subject = models.UUIDField(null=True)
    text_version = models.CharField(max_length=40)
    text_shown = models.TextField(blank=True)
    source = models.CharField(max_length=20)
    request_id = models.UUIDField(null=True)  # leads to the address, for as long as that is kept
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["index", "topic", "id"], name="messaging_consent_contact")]


class ContactPreference(models.Model):
    """The last decisions on a contact, as flags; None where nobody was asked. Follows ConsentDecision."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    index = models.BinaryField(max_length=16, unique=True)
    email_consent = models.BooleanField(null=True)
    sms_consent = models.BooleanField(null=True)
    email_marketing = models.BooleanField(null=True)
    sms_marketing = models.BooleanField(null=True)
    changed_at = models.DateTimeField()


class InboundMessage(Outward):
    """What the provider posted, kept until it was applied: stored first, so that nothing said is lost.

    `index` is None while the vault was down and nobody could tell whose number it is: then no message at all leaves
    before it is applied. `sealed` is emptied by applying; the row stays, so that a replay is recognised.
    """

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    provider_id = models.CharField(max_length=80, unique=True)
    index = models.BinaryField(max_length=16, null=True)
    sealed = models.BinaryField()
    verified = models.BooleanField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"],
                name="messaging_inbound_open",
                condition=models.Q(applied_at__isnull=True),
            )
        ]
