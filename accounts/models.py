"""The people who sign in, who is invited, their sign-ins and tokens, and the counters that stop guessing."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.emails import normalise_email
from core.ids import uuid7
from core.models import Outward
from core.tables import Holder, Retention, TableClass

SESSION_SALT = "accounts.session"


class UserManager(BaseUserManager["User"]):
    def by_email(self, email: str) -> "User | None":
        """The person with that address, however it was typed."""
        return self.filter(email=normalise_email(email)).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))


class User(AbstractBaseUser):
    """Somebody who works at the clinic or, in the public schema, at the platform."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    job_title = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    access_ends_at = models.DateTimeField(null=True)
    # Part of every session's fingerprint: raising it ends all of them at once.
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    # First-run hints (accounts.hints): the keys of those put away, and whether any are wanted.
    hints_seen = models.JSONField(default=list, db_default=[])
    hints_wanted = models.BooleanField(default=True, db_default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    # The token a request came with; set by accounts.api_auth, never stored.
    token: "ApiToken | None" = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="accounts_user_email"),
            # With this the constraint above holds for every way to write the address.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def has_access(self, at: datetime) -> bool:
        return self.is_active and (self.access_ends_at is None or at < self.access_ends_at)

    def get_session_auth_hash(self) -> str:
        return self._fingerprint(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Any:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._fingerprint(secret)

    def _fingerprint(self, secret: str | bytes) -> str:
        value = f"{self.pk}|{self.password}|{self.session_epoch}"
        return salted_hmac(SESSION_SALT, value, secret=secret, algorithm="sha256").hexdigest()


class InvitationState(models.TextChoices):
    OPEN = "open", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Run out")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def undecided(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; some of them may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(Outward):
    """Somebody is asked to join, in a role; the link in the mail opens it once."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    token_hash = models.BinaryField(unique=True, max_length=32)
    # Nobody where the platform itself invites, as it does the first owner.
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invitations")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="accounts_invited_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def state(self, at: datetime) -> InvitationState:
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if at < self.expires_at else InvitationState.EXPIRED


class SignIn(Outward):
    """A sign-in or a try at one: what the history shows and, while its session lives, the list of devices."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.LOGS

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", _("Signed in")
        REFUSED = "refused", _("Wrong password or code")
        LOCKED = "locked", _("Locked after too many tries")

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("signed out")
        IDLE = "idle", _("idle for too long")
        ENDED = "ended", _("ended from another device")
        CLOSED = "closed", _("access ended")

    # Nobody where the address is unknown: the same is written for it, so that the answer takes as long.
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sign_ins", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    method = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=End.choices, blank=True)
    session_key = models.CharField(max_length=40, blank=True)  # empty once the session is over
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-at"], name="accounts_sign_in_user")]

    def __str__(self) -> str:
        return str(self.uid)


class ApiToken(Outward):
    """A program's key to the API: never more than its owner may do, and only the parts named in `scopes`."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    token_hash = models.BinaryField(unique=True, max_length=32)
    prefix = models.CharField(
        max_length=12
    )  # enough to tell tokens apart in a list, too little to guess from
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    USED_STEP: ClassVar[timedelta] = timedelta(minutes=1)

    def __str__(self) -> str:
        return str(self.uid)

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def use_is_stale(self, at: datetime) -> bool:
        return self.last_used_at is None or at - self.last_used_at >= self.USED_STEP


class Throttle(models.Model):
    """How often something was tried. `key` is a keyed hash: neither the account nor the address can be read."""

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    key = models.CharField(max_length=64, primary_key=True)
    window_started_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["window_started_at"], name="accounts_throttle_started")]

    def __str__(self) -> str:
        return self.key[:8]


class IdempotentAnswer(Outward):
    """What an unsafe API request with an Idempotency-Key was answered; `status` is null while it is worked on."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.WHILE_NEEDED

    key_hash = models.BinaryField(unique=True, max_length=32)  # of caller, method, path and key
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(null=True)  # sealed under the clinic's key
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="accounts_answer_created")]

    def __str__(self) -> str:
        return str(self.uid)


class WelcomeLink(Outward):
    """The way in for somebody who has no password yet: one use, some days, hashed at rest."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    user = models.ForeignKey(User, models.CASCADE, related_name="welcome_links")
    token_hash = models.BinaryField(unique=True, max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)  # a newer one was sent

    def __str__(self) -> str:
        return str(self.uid)
