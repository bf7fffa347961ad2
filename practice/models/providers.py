"""Who treats, when they work and where; and who of the staff belongs to which place."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models.places import Location, Weekday
from practice.models.resources import Resource

if TYPE_CHECKING:
    from practice.models.services import Service


class ProviderQuerySet(models.QuerySet["Provider"]):
    def in_use(self) -> "ProviderQuerySet":
        return self.filter(archived_at=None)

    def online(self) -> "ProviderQuerySet":
        """Those whom patients may choose for themselves."""
        return self.in_use().filter(bookable_online=True)

    def offering(self, service: "Service") -> "ProviderQuerySet":
        return self.filter(serviceprovider__service=service)


class Provider(Outward):
    """A person who gives services, with or without an account of their own."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    resource = models.OneToOneField(Resource, models.PROTECT, related_name="provider")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="provider"
    )
    display_name = models.CharField(max_length=100)
    credentials = models.CharField(max_length=60, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    bio = models.TextField(blank=True)
    bookable_online = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def name(self) -> str:
        """As patients read it: with the credentials behind."""
        return f"{self.display_name}, {self.credentials}" if self.credentials else self.display_name


class LicenseKind(models.TextChoices):
    PHYSICIAN = "physician", _("Physician (MD, DO)")
    NURSE_PRACTITIONER = "nurse_practitioner", _("Nurse practitioner")
    PHYSICIAN_ASSISTANT = "physician_assistant", _("Physician assistant")
    NURSE = "nurse", _("Registered nurse")
    LASER_TECHNICIAN = "laser_technician", _("Laser technician")
    AESTHETICIAN = "aesthetician", _("Aesthetician")


# Who may examine before a first treatment; whoever is no physician treats under a supervisor.
EXAMINERS = frozenset(
    {LicenseKind.PHYSICIAN, LicenseKind.NURSE_PRACTITIONER, LicenseKind.PHYSICIAN_ASSISTANT}
)
INDEPENDENT = frozenset({LicenseKind.PHYSICIAN})


class LicenseQuerySet(models.QuerySet["License"]):
    def valid(self, on: date) -> "LicenseQuerySet":
        """The last day counts."""
        return self.filter(ended_at=None, valid_until__gte=on)


class License(Outward):
    """What a state allows a provider to do, and until when."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.CLINICAL

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="licenses", db_index=False)
    kind = models.CharField(max_length=20, choices=LicenseKind.choices)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    valid_until = models.DateField()
    ended_at = models.DateTimeField(null=True)

    objects = LicenseQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_until", "id"]
        indexes = [models.Index(fields=["provider", "valid_until"], name="practice_license_provider")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def on(self, day: date) -> "SupervisionQuerySet":
        return self.filter(since__lte=day).exclude(until__lt=day)


class Supervision(Outward):
    """Under whom a provider treats, from one day to another."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.CLINICAL

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="supervisions", db_index=False)
    supervisor = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "supervisor", "since"], name="practice_supervision_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(provider=models.F("supervisor")), name="practice_supervision_another"
            ),
        ]

    def __str__(self) -> str:
        return f"supervision {self.uid}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: date) -> "PostingQuerySet":
        return self.filter(since__lte=day).exclude(until__lt=day)


class Posting(models.Model):
    """A member of the staff belongs to a location for a while."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="postings", db_index=False
    )
    location = models.ForeignKey(Location, models.CASCADE, related_name="postings")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "location", "since"], name="practice_posting_once")
        ]


class Placement(models.Model):
    """Where somebody who is invited will work, and whether they will treat: becomes postings and a provider."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    invitation = models.OneToOneField("accounts.Invitation", models.CASCADE, related_name="placement")
    locations = models.ManyToManyField(Location, related_name="+")
    treats = models.BooleanField(default=False)
    credentials = models.CharField(max_length=60, blank=True)
    services = models.ManyToManyField("practice.Service", related_name="+")


class WorkingHours(models.Model):
    """The provider works at the location on this weekday, within the dates where they are given."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="working_hours", db_index=False)
    location = models.ForeignKey(Location, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["weekday", "starts"]
        indexes = [models.Index(fields=["provider", "weekday"], name="practice_working_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends"), weekday__lte=6), name="practice_working_order"
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """Whether these hours are in force on that date."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)
