"""What can be told, by name, and the body that tells it: ids, times and states, never a person."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from scheduling.models import Appointment

if TYPE_CHECKING:
    from webhooks.models import WebhookEvent

TEST: Final = "webhook.test"
OTHER: Final = "appointment.changed"
EVENTS: Final = {
    "appointment.booked": _("A visit was booked"),
    "appointment.moved": _("It got another time or provider"),
    "appointment.confirmed": _("The patient confirmed"),
    "appointment.arrived": _("The patient arrived"),
    "appointment.in_room": _("The treatment began"),
    "appointment.done": _("The treatment is done"),
    "appointment.no_show": _("The patient did not come"),
    "appointment.cancelled": _("It was cancelled"),
    "appointment.undone": _("The last step was taken back"),
    OTHER: _("Any other change"),
}
NAMES: Final = {**EVENTS, TEST: _("Test")}


def type_of(verb: str) -> str:
    """The event that a verb of scheduling makes; one that has no name of its own is a change all the same."""
    name = f"appointment.{verb}"
    return name if name in EVENTS else OTHER


def data_of(visit: Appointment) -> dict[str, Any]:
    """The visit as it stands now. Without the patient's id: the visit's own opens the rest to whoever may see it."""
    return {
        "id": str(visit.uid),
        "status": str(visit.status),
        "revision": visit.revision,
        "start": visit.starts_local.isoformat(),
        "end": visit.ends_local.isoformat(),
        "timezone": visit.location.timezone,
        "service": str(visit.service.uid),
        "provider": str(visit.provider.uid),
        "location": str(visit.location.uid),
    }


def body_of(event: "WebhookEvent") -> bytes:
    """The same bytes each time it is sent."""
    value = {
        "id": str(event.uid),
        "type": event.type,
        "timestamp": stamp(event.happened_at),
        "sequence": event.pk,
        "data": event.data,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
