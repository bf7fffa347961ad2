"""What every page of a clinic knows of the clinic: `clinic` in the templates."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.clock import zone_of
from core.phones import pretty_phone
from practice import checklist
from practice.models import ClinicProfile, Location
from practice.profile import first_location, profile_for_page, several_locations


@dataclass(frozen=True)
class ClinicFace:
    """Name, number, address and colours; `sandbox` marks pages whose messages reach nobody."""

    name: str
    legal_name: str
    phone: str
    phone_pretty: str
    email: str
    website: str
    address: str  # of its one location; where there are several, a page names the one it is about
    accent: str
    logo_mark: str
    sandbox: bool


def clinic(request: HttpRequest) -> dict[str, Any]:
    """Nothing on the platform's own pages; never a failure, since error pages are dressed by it too."""
    if getattr(request, "clinic", None) is None:
        return {"clinic": None}
    known = profile_for_page()
    return {
        "clinic": face_of(known) if known else None,
        "clinic_zone": zone_of(first_location(known).get("timezone", "UTC") if known else "UTC"),
        "set_up_wanted": SimpleLazyObject(checklist.wants_showing),  # asked by the pages that show the hint
    }


def face_of(profile: ClinicProfile) -> ClinicFace:
    place = first_location(profile)
    phone = profile.phone or str(place.get("phone", ""))
    parts = ("address_1", "address_2", "city", "state", "postal_code")
    address = Location(**{part: place.get(part, "") for part in parts}).address
    return ClinicFace(
        name=profile.name,
        legal_name=profile.legal_name or profile.name,
        phone=phone,
        phone_pretty=pretty_phone(phone, profile.region) if phone else "",
        email=profile.email,
        website=profile.website,
        address="" if several_locations(profile) else address,
        accent=profile.accent,
        logo_mark=profile.mark,
        sandbox=bool(settings.SANDBOX_URL),
    )
