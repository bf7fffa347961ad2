"""Fetching what a settings page or the API names by its id, archived rows too: right first, then the row."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from accounts.access import Anybody, require_object
from core.problems import NotFound
from practice.models import (
    Closure,
    Device,
    License,
    Location,
    Lot,
    Product,
    Provider,
    Room,
    Service,
    ServiceCategory,
    StockMovement,
    Supervision,
)

Row = TypeVar("Row", bound=Model)


def get_location(user: Anybody, uid: UUID, *, to: str = "settings.manage") -> Location:
    return _get(user, Location.objects.all(), uid, to)


def get_closure(user: Anybody, uid: UUID, *, to: str = "settings.manage") -> Closure:
    return _get(user, Closure.objects.select_related("location"), uid, to)


def get_room(user: Anybody, uid: UUID, *, to: str = "settings.manage") -> Room:
    return _get(user, Room.objects.select_related("location"), uid, to)


def get_device(user: Anybody, uid: UUID, *, to: str = "settings.manage") -> Device:
    return _get(user, Device.objects.select_related("location"), uid, to)


def get_service(user: Anybody, uid: UUID, *, to: str = "services.manage") -> Service:
    return _get(user, Service.objects.select_related("category"), uid, to)


def get_category(user: Anybody, uid: UUID, *, to: str = "services.manage") -> ServiceCategory:
    return _get(user, ServiceCategory.objects.all(), uid, to)


def get_provider(user: Anybody, uid: UUID, *, to: str = "staff.manage") -> Provider:
    return _get(user, Provider.objects.all(), uid, to)


def get_license(user: Anybody, uid: UUID, *, to: str = "chart.manage") -> License:
    return _get(user, License.objects.select_related("provider"), uid, to)


def get_supervision(user: Anybody, uid: UUID, *, to: str = "chart.manage") -> Supervision:
    return _get(user, Supervision.objects.select_related("provider"), uid, to)


def get_product(user: Anybody, uid: UUID, *, to: str = "stock.view") -> Product:
    return _get(user, Product.objects.all(), uid, to)


def get_lot(user: Anybody, uid: UUID, *, to: str = "stock.view") -> Lot:
    return _get(user, Lot.objects.select_related("product"), uid, to)


def get_movement(user: Anybody, uid: UUID, *, to: str = "stock.view") -> StockMovement:
    return _get(user, StockMovement.objects.select_related("lot__product", "location"), uid, to)


def _get(user: Anybody, rows: QuerySet[Row], uid: UUID, permission: str) -> Row:
    require_object(user, permission)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row
