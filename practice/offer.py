"""What the clinic's offer must be like, and what still keeps a service from being booked."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import digits_of
from core.problems import Failure, failure
from practice.models import ClinicProfile, Device, Location, Room, Service, ServiceProvider, WorkingHours

OLDEST: Final = 120
STEPS: Final = (5, 10, 15, 20, 30, 60)
MOST: Final = {
    "min_notice_minutes": 30 * 24 * 60,
    "horizon_days": 730,
    "hold_minutes": 30,
    "free_cancel_hours": 336,
}
AMOUNT: Final = re.compile(r"(?P<whole>\d{1,3}(,\d{3})+|\d{1,9})([.,](?P<part>\d{1,3}))?", re.ASCII)
DEAREST: Final = 2_000_000_000
Text = str | Promise


def check_service(service: Service) -> list[Failure]:
    """What no single field can tell."""
    found = []
    gap = (service.processing_start or 0) + (service.processing_minutes or 0)
    if _number(service.duration_minutes) and gap > service.duration_minutes:
        message = _("The gap must end before the visit does.")
        found.append(failure("processing_minutes", "order", message))
    if _number(service.deposit_amount) and service.deposit_amount > (service.price_amount or 0):
        message = _("The deposit cannot be more than the price.")
        found.append(failure("deposit_amount", "order", message))
    if _number(service.min_age) and service.min_age > OLDEST:
        found.append(failure("min_age", "too_high", _("Give an age up to 120 years.")))
    return found


def check_booking_rules(profile: ClinicProfile) -> list[Failure]:
    found = []
    for name, most in MOST.items():
        value = getattr(profile, name)
        if _number(value) and value > most:
            found.append(failure(name, "too_high", _("Use at most %(most)d.") % {"most": most}))
    if profile.slot_minutes not in STEPS:
        found.append(failure("slot_minutes", "unknown", _("Choose one of the list.")))
    return found


def _number(value: Any) -> bool:
    return isinstance(value, int)


def read_amount(text: str, currency: str) -> int:
    """Minor units of an amount as people write it: 360, 1,200.50, $80; ValueError for anything else."""
    plain = text.strip().lstrip("$€£").strip().removesuffix(currency).strip()
    match = AMOUNT.fullmatch(plain)
    digits = digits_of(currency)
    if match is None or len(match["part"] or "") > digits:
        raise ValueError(text)
    unit: int = 10**digits
    amount = int(match["whole"].replace(",", "")) * unit
    amount += int((match["part"] or "0").ljust(digits, "0")) if digits else 0
    if amount > DEAREST:
        raise ValueError(text)
    return amount


def write_amount(amount: int, currency: str) -> str:
    """The same amount for an input field or a spreadsheet: no symbol, no grouping."""
    digits = digits_of(currency)
    whole, part = divmod(amount, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits and part else str(whole)


@dataclass
class Obstacles:
    """What keeps each service from being booked by patients, reckoned for all of them in five queries."""

    providers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    online: set[int] = field(default_factory=set)
    working: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    rooms: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    devices: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    open_places: set[int] = field(default_factory=set)

    @classmethod
    def read(cls) -> "Obstacles":
        self = cls()
        given = ServiceProvider.objects.filter(provider__archived_at=None)
        for service, provider, online in given.values_list(
            "service_id", "provider_id", "provider__bookable_online"
        ):
            self.providers[service].add(provider)
            if online:
                self.online.add(provider)
        for provider, place in WorkingHours.objects.values_list("provider_id", "location_id").distinct():
            self.working[provider].add(place)
        for rows, found in ((Room.objects.in_use(), self.rooms), (Device.objects.in_use(), self.devices)):
            for kind, place in rows.values_list("kind", "location_id"):
                found[kind].add(place)
        hours = Location.objects.open().filter(opening_hours__isnull=False)
        self.open_places = set(hours.values_list("pk", flat=True))
        return self

    def of(self, service: Service) -> list[Text]:
        """In words, the first thing to do first; nothing where the service can be booked."""
        providers = self.providers.get(service.pk, set())
        if not providers:
            return [_("Nobody gives it")]
        if service.online and not providers & self.online:
            return [_("Nobody who gives it can be booked online")]
        places = {place for provider in providers for place in self.working.get(provider, ())}
        places &= self.open_places
        if not places:
            return [_("Nobody who gives it has working hours")]
        if service.room_kind and not places & self.rooms.get(service.room_kind, set()):
            return [_("No room of the kind “%(kind)s”") % {"kind": service.room_kind}]
        if service.device_kind and not places & self.devices.get(service.device_kind, set()):
            return [_("No device of the kind “%(kind)s”") % {"kind": service.device_kind}]
        return []
