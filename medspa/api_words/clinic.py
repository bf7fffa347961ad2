"""The clinic's own: its people, its set-up, and what it tells other programs."""

from typing import Final

from medspa.api_words.shared import (
    ARCHIVE,
    CURSOR,
    DEVICE,
    INVALID,
    KIND,
    LOCATION,
    ROOM,
    SERVICE,
    WRITTEN,
    Words,
)

CLINIC: Final[dict[str, Words]] = {
    "people_list": Words("People", "List the staff", "Everybody, also those whose access ended.", "staff.view"),
    "people_read": Words("People", "Look at a colleague", "Role, and whether there is access now.", "staff.view"),
    "people_change_role": Words(
        "People",
        "Change a role",
        "It holds with the next request. There is at least one owner always.",
        "staff.manage",
        {403: ("forbidden", "confirm-its-you"), 409: ("conflict",), 422: ("invalid",)},
        {"role": "front_desk"},
    ),
    "people_end_access": Words(
        "People",
        "End access",
        "At once: sessions, tokens and the invitations sent.",
        "staff.manage",
        {403: ("forbidden", "confirm-its-you"), 409: ("conflict",)},
    ),
    "people_reopen_access": Words(
        "People",
        "Give access again",
        "In the role held before.",
        "staff.manage",
        {403: ("forbidden", "confirm-its-you"), 409: ("conflict",)},
    ),
    "invitations_list": Words("People", "List invitations", "Those that wait.", "staff.view"),
    "invitations_send": Words(
        "People",
        "Invite somebody",
        "By mail; the link works once, for seven days.",
        "staff.manage",
        {403: ("forbidden", "confirm-its-you"), 409: ("conflict",), 422: ("invalid",)},
        {
            "email": "ines@example.com",
            "display_name": "Ines Ibarra",
            "role": "provider",
            "locations": ["01920000-0000-7000-8000-000000000003"],
            "treats": True,
            "credentials": "NP",
        },
    ),
    "invitations_withdraw": Words(
        "People", "Withdraw an invitation", "Its link opens nothing any more.", "staff.manage", {409: ("conflict",)}
    ),
    "invitations_resend": Words(
        "People",
        "Send an invitation again",
        "A new link for seven days; the former one is void.",
        "staff.manage",
        {409: ("conflict",)},
    ),
    "webhook_endpoints_list": Words(
        "Webhooks", "List endpoints", "With their state. Secrets are never shown again.", "settings.manage"
    ),
    "webhook_endpoints_add": Words(
        "Webhooks",
        "Add an endpoint",
        "The address must be public and https; private networks are refused. `secret` is in this answer only.",
        "settings.manage",
        {409: ("conflict",), 422: ("invalid",)},
        {
            "url": "https://hooks.example.com/medspa",
            "events": ["appointment.booked", "appointment.moved", "appointment.cancelled"],
        },
    ),
    "webhook_endpoints_get": Words("Webhooks", "Look at an endpoint", "Without its secret.", "settings.manage"),
    "webhook_endpoints_change": Words(
        "Webhooks",
        "Change an endpoint",
        "What is not sent stays as it is.",
        "settings.manage",
        {422: ("invalid",)},
        {"events": ["appointment.booked"]},
    ),
    "webhook_endpoints_remove": Words(
        "Webhooks", "Remove an endpoint", "For good; what waits is not sent.", "settings.manage"
    ),
    "webhook_endpoints_test": Words(
        "Webhooks",
        "Send a test",
        "A `webhook.test` to this endpoint only, by the way that all go.",
        "settings.manage",
        {409: ("conflict",)},
    ),
    "webhook_endpoints_secret": Words(
        "Webhooks",
        "Replace the secret",
        "For 24 hours calls are signed with both.",
        "settings.manage",
    ),
    "webhook_endpoints_stop": Words(
        "Webhooks", "Stop an endpoint", "It is told nothing; events are still kept.", "settings.manage"
    ),
    "webhook_endpoints_start": Words(
        "Webhooks", "Start an endpoint", "Also one that was stopped for its failures.", "settings.manage"
    ),
    "webhook_endpoints_replay": Words(
        "Webhooks",
        "Send a span again",
        "Whatever was not delivered in it, also what happened while the endpoint was stopped; with `everything` all of "
        "it. At most 1,000 events of the last 30 days, under their old ids.",
        "settings.manage",
        {409: ("conflict",), 422: ("invalid",)},
        {"since": "2027-04-23T00:00:00-05:00", "until": "2027-04-24T00:00:00-05:00"},
    ),
    "webhook_deliveries_list": Words(
        "Webhooks",
        "List deliveries",
        f"The newest first; they are kept for 30 days. {CURSOR}",
        "settings.manage",
        {422: ("invalid",)},
    ),
    "webhook_deliveries_get": Words(
        "Webhooks", "Look at a delivery", "With its tries and the body that is signed.", "settings.manage"
    ),
    "webhook_deliveries_replay": Words(
        "Webhooks",
        "Send a delivery again",
        "From the beginning, under the same id.",
        "settings.manage",
        {409: ("conflict",)},
    ),
    "locations_list": Words("Set-up", "List locations", f"Archived ones too. {CURSOR}", "services.view"),
    "locations_get": Words("Set-up", "Read a location", "With its week of opening hours.", "services.view"),
    "locations_create": Words(
        "Set-up",
        "Add a location",
        "Its time zone decides what its hours mean. Hours that end before they start are refused.",
        "settings.manage",
        INVALID,
        LOCATION,
    ),
    "locations_change": Words(
        "Set-up",
        "Change a location",
        "Only what is sent changes; `archived` closes it for new visits.",
        "settings.manage",
        WRITTEN,
        {"phone": "+1 312 555 0142"},
    ),
    "rooms_list": Words("Set-up", "List rooms", f"Archived ones too. {CURSOR}", "services.view"),
    "rooms_get": Words("Set-up", "Read a room", "Where it is, and its kind.", "services.view"),
    "rooms_create": Words("Set-up", "Add a room", KIND, "settings.manage", INVALID, ROOM),
    "rooms_change": Words("Set-up", "Change a room", ARCHIVE, "settings.manage", WRITTEN, {"name": "Room 2"}),
    "devices_list": Words("Set-up", "List devices", f"Archived ones too. {CURSOR}", "services.view"),
    "devices_get": Words("Set-up", "Read a device", "Where it stands, and its kind.", "services.view"),
    "devices_create": Words("Set-up", "Add a device", KIND, "settings.manage", INVALID, DEVICE),
    "devices_change": Words("Set-up", "Change a device", ARCHIVE, "settings.manage", WRITTEN, {"name": "Elite 2"}),
    "closures_list": Words("Set-up", "List days closed", f"Of every location. {CURSOR}", "services.view"),
    "closures_get": Words("Set-up", "Read a closure", "From its first to its last day.", "services.view"),
    "closures_create": Words(
        "Set-up",
        "Close a location",
        "Both days included. The answer counts the visits that stand on these days; they stay until somebody moves them.",
        "settings.manage",
        INVALID,
        {"location": SERVICE, "starts_on": "2027-12-24", "ends_on": "2027-12-26", "reason": "Holidays"},
    ),
    "closures_remove": Words("Set-up", "Take a closure back", "The days are open again.", "settings.manage"),
    "services_all": Words(
        "Set-up", "List every service", f"Archived ones, and those kept off the web, too. {CURSOR}", "services.view"
    ),
    "services_get": Words("Set-up", "Read a service", "With buffers, needs and providers.", "services.view"),
    "services_create": Words(
        "Set-up",
        "Add a service",
        "Amounts are in minor units of the clinic's currency, times in minutes.",
        "services.manage",
        INVALID,
        {
            "name": "Hydrating facial",
            "category": "Skin",
            "duration_minutes": 60,
            "buffer_after": 10,
            "price_amount": 19500,
            "online": True,
        },
    ),
    "services_change": Words(
        "Set-up",
        "Change a service",
        "Only what is sent changes; visits already booked keep what they were booked with.",
        "services.manage",
        WRITTEN,
        {"price_amount": 21000},
    ),
}  # fmt: skip
