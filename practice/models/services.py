"""What a clinic sells by the hour: duration, buffers, the gap in which the provider is free, price."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from core.models import Outward
from core.money import Money
from core.tables import Holder, Retention, TableClass
from practice.models.providers import Provider

LONGEST = 12 * 60


class ServiceCategory(Outward):
    """A heading under which patients look for a service."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet["Service"]):
    def in_use(self) -> "ServiceQuerySet":
        return self.filter(archived_at=None)

    def bookable(self) -> "ServiceQuerySet":
        """Offered online, by at least one provider whom patients may choose."""
        offered = ServiceProvider.objects.filter(
            service=models.OuterRef("pk"), provider__bookable_online=True, provider__archived_at=None
        )
        return self.in_use().filter(models.Exists(offered), online=True)


class Service(Outward):
    """Something that can be booked. Minutes count from the visit's start; buffers lie outside of it."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    category = models.ForeignKey(ServiceCategory, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(5), MaxValueValidator(LONGEST)]
    )
    buffer_before = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(120)])
    buffer_after = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(120)])
    processing_start = models.PositiveSmallIntegerField(default=0)
    processing_minutes = models.PositiveSmallIntegerField(default=0)
    price_amount = models.PositiveIntegerField(default=0)  # minor units
    currency = models.CharField(max_length=3, default="USD")
    deposit_amount = models.PositiveIntegerField(default=0)
    room_kind = models.CharField(max_length=40, blank=True)  # blank: needs no room
    device_kind = models.CharField(max_length=40, blank=True)
    online = models.BooleanField(default=True)
    min_age = models.PositiveSmallIntegerField(default=18)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    providers = models.ManyToManyField(Provider, through="ServiceProvider", related_name="services")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["category__position", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=LONGEST),
                name="practice_service_duration",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    duration_minutes__gte=models.F("processing_start") + models.F("processing_minutes")
                ),
                name="practice_service_processing",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__gte=models.F("deposit_amount")),
                name="practice_service_deposit",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def deposit(self) -> Money | None:
        return Money(self.deposit_amount, self.currency) if self.deposit_amount else None

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    def whole_minutes(self) -> tuple[int, int]:
        """From the first buffer to the last, in minutes from the start: what a room or a device is busy."""
        return -self.buffer_before, self.duration_minutes + self.buffer_after

    def provider_minutes(self) -> list[tuple[int, int]]:
        """The stretches in which the provider is busy: the whole, without the processing gap."""
        first, last = self.whole_minutes()
        if not self.processing_minutes:
            return [(first, last)]
        gap_ends = self.processing_start + self.processing_minutes
        stretches = [(first, self.processing_start), (gap_ends, last)]
        return [(start, end) for start, end in stretches if start < end]


class ServiceProvider(models.Model):
    """Who gives which service."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    service = models.ForeignKey(Service, models.CASCADE, db_index=False)
    provider = models.ForeignKey(Provider, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "provider"], name="practice_service_provider")
        ]
