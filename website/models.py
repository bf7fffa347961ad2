"""Who wants to open a clinic, and who wants to be called. In the public schema; never a patient."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models import ClinicKind
from tenants.models import Clinic


class SignUp(Outward):
    """A clinic on its way: what was typed, and how far the provisioning is."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF  # the owner's name and addresses
    retention = Retention.ACCOUNT

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being set up")
        FAILED = "failed", _("failed")
        OPEN = "open", _("open")

    class Step(models.IntegerChoices):
        """What is done."""

        KEPT = 0, _("Your details are kept and the address is yours")
        BUILT = 1, _("A database schema and encryption keys of your own")
        FURNISHED = 2, _("Rooms, hours and treatments to begin with")
        OPENED = 3, _("Your address answers")
        WELCOMED = 4, _("A mail to you, to set your password")

    # A worker that says nothing for so long is gone; another may begin where it stopped.
    SILENCE: ClassVar[timedelta] = timedelta(seconds=20)
    MOST_ATTEMPTS: ClassVar[int] = 10

    clinic = models.OneToOneField(Clinic, models.CASCADE, related_name="sign_up")
    token_hash = models.BinaryField(unique=True, max_length=32)  # of the progress page's address
    clinic_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ClinicKind.choices)
    website = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20)  # E.164
    address_1 = models.CharField(max_length=120)
    address_2 = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=2)  # the US state
    postal_code = models.CharField(max_length=10)
    timezone = models.CharField(max_length=40)
    owner_name = models.CharField(max_length=120)
    owner_email = models.CharField(max_length=254)
    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.SmallIntegerField(choices=Step.choices, default=Step.KEPT)
    attempts = models.SmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)  # the kind of failure, for us
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="website_signup_unfinished",
                condition=~models.Q(state="open"),
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def is_stuck(self, at: datetime) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING) and at - self.touched_at >= self.SILENCE


class LeadTopic(models.TextChoices):
    DEMONSTRATION = "demonstration", _("A demonstration")
    PRICES = "prices", _("Prices and plans")
    MOVING = "moving", _("Moving over from another system")
    OTHER = "other", _("Something else")


class Lead(Outward):
    """Somebody who asked to be contacted, what about, and the words by which they agreed to it."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    clinic = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=ClinicKind.choices, blank=True, db_default="")
    topic = models.CharField(max_length=20, choices=LeadTopic.choices, db_default=LeadTopic.OTHER)
    message = models.TextField(blank=True)
    consent_version = models.CharField(max_length=20)
    consent_text = models.TextField()
    consented_at = models.DateTimeField()
    created_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.UUIDField(null=True)  # a platform user
    note = models.TextField(blank=True)  # what came of it

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="website_lead_created")]

    def __str__(self) -> str:
        return str(self.uid)
