"""The nouns of a clinic, one file per family."""

from practice.models.places import Closure, Location, OpeningHours
from practice.models.policies import PolicyKind, PolicyText
from practice.models.profile import ClinicKind, ClinicProfile, Logo
from practice.models.providers import (
    License,
    LicenseKind,
    Placement,
    Posting,
    Provider,
    Supervision,
    WorkingHours,
)
from practice.models.resources import Device, Resource, ResourceKind, Room
from practice.models.services import Service, ServiceCategory, ServiceProvider
from practice.models.stock import (
    Lot,
    MovementKind,
    Product,
    ProductKind,
    StockLevel,
    StockMovement,
    Unit,
    WasteReason,
)

__all__ = [
    "ClinicKind",
    "ClinicProfile",
    "Closure",
    "Device",
    "License",
    "LicenseKind",
    "Location",
    "Logo",
    "Lot",
    "MovementKind",
    "OpeningHours",
    "Placement",
    "PolicyKind",
    "PolicyText",
    "Posting",
    "Product",
    "ProductKind",
    "Provider",
    "Resource",
    "ResourceKind",
    "Room",
    "Service",
    "ServiceCategory",
    "ServiceProvider",
    "StockLevel",
    "StockMovement",
    "Supervision",
    "Unit",
    "WasteReason",
    "WorkingHours",
]
