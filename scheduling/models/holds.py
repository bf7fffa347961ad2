"""A time set aside for somebody who is still typing."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models import Device, Location, Provider, Room, Service
from scheduling.models.appointments import Appointment


class HoldState(models.TextChoices):
    LIVE = "live", "live"
    USED = "used", "used"
    EXPIRED = "expired", "expired"
    RELEASED = "released", "released"


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self, at: datetime) -> "HoldQuerySet":
        return self.filter(state=HoldState.LIVE, expires_at__gt=at)

    def run_out(self, at: datetime) -> "HoldQuerySet":
        return self.filter(state=HoldState.LIVE, expires_at__lte=at)


class Hold(Outward):
    """Busy time without a person. Its occupancy goes when it runs out, or becomes the visit's."""

    table_class = TableClass.CLINICAL
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    browser_hash = models.BinaryField(max_length=16)
    ip_hash = models.BinaryField(max_length=16)
    seat = models.PositiveSmallIntegerField(null=True)  # of the two that a browser has; null where none count
    service = models.ForeignKey(Service, models.CASCADE, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="+", null=True, db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="+", null=True, db_index=False)
    location = models.ForeignKey(Location, models.CASCADE, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.LIVE)
    appointment = models.ForeignKey(Appointment, models.CASCADE, null=True, related_name="+", db_index=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"], name="scheduling_hold_live", condition=Q(state=HoldState.LIVE)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["browser_hash", "seat"],
                name="scheduling_hold_seat",
                condition=Q(state=HoldState.LIVE, seat__isnull=False),
            ),
        ]

    def is_live(self, at: datetime) -> bool:
        return self.state == HoldState.LIVE and at < self.expires_at
