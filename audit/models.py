"""Events, and the chain that the database itself forges over them at commit."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from core.ids import uuid7
from core.tables import Holder, Retention, TableClass


class Event(models.Model):
    """One thing that was done or seen. `body` is the canonical form; the columns are for looking things up."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.AUDIT

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    on_behalf = models.CharField(max_length=80, blank=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80, blank=True)
    patient_id = models.UUIDField(null=True)
    shown = ArrayField(models.UUIDField(), default=list)  # the persons of a list
    request_id = models.UUIDField(null=True)
    ip_hash = models.BinaryField(default=b"")
    agent_hash = models.BinaryField(default=b"")
    detail = models.BinaryField(null=True)  # a field token: survives a shredded key as its hash in the chain
    body = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["patient_id", "at"], name="audit_event_patient"),
            models.Index(fields=["at"], name="audit_event_at"),
            GinIndex(fields=["shown"], name="audit_event_shown"),
        ]


class Link(models.Model):
    """A link of the clinic's chain; only the database's deferred trigger writes it."""

    table_class = TableClass.DERIVED
    holder = Holder.NOBODY
    retention = Retention.AUDIT

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    prev = models.BinaryField()
    hash = models.BinaryField()


class Head(models.Model):
    """The chain's last link; one row."""

    table_class = TableClass.DERIVED
    holder = Holder.NOBODY
    retention = Retention.AUDIT

    seq = models.BigIntegerField()
    hash = models.BinaryField()


class AccessLog(models.Model):
    """The address behind a request, for a year; the chain keeps only its keyed hash."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.LOGS

    request_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="audit_accesslog_at")]


class AddressKey(models.Model):
    """The key of a year's address hashes; destroyed a year later, and with it the link to the address."""

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.LOGS

    year = models.SmallIntegerField(primary_key=True)
    key = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())
