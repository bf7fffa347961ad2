"""Endpoints that the clinic's programs listen on, what happened, and each telling of it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from vault.fields import SealedTextField
from webhooks.addresses import host_of

OVERLAP: Final = timedelta(hours=24)  # how long a replaced secret still signs
KEPT_FOR: Final = timedelta(days=30)


class Stopped(models.TextChoices):
    """Why an endpoint is told nothing."""

    NO = "", _("Listening")
    BY_HAND = "by_hand", _("Switched off")
    GONE = "gone", _("It answered that it is gone for good")
    FAILING = "failing", _("It did not answer for days")


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def kept(self) -> "EndpointQuerySet":
        return self.filter(removed_at=None)

    def wanting(self, event_type: str) -> "EndpointQuerySet":
        """Those that subscribed to it, stopped ones too."""
        return self.kept().filter(events__contains=[event_type])


class WebhookEndpoint(Outward):
    """An address outside, what it wants to hear, and the secret that signs it. Both are sealed: paths hold keys."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.WHILE_NEEDED

    url = SealedTextField(tag="webhooks.endpoint.url/1")
    description = models.CharField(max_length=80, blank=True)
    events = models.JSONField(default=list)
    secret = SealedTextField(tag="webhooks.endpoint.secret/1")
    old_secret = SealedTextField(tag="webhooks.endpoint.old_secret/1", null=True)
    old_secret_until = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=8, choices=Stopped.choices, blank=True, default=Stopped.NO)
    stopped_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # first failure after the last success
    resting_until = models.DateTimeField(null=True)  # out of reach: not every delivery has to find out
    last_delivered_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"endpoint {self.uid}"

    def sealing_subject(self) -> None:
        """The clinic's own."""

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def name(self) -> str:
        return self.description or self.host

    @property
    def is_listening(self) -> bool:
        return self.removed_at is None and not self.stopped

    def secrets_at(self, at: datetime) -> list[str]:
        overlaps = self.old_secret_until is not None and at < self.old_secret_until
        return [self.secret, self.old_secret] if overlaps and self.old_secret else [self.secret]


class WebhookEvent(Outward):
    """Something that happened, as it is told. `uid` is the id that receivers see; the pk grows, and so orders the
    events of one visit: it is drawn while that visit's row is locked."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    type = models.CharField(max_length=40)
    about = models.UUIDField(null=True)  # the visit
    data = models.JSONField()
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["happened_at"], name="webhooks_event_time")]

    def __str__(self) -> str:
        return f"event {self.uid}"


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")
    DROPPED = "dropped", _("Not sent")


OPEN: Final = (State.QUEUED, State.SENDING)


class WebhookDelivery(Outward):
    """One event to one endpoint, until it was taken or given up."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries", db_index=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)  # since it was last queued
    next_try_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    response_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    tries = models.JSONField(default=list)  # the last of them: [{"at", "code", "error", "ms"}]
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "endpoint"], name="webhooks_delivery_once")]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_list"),
            models.Index(fields=["next_try_at"], condition=Q(state__in=OPEN), name="webhooks_delivery_open"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.uid}"

    def note(self, *, at: datetime, code: int | None, error: str, ms: int) -> None:
        entry: dict[str, Any] = {"at": at.isoformat(), "code": code, "error": error, "ms": ms}
        self.tries = [*self.tries, entry][-12:]
        self.response_code, self.error = code, error
