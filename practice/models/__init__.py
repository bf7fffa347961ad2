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

__all__ = [
    "ClinicKind",
    "ClinicProfile",
    "Closure",
    "Device",
    "License",
    "LicenseKind",
    "Location",
    "Logo",
    "OpeningHours",
    "Placement",
    "PolicyKind",
    "PolicyText",
    "Posting",
    "Provider",
    "Resource",
    "ResourceKind",
    "Room",
    "Service",
    "ServiceCategory",
    "ServiceProvider",
    "Supervision",
    "WorkingHours",
]
