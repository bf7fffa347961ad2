"""Who is busy when: the one table of taken time, the day that is its lock, and time off."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, IntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q, Value

from core.models import Outward
from core.spans import Span
from core.tables import Holder, Retention, TableClass
from practice.models import Device, Provider, Resource, Room
from scheduling.models.appointments import Appointment
from scheduling.models.holds import Hold
from vault.fields import SealedTextField


class Int8Range(Func):
    """A resource as a range of one: GiST then needs no extension to compare it."""

    function = "int8range"
    output_field = BigIntegerRangeField()


class Int4Range(Func):
    function = "int4range"
    output_field = IntegerRangeField()


class OccupancyKind(models.TextChoices):
    VISIT = "visit", "visit"
    HOLD = "hold", "hold"
    TIME_OFF = "time_off", "time_off"
    EXTERNAL = "external", "external"  # busy in a calendar elsewhere


class Day(models.Model):
    """A UTC day of the clinic: the lock of its time, and which steps of each resource are free.

    An UPDATE of the row is the lock, `version` counts them. No bits: nobody has reckoned them since the working
    time changed. Layout of the bits: scheduling/daybits.py. Use: docs/locking.md.
    """

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.WHILE_NEEDED

    date = models.DateField(primary_key=True)
    version = models.BigIntegerField(default=0)
    bits = models.BinaryField(null=True)


class TimeOffQuerySet(models.QuerySet["TimeOff"]):
    def standing(self) -> "TimeOffQuerySet":
        return self.filter(ended_at=None)

    def whole(self) -> "TimeOffQuerySet":
        return self.select_related("provider", "room", "device")


class TimeOff(Outward):
    """A provider is away, a room or a device is blocked. Visits that were there stay; nothing new is put over it.

    One that ended keeps its row for a while, so that it can be taken back; it takes no time any more.
    """

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="time_off", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = SealedTextField(tag="scheduling.time_off.reason/1", default="")
    series = models.UUIDField(null=True)  # shared by those that repeat each week
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = TimeOffQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["provider", "ends_at"], name="scheduling_timeoff_provider"),
            models.Index(
                fields=["series"], name="scheduling_timeoff_series", condition=Q(series__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="scheduling_timeoff_order"
            ),
            models.CheckConstraint(
                condition=Q(provider__isnull=False, room=None, device=None)
                | Q(provider=None, room__isnull=False, device=None)
                | Q(provider=None, room=None, device__isnull=False),
                name="scheduling_timeoff_of_one",
            ),
        ]

    def sealing_subject(self) -> None:
        """The clinic's own: it is about staff."""

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def of(self) -> Provider | Room | Device:
        found = self.provider or self.room or self.device
        assert found is not None  # the constraint says so
        return found


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def touching(self, span: Span) -> "OccupancyQuerySet":
        return self.filter(during__overlap=span.to_range())


class Occupancy(models.Model):
    """One resource is busy for one stretch. Visits and holds in lane 0, overrides in the next, the rest in none."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    lane = models.SmallIntegerField(null=True)
    during = DateTimeRangeField()
    kind = models.CharField(max_length=10, choices=OccupancyKind.choices)
    appointment = models.ForeignKey(Appointment, models.CASCADE, null=True, related_name="occupancy")
    hold = models.ForeignKey(Hold, models.CASCADE, null=True, related_name="occupancy")
    time_off = models.ForeignKey(TimeOff, models.CASCADE, null=True, related_name="occupancy", db_index=False)
    source = models.CharField(max_length=80, blank=True)  # which calendar, of external ones

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["during"], name="scheduling_busy_during"),
        ]
        constraints = [
            ExclusionConstraint(
                name="scheduling_one_at_a_time",
                index_type="gist",
                expressions=[
                    (Int8Range("resource_id", "resource_id", Value("[]")), "&&"),
                    (Int4Range("lane", "lane", Value("[]")), "&&"),
                    ("during", "&&"),
                ],
                condition=Q(lane__isnull=False),
                violation_error_code="slot_taken",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="visit", appointment__isnull=False, hold=None, time_off=None, lane__isnull=False
                )
                | Q(kind="hold", hold__isnull=False, appointment=None, time_off=None, lane=0)
                | Q(kind="time_off", time_off__isnull=False, appointment=None, hold=None, lane=None)
                | Q(kind="external", appointment=None, hold=None, time_off=None, lane=None),
                name="scheduling_busy_of_one",
            ),
        ]

    @property
    def span(self) -> Span:
        return Span.from_range(self.during)

    @property
    def starts_at(self) -> datetime:
        return self.span.start
