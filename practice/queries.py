"""What other floors ask of a clinic's offer: services, who gives them, where and with what."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from core.problems import NotFound
from practice.models import Device, Location, PolicyText, Provider, Room, Service

Row = TypeVar("Row")


def bookable_services() -> list[Service]:
    """What patients may book for themselves, in the clinic's order, category included."""
    return list(Service.objects.bookable().select_related("category"))


def services_in_use() -> list[Service]:
    """All that staff may book."""
    return list(Service.objects.in_use().select_related("category"))


def service(uid: UUID) -> Service:
    return _one(Service.objects.in_use().select_related("category").filter(uid=uid).first())


def location(uid: UUID) -> Location:
    return _one(Location.objects.open().filter(uid=uid).first())


def provider(uid: UUID) -> Provider:
    return _one(Provider.objects.in_use().filter(uid=uid).first())


def locations() -> list[Location]:
    return list(Location.objects.open())


def providers_for(service: Service, *, online: bool = True) -> list[Provider]:
    """Who gives the service; for patients only those they may choose."""
    rows = Provider.objects.online() if online else Provider.objects.in_use()
    return list(rows.offering(service))


def providers_at(location: Location) -> list[Provider]:
    """Who has working hours at the location."""
    return list(Provider.objects.in_use().filter(working_hours__location=location).distinct())


def rooms_for(service: Service, location: Location) -> list[Room]:
    """Rooms of the kind that the service needs; none when it needs none."""
    if not service.room_kind:
        return []
    return list(Room.objects.in_use().filter(location=location, kind=service.room_kind))


def devices_for(service: Service, location: Location) -> list[Device]:
    if not service.device_kind:
        return []
    return list(Device.objects.in_use().filter(location=location, kind=service.device_kind))


def current_texts() -> dict[str, PolicyText]:
    """The texts that a booking refers to, by kind."""
    return PolicyText.objects.current()


def posted_users(location: Location, on: date) -> set[UUID]:
    """Ids of the staff who belong to the location on that date."""
    return set(location.postings.on(on).values_list("user_id", flat=True))


def _one(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
