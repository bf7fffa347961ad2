"""The texts that a booking refers to. A text is never changed: a new version stands beside the old."""

from django.db import models

from core.tables import Holder, Retention, TableClass


class PolicyKind(models.TextChoices):
    SERVICE_SMS = "service_sms", "service_sms"
    CANCELLATION_POLICY = "cancellation_policy", "cancellation_policy"


class PolicyTextQuerySet(models.QuerySet["PolicyText"]):
    def current(self) -> "dict[str, PolicyText]":
        """The newest text of each kind."""
        newest = self.order_by("kind", "-created_at", "-id").distinct("kind")
        return {text.kind: text for text in newest}


class PolicyText(models.Model):
    """What somebody agreed to must be readable for as long as the agreement counts."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    kind = models.CharField(max_length=24, choices=PolicyKind.choices)
    version = models.CharField(max_length=24)
    text = models.TextField()
    created_at = models.DateTimeField()

    objects = PolicyTextQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "created_at"], name="practice_policy_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"
