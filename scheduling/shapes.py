"""The shapes in which the API gives out visits and takes bookings: functions that write them, serializers that only
describe them."""

from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from core.clock import Zone, local
from practice.profile import profile
from scheduling.actions import Booked
from scheduling.models import Appointment, Hold


def iso(moment: datetime, zone: Zone) -> str:
    """As the wall shows it, with the offset."""
    return local(moment, zone).isoformat()


def hold_json(hold: Hold) -> dict[str, Any]:
    zone = hold.location.zone
    return {
        "id": str(hold.uid),
        "expires_at": iso(hold.expires_at, zone),
        "start": iso(hold.starts_at, zone),
        "end": iso(hold.ends_at, zone),
    }


def visit_json(visit: Appointment) -> dict[str, Any]:
    """What the holder of the link may know: of the time, not of the person."""
    zone = visit.location.zone
    return {
        "id": str(visit.uid),
        "status": visit.status,
        "start": iso(visit.starts_at, zone),
        "end": iso(visit.ends_at, zone),
        "timezone": visit.location.timezone,
        "provider": named(visit.provider.uid, visit.provider.name),
        "service": named(visit.service.uid, visit.service.name),
        "location": named(visit.location.uid, visit.location.name),
    }


def booked_json(booked: Booked) -> dict[str, Any]:
    return {**visit_json(booked.appointment), "manage_url": booked.manage_url}


def link_json(visit: Appointment, *, at: datetime, manage_url: str) -> dict[str, Any]:
    """The visit of a link, and until when it can be changed there."""
    return {**visit_json(visit), **_changeable(visit, at), "manage_url": manage_url}


def own_json(visit: Appointment, *, at: datetime) -> dict[str, Any]:
    """What the patient may know: the visit, its price, and until when it can be changed online."""
    return {
        **visit_json(visit),
        **_changeable(visit, at),
        "patient": _patient_json(visit),
        "price": visit.price.as_json(),
    }


def _changeable(visit: Appointment, at: datetime) -> dict[str, Any]:
    until = visit.changeable_until(profile().free_cancel_hours)
    return {
        "changeable": visit.is_expected and at <= until,
        "changeable_until": iso(until, visit.location.zone) if visit.is_expected else None,
    }


def appointment_json(visit: Appointment) -> dict[str, Any]:
    """What staff may know."""
    return {
        **visit_json(visit),
        "revision": visit.revision,
        "patient": _patient_json(visit),
        "room": named(visit.room.uid, visit.room.name) if visit.room else None,
        "device": named(visit.device.uid, visit.device.name) if visit.device else None,
        "price": visit.price.as_json(),
        "notes": visit.note,
        "booked_via": visit.booked_via,
        "is_override": visit.is_override,
    }


def _patient_json(visit: Appointment) -> dict[str, str]:
    person = visit.person
    return {"id": str(person.uid), "first_name": person.first_name, "last_name": person.last_name}


def named(uid: Any, name: str) -> dict[str, str]:
    return {"id": str(uid), "name": name}


MINUTE = timedelta(minutes=1)


# --- Descriptions ----------------------------------------------------------------------------------------------


class Named(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class OpenSlotOutput(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    provider = Named()
    token = serializers.CharField(help_text="Opaque, signed, good for 15 minutes.")


class AvailabilityOutput(serializers.Serializer[Any]):
    timezone = serializers.CharField()
    slots = OpenSlotOutput(many=True)


class HoldInput(serializers.Serializer[Any]):
    slot = serializers.CharField()


class HoldOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class PatientInput(serializers.Serializer[Any]):
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    email = serializers.EmailField()
    phone = serializers.CharField()
    date_of_birth = serializers.DateField()
    language = serializers.CharField(required=False)
    timezone = serializers.CharField(required=False)


class ConsentsInput(serializers.Serializer[Any]):
    service_sms = serializers.BooleanField()
    text_version = serializers.CharField(required=False)


class BookingInput(serializers.Serializer[Any]):
    slot = serializers.CharField(required=False, help_text="A token of availability; or `hold`.")
    hold = serializers.UUIDField(required=False)
    patient = PatientInput()
    consents = ConsentsInput(required=False)
    accepted_policy = serializers.CharField(required=False, help_text="The version that was shown.")
    notes = serializers.CharField(required=False, max_length=2000)


class VisitOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    timezone = serializers.CharField()
    provider = Named()
    service = Named()
    location = Named()


class BookingOutput(VisitOutput):
    manage_url = serializers.URLField()


class LinkOutput(BookingOutput):
    changeable = serializers.BooleanField()
    changeable_until = serializers.DateTimeField(allow_null=True)


class StartInput(serializers.Serializer[Any]):
    override_reason = serializers.CharField(
        required=False,
        max_length=300,
        help_text="Why it begins although something that blocks is missing; needs chart.override.",
    )


class CancelInput(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=2000)


class RescheduleByLinkInput(serializers.Serializer[Any]):
    slot = serializers.CharField()


class PatientName(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()


class MoneyOutput(serializers.Serializer[Any]):
    amount = serializers.IntegerField()
    currency = serializers.CharField()


class AppointmentOutput(VisitOutput):
    revision = serializers.IntegerField()
    patient = PatientName()
    room = Named(allow_null=True)
    device = Named(allow_null=True)
    price = MoneyOutput()
    notes = serializers.CharField()
    booked_via = serializers.CharField()
    is_override = serializers.BooleanField()


class OwnAppointmentOutput(VisitOutput):
    """A patient's own."""

    changeable = serializers.BooleanField()
    changeable_until = serializers.DateTimeField(allow_null=True)
    patient = PatientName()
    price = MoneyOutput()


class OwnAppointmentPage(serializers.Serializer[Any]):
    results = OwnAppointmentOutput(many=True)
    next = serializers.CharField(allow_null=True)


class AppointmentPage(serializers.Serializer[Any]):
    results = AppointmentOutput(many=True)
    next = serializers.CharField(allow_null=True)


class AppointmentInput(serializers.Serializer[Any]):
    service = serializers.UUIDField()
    provider = serializers.UUIDField()
    location = serializers.UUIDField(required=False)
    start = serializers.DateTimeField()
    patient = serializers.JSONField(help_text="A patient's id, or the details of a new one.")
    notes = serializers.CharField(required=False, max_length=2000)
    service_sms = serializers.BooleanField(required=False)
    override_reason = serializers.CharField(required=False)


class RescheduleInput(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    provider = serializers.UUIDField(required=False)
    override_reason = serializers.CharField(required=False)


def either(
    name: str, staffs: type[serializers.Serializer[Any]], own: type[serializers.Serializer[Any]]
) -> Any:
    """Described as one of two shapes: what the staff gets or sends, and what a patient does."""
    return PolymorphicProxySerializer(name, [staffs, own], resource_type_field_name=None, many=False)


ANY_APPOINTMENT = either("AnyAppointment", AppointmentOutput, OwnAppointmentOutput)
ANY_APPOINTMENTS = either("AnyAppointmentPage", AppointmentPage, OwnAppointmentPage)
ANY_RESCHEDULE = either("AnyReschedule", RescheduleInput, RescheduleByLinkInput)
