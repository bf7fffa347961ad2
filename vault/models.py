"""Wrapped keys, in a PostgreSQL instance of their own: they share no backup with what they open."""

from typing import Final

from django.db import models
from django.db.models.functions import Now

from core.ids import uuid7
from core.tables import Holder, Retention, TableClass

VAULT: Final = "vault"


class KeyKind(models.TextChoices):
    CLINIC = "clinic"
    SUBJECT_ROOT = "subject_root"
    INDEX = "index"


class ClinicKey(models.Model):
    """A key of a whole clinic; `kid` names what wraps it: a key of the keyring, or the clinic key's uid."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.WHILE_NEEDED

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.UUIDField()
    kind = models.CharField(max_length=16, choices=KeyKind.choices)
    version = models.PositiveSmallIntegerField(default=1)
    kid = models.CharField(max_length=64)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "kind", "version"], name="one_key_a_kind_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key {self.uid}"


class SubjectKey(models.Model):
    """The key of one patient, lead or caller; destroying this row destroys all that was sealed with it."""

    table_class = TableClass.ORDINARY
    holder = Holder.PATIENT
    retention = Retention.WHILE_NEEDED

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.UUIDField()
    subject = models.UUIDField()
    version = models.PositiveSmallIntegerField(default=1)
    root = models.UUIDField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "subject", "version"], name="one_key_a_subject_version"
            ),
        ]

    def __str__(self) -> str:
        return f"subject key {self.uid}"


class KekUse(models.Model):
    """How often a key of the keyring has wrapped; it must stop long before its random IVs could repeat."""

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    kid = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kid}: {self.count}"
