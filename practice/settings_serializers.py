"""The shapes in which programs read and write what a clinic sets up."""

from datetime import time
from functools import cache
from typing import Any

from rest_framework import serializers

from practice.models import Closure, Device, Location, Room, Service
from practice.serializers import MoneySerializer, ServiceSerializer

Shape = serializers.Serializer[Any]


class HoursShape(Shape):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M")


class LocationInput(Shape):
    """`opening_hours` replaces the whole week. `archived` takes the place out of use, or back."""

    name = serializers.CharField(max_length=120)
    timezone = serializers.CharField(max_length=40, help_text="Such as America/Chicago.")
    address_1 = serializers.CharField(max_length=120, required=False, allow_blank=True)
    address_2 = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    state = serializers.CharField(max_length=40, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=16, required=False, allow_blank=True)
    country = serializers.RegexField("^[A-Z]{2}$", required=False)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tax_rate_bp = serializers.IntegerField(
        min_value=0, max_value=10_000, required=False, help_text="Hundredths of a percent: 825 is 8.25 %."
    )
    opening_hours = HoursShape(many=True, required=False)
    archived = serializers.BooleanField(required=False)


class LocationOutput(LocationInput):
    id = serializers.UUIDField()


class PlacedInput(Shape):
    name = serializers.CharField(max_length=80)
    kind = serializers.CharField(max_length=40, help_text="Services ask for a kind.")
    location = serializers.UUIDField()
    archived = serializers.BooleanField(required=False)


class PlacedOutput(PlacedInput):
    id = serializers.UUIDField()


class ClosureInput(Shape):
    location = serializers.UUIDField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="Included.")
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True)


class ClosureOutput(ClosureInput):
    id = serializers.UUIDField()


class ClosureMade(ClosureOutput):
    visits = serializers.IntegerField(help_text="Visits that stay booked on these days, for staff to move.")


class ServiceInput(Shape):
    """`category` is the heading's name; a new one is made where none is called so."""

    name = serializers.CharField(max_length=120)
    category = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    duration_minutes = serializers.IntegerField(min_value=5, max_value=720)
    buffer_before = serializers.IntegerField(min_value=0, max_value=120, required=False)
    buffer_after = serializers.IntegerField(min_value=0, max_value=120, required=False)
    processing_start = serializers.IntegerField(min_value=0, max_value=720, required=False)
    processing_minutes = serializers.IntegerField(min_value=0, max_value=720, required=False)
    price_amount = serializers.IntegerField(
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text="Minor units of the clinic's currency.",
    )
    deposit_amount = serializers.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    room_kind = serializers.CharField(max_length=40, required=False, allow_blank=True)
    device_kind = serializers.CharField(max_length=40, required=False, allow_blank=True)
    online = serializers.BooleanField(required=False)
    min_age = serializers.IntegerField(min_value=0, max_value=120, required=False)
    providers = serializers.ListField(child=serializers.UUIDField(), max_length=200, required=False)
    archived = serializers.BooleanField(required=False)


class ServiceDetail(ServiceSerializer):
    price = MoneySerializer()
    buffer_before = serializers.IntegerField()
    buffer_after = serializers.IntegerField()
    processing_start = serializers.IntegerField()
    processing_minutes = serializers.IntegerField()
    room_kind = serializers.CharField()
    device_kind = serializers.CharField()
    online = serializers.BooleanField()
    providers = serializers.ListField(child=serializers.UUIDField())
    archived = serializers.BooleanField()


@cache
def page_of(shape: type[Shape]) -> type[Shape]:
    """A page of a list, for the description."""
    fields = {"results": shape(many=True), "next": serializers.CharField(allow_null=True)}
    return type(f"{shape.__name__}Page", (serializers.Serializer,), fields)


def location_json(row: Location) -> dict[str, Any]:
    plain = ("name", "timezone", "address_1", "address_2", "city", "state", "postal_code", "country", "phone")
    hours = [
        {"weekday": one.weekday, "opens": _clock(one.opens), "closes": _clock(one.closes)}
        for one in row.opening_hours.all()
    ]
    return {
        "id": str(row.uid),
        **{name: getattr(row, name) for name in plain},
        "tax_rate_bp": row.tax_rate_bp,
        "opening_hours": hours,
        "archived": row.archived_at is not None,
    }


def placed_json(row: Room | Device) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "name": row.name,
        "kind": row.kind,
        "location": str(row.location.uid),
        "archived": row.archived_at is not None,
    }


def closure_json(row: Closure) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "location": str(row.location.uid),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "reason": row.reason,
    }


def service_json(row: Service) -> dict[str, Any]:
    plain = (
        *("buffer_before", "buffer_after", "processing_start", "processing_minutes"),
        *("room_kind", "device_kind", "online"),
    )
    return {
        **ServiceSerializer(row).data,
        **{name: getattr(row, name) for name in plain},
        "providers": [str(one.uid) for one in row.providers.all()],
        "archived": row.archived_at is not None,
    }


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")
