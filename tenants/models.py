"""What the platform knows of its clinics. All of it lives in the public schema."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.context import ClinicRef
from core.ids import uuid7
from core.tables import Holder, Retention, TableClass


class ClinicState(models.TextChoices):
    REQUESTED = "requested", "requested"
    ACTIVE = "active", "active"
    SUSPENDED = "suspended", "suspended"
    CLOSED = "closed", "closed"


class Clinic(models.Model):
    """A customer of the platform, with a schema, three roles and keys of its own."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    auto_drop_schema = False  # read by django-tenants: a deleted row never takes a schema with it

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    schema_name = models.CharField(max_length=40, unique=True)
    slug = models.CharField(max_length=40, unique=True)
    # The slug as the eye sees it (tenants.hostnames): no two clinics look alike. Null: opened before that was asked.
    skeleton = models.CharField(max_length=40, unique=True, null=True, editable=False)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=ClinicState.choices, default=ClinicState.REQUESTED)
    is_demo = models.BooleanField(default=False)
    second_factor_optional = models.BooleanField(default=False)
    plan = models.CharField(max_length=20, default="studio")  # a code of tenants.plans
    migrations = models.CharField(max_length=64, blank=True)  # digest of what its schema has been brought to
    suspended_at = models.DateTimeField(null=True)
    suspended_reason = models.CharField(
        max_length=200, blank=True
    )  # the platform's own; never shown to the clinic
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.slug

    @property
    def ref(self) -> ClinicRef:
        return ClinicRef(uid=self.uid, schema=self.schema_name, slug=self.slug)

    @property
    def own_host(self) -> str:
        """The first of its host names, which links in mails lead to. Needs no query once the clinic is cached."""
        return f"{self.slug}.{settings.CLINIC_DOMAIN}"

    @property
    def is_open(self) -> bool:
        return self.state == ClinicState.ACTIVE

    @property
    def hears_vendors(self) -> bool:
        """Whether what vendors report is still taken in: patients' opt-outs above all."""
        return self.is_open or self.is_suspended

    @property
    def is_suspended(self) -> bool:
        return self.state == ClinicState.SUSPENDED


class Domain(models.Model):
    """A host name that leads to a clinic."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    host = models.CharField(max_length=253, unique=True)
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.host


class BusinessAssociateAgreement(models.Model):
    """The BAA as it was signed. Without one there is no subject key, and so no health data."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.AUDIT

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="agreements")
    version = models.CharField(max_length=20)
    clinic_name = models.CharField(max_length=160, blank=True)  # as it stood in the text
    signer_name = models.CharField(max_length=120)
    signer_title = models.CharField(max_length=120, blank=True)
    signer = models.UUIDField(null=True)  # the owner who signed on the clinic's host; None for paper
    text_hash = models.CharField(max_length=64, blank=True)  # sha256 of the text as it was shown
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "version"], name="tenants_baa_once"),
        ]


class ProviderAccount(models.Model):
    """A vendor's account number, and the clinic it belongs to: how a webhook finds its clinic."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    provider = models.CharField(max_length=20)
    account_id = models.CharField(max_length=80)
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="provider_accounts")
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    secret = models.BinaryField(null=True)  # vault.secrets under the clinic's key
    address = models.CharField(max_length=80, blank=True)  # the number or sender that the account sends from

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "account_id"], name="tenants_provider_account"),
        ]


class Due(models.Model):
    """Something that a clinic's worker must look at when its time comes. Holds no health data.

    Row-level security lets a clinic's role see its own rows only; the sweep runs as the public role.
    """

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    class State(models.IntegerChoices):
        WAITING = 0, "waiting"
        CLAIMED = 1, "claimed"

    schema = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    ref = models.UUIDField(default=uuid.uuid4)
    due_at = models.DateTimeField()
    state = models.SmallIntegerField(choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema", "kind", "ref"], name="tenants_due_once")]
        indexes = [models.Index(fields=["due_at"], name="tenants_due_at")]


class SchemaTemplate(models.Model):
    """The SQL that makes a clinic's schema, rendered once from the migrated template schema."""

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    digest = models.CharField(max_length=64, unique=True)
    sql = models.TextField()
    made_at = models.DateTimeField(db_default=Now())


def as_dict(clinic: Clinic) -> dict[str, Any]:
    """What the host cache keeps of a clinic."""
    return {field.attname: getattr(clinic, field.attname) for field in Clinic._meta.concrete_fields}
