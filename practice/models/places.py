"""Where a clinic works, when its doors are open, and the days on which they stay shut."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import zone_of
from core.models import Outward
from core.tables import Holder, Retention, TableClass


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class LocationQuerySet(models.QuerySet["Location"]):
    def open(self) -> "LocationQuerySet":
        return self.filter(archived_at=None)


class Location(Outward):
    """One address of the clinic; the zone in which its days are reckoned."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    name = models.CharField(max_length=120)
    address_1 = models.CharField(max_length=120, blank=True)
    address_2 = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)  # the US state decides about quiet hours
    postal_code = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, default="US")
    timezone = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    tax_rate_bp = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(10_000)])
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)

    @property
    def address(self) -> str:
        """The address on one line, as it stands on a confirmation."""
        town = " ".join(part for part in (self.state, self.postal_code) if part)
        parts = (self.address_1, self.address_2, self.city, town)
        return ", ".join(part for part in parts if part)


class OpeningHours(models.Model):
    """The doors are open on this weekday from `opens` to `closes`; twice where lunch closes them."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    location = models.ForeignKey(Location, models.CASCADE, related_name="opening_hours", db_index=False)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["location", "weekday", "opens"], name="practice_opening_once"),
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes"), weekday__lte=6),
                name="practice_opening_order",
            ),
        ]


class ClosureQuerySet(models.QuerySet["Closure"]):
    def touching(self, first: date, last: date) -> "ClosureQuerySet":
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class Closure(Outward):
    """Days, both included, on which the location stays shut."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    location = models.ForeignKey(Location, models.CASCADE, related_name="closures", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        indexes = [models.Index(fields=["location", "ends_on"], name="practice_closure_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="practice_closure_order"
            ),
        ]
