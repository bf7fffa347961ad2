"""From a service, a provider and a start to what must be taken. Shared by everything that books, holds or moves."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, failure
from core.spans import Span
from patients.models import Person
from practice import queries
from practice.models import Device, Location, Provider, ResourceKind, Room, Service, ServiceProvider
from scheduling.models import Appointment, Hold
from scheduling.occupancy import Want
from scheduling.problems import SlotInvalid
from scheduling.rules import STEP_MINUTES, Demand, spans_at
from scheduling.slots import Slot

LONGEST: Final = 12 * 60


@dataclass(frozen=True)
class Plan:
    """A visit that might be: of whom, where, when, and what it takes."""

    service: Service
    provider: Provider
    location: Location
    start: datetime
    demand: Demand
    rooms: tuple[Room, ...]
    devices: tuple[Device, ...]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.demand.duration)

    @property
    def span(self) -> Span:
        """Buffers included: the days of this must be locked."""
        return self.demand.span(self.start)

    def wants(self, person: Person | None = None) -> list[Want]:
        """Provider, room, device, and the patient where the clinic knows her."""
        place, whole = self.location.pk, tuple(spans_at(self.start, self.demand.whole))
        own = tuple(spans_at(self.start, self.demand.provider))
        wants = [Want(ResourceKind.PROVIDER, (self.provider.resource_id,), own, place)]
        if self.service.room_kind:
            rooms = tuple(room.resource_id for room in self.rooms)
            wants.append(Want(ResourceKind.ROOM, rooms, whole, place))
        if self.service.device_kind:
            devices = tuple(device.resource_id for device in self.devices)
            wants.append(Want(ResourceKind.DEVICE, devices, whole, place))
        if person is not None and person.resource_id is not None:
            visit = tuple(spans_at(self.start, self.demand.patient))
            wants.append(Want(ResourceKind.PATIENT, (person.resource_id,), visit))
        return wants

    def room_of(self, given: dict[str, int]) -> Room | None:
        return next((room for room in self.rooms if room.resource_id == given.get(ResourceKind.ROOM)), None)

    def device_of(self, given: dict[str, int]) -> Device | None:
        found = given.get(ResourceKind.DEVICE)
        return next((device for device in self.devices if device.resource_id == found), None)

    def lasting(self, minutes: int) -> "Plan":
        """The same, as long as the visit was booked for."""
        if minutes == self.demand.duration:
            return self
        gap = self.demand.gap_start + self.demand.gap_minutes <= minutes
        demand = replace(
            self.demand,
            duration=minutes,
            gap_start=self.demand.gap_start if gap else 0,
            gap_minutes=self.demand.gap_minutes if gap else 0,
        )
        return replace(self, demand=demand)


def plan_of(service: Service, provider: Provider, location: Location, start: datetime) -> Plan:
    return Plan(
        service=service,
        provider=provider,
        location=location,
        start=start,
        demand=demand_of(service),
        rooms=tuple(queries.rooms_for(service, location)),
        devices=tuple(queries.devices_for(service, location)),
    )


def plan_of_slot(slot: Slot) -> Plan:
    """What a token offers, if the clinic still offers it."""
    offered = (
        ServiceProvider.objects.select_related("service", "provider")
        .filter(service=slot.service_id, provider=slot.provider_id)
        .filter(service__online=True, service__archived_at=None)
        .filter(provider__bookable_online=True, provider__archived_at=None)
        .first()
    )
    location = Location.objects.open().filter(pk=slot.location_id).first()
    if offered is None or location is None:
        raise SlotInvalid
    return plan_of(offered.service, offered.provider, location, slot.start)


def plan_of_hold(hold: Hold) -> Plan:
    """The same of what was held."""
    return plan_of_slot(Slot(hold.service_id, hold.provider_id, hold.location_id, hold.starts_at))


def plan_of_move(
    appointment: Appointment,
    provider: Provider,
    start: datetime,
    *,
    minutes: int | None = None,
    room: Room | None = None,
    device: Device | None = None,
) -> Plan:
    """The same visit at another time: as long as it was booked for, or as is asked; in its room if that is free."""
    plan = plan_of(appointment.service, provider, appointment.location, start)
    if minutes is None:
        minutes = (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
    rooms = _one_of(plan.rooms, room, "room") if room else _first(plan.rooms, appointment.room_id)
    devices = (
        _one_of(plan.devices, device, "device") if device else _first(plan.devices, appointment.device_id)
    )
    return replace(plan, rooms=rooms, devices=devices).lasting(minutes)


Placed = TypeVar("Placed", Room, Device)


def _first(found: tuple[Placed, ...], now: int | None) -> tuple[Placed, ...]:
    """Whoever moves stays where she is, as long as it is free."""
    return tuple(sorted(found, key=lambda one: one.pk != now))


def _one_of(found: tuple[Placed, ...], asked: Placed, kind: str) -> tuple[Placed, ...]:
    fit = tuple(one for one in found if one.pk == asked.pk)
    if not fit:
        message = _("%(name)s is not what this service needs.") % {"name": asked.name}
        raise Invalid(errors=[failure(kind, "not_fit", message)])
    return fit


def demand_of(service: Service) -> Demand:
    return Demand(
        duration=service.duration_minutes,
        before=service.buffer_before,
        after=service.buffer_after,
        gap_start=service.processing_start,
        gap_minutes=service.processing_minutes,
    )


def refuse_not_offered(service: Service, provider: Provider) -> None:
    """The desk may book over a conflict, but not a treatment that somebody does not give."""
    if not ServiceProvider.objects.filter(service=service, provider=provider).exists():
        message = _("%(provider)s does not give %(service)s.") % {
            "provider": provider.name,
            "service": service.name,
        }
        raise Invalid(errors=[failure("provider", "not_offered", message)])


def refuse_odd_length(minutes: int) -> None:
    """Five minutes to twelve hours, on the grid of the bits."""
    if not STEP_MINUTES <= minutes <= LONGEST or minutes % STEP_MINUTES:
        message = _("A visit lasts from %(least)d to %(most)d minutes, in steps of %(least)d.") % {
            "least": STEP_MINUTES,
            "most": LONGEST,
        }
        raise Invalid(errors=[failure("minutes", "odd_length", message)])


def refuse_odd_time(start: datetime, at: datetime) -> None:
    """Staff may put a walk-in down afterwards, not rewrite last week; and nobody plans three years ahead."""
    if start < at - timedelta(days=1):
        raise Invalid(errors=[failure("start", "past", _("This time has passed."))])
    if start > at + timedelta(days=2 * 366):
        raise Invalid(errors=[failure("start", "beyond_horizon", _("This is more than two years ahead."))])
