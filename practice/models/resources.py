"""What can be busy: a bigint each, since the database's exclusion constraint compares numbers."""

from typing import TypeVar

from django.db import models

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models.places import Location


class ResourceKind(models.TextChoices):
    PROVIDER = "provider", "provider"
    ROOM = "room", "room"
    DEVICE = "device", "device"
    PATIENT = "patient", "patient"


class Resource(models.Model):
    """Something that is in one place at a time. It says what it is, never who."""

    table_class = TableClass.ORDINARY
    holder = Holder.NOBODY
    retention = Retention.CLINICAL

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=ResourceKind.choices)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


_Placed = TypeVar("_Placed", bound="Placed", covariant=True)


class PlacedQuerySet(models.QuerySet[_Placed]):
    def in_use(self) -> "PlacedQuerySet[_Placed]":
        return self.filter(archived_at=None)


class Placed(Outward):
    """A room or a device: of a kind that services ask for, at one location."""

    resource = models.OneToOneField(Resource, models.PROTECT, related_name="%(class)s")
    location = models.ForeignKey(Location, models.PROTECT, related_name="%(class)ss")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Room(Placed):
    """A room in which some services can be given."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    objects = PlacedQuerySet["Room"].as_manager()


class Device(Placed):
    """A laser, a chair, a machine that serves one person at a time."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    objects = PlacedQuerySet["Device"].as_manager()
