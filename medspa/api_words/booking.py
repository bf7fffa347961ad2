"""Booking, and the clinic's calendar."""

from typing import Final

from medspa.api_words.shared import (
    CURSOR,
    OWN_VISIT,
    PATIENT,
    PUBLIC,
    SERVICE,
    SLOT,
    STATE,
    STEP,
    TAKEN,
    Words,
)

BOOKING: Final[dict[str, Words]] = {
    "services_list": Words(
        "Booking", "List the services", "Those that can be booked online, in the clinic's order.", PUBLIC
    ),
    "booking_texts": Words(
        "Booking",
        "Texts to agree to",
        "Each text with its version. Show it before you send consents, and send the version that was shown.",
        PUBLIC,
    ),
    "availability": Words(
        "Booking",
        "Find free times",
        "Free starts of a service between two dates of the location's calendar, both included, 62 days at most. Each "
        "carries a slot token, good for 15 minutes, which is all that booking needs.",
        PUBLIC,
        {422: ("invalid",), 404: ("not-found",)},
    ),
    "holds_create": Words(
        "Booking",
        "Hold a time",
        "Keeps a time for five minutes while somebody types. Two at once for one caller; it ends by itself.",
        PUBLIC,
        {**TAKEN, 429: ("too-many-requests",)},
        {"slot": SLOT},
    ),
    "bookings_create": Words(
        "Booking",
        "Book a visit",
        "Takes a slot token of availability, or a hold. All that is wrong comes in one answer. Send an Idempotency-Key, "
        "and a retry after a lost answer cannot book twice. `manage_url` holds the key to the visit: its last part is "
        "the `token` of the operations below.",
        PUBLIC,
        {
            409: ("slot-taken", "slot-expired", "hold-expired", "baa-required", "idempotency-key-reused"),
            422: ("slot-invalid", "invalid"),
        },
        {
            "slot": SLOT,
            "patient": PATIENT,
            "consents": {"service_sms": True, "text_version": "2026-11"},
            "notes": "First visit",
        },
    ),
    "booking_get": Words(
        "Booking",
        "Look at a booking",
        "The visit of a manage link as it stands now, and until when it can be changed online.",
        PUBLIC,
        {404: ("not-found",)},
    ),
    "booking_cancel": Words(
        "Booking",
        "Cancel a booking",
        "Within the clinic's rule; later it answers 409 `too-late-to-change`: the patient has to call.",
        PUBLIC,
        {404: ("not-found",), 409: ("too-late-to-change", "wrong-state")},
        {"reason": "I am travelling"},
    ),
    "booking_reschedule": Words(
        "Booking",
        "Move a booking",
        "Takes another slot token of the same service. The link stays the same.",
        PUBLIC,
        {
            404: ("not-found",),
            409: ("slot-taken", "slot-expired", "too-late-to-change", "wrong-state"),
            422: ("slot-invalid", "invalid"),
        },
        {"slot": SLOT},
    ),
    "appointments_list": Words(
        "Appointments",
        "List visits",
        f"Of some dates of the clinic's calendar, both included, 92 days at most. {CURSOR}",
        "appointments.view",
        {422: ("invalid",)},
    ),
    "appointments_create": Words(
        "Appointments",
        "Book at the desk",
        "At any start within hours; over a conflict with a reason, if the token may `appointments.override`. `patient` "
        "is an id, or the details of a new one.",
        "appointments.manage",
        {409: ("slot-taken", "baa-required"), 422: ("invalid",)},
        {
            "service": SERVICE,
            "provider": "01920000-0000-7000-8000-000000000002",
            "start": "2027-04-23T09:00:00-05:00",
            "patient": PATIENT,
        },
    ),
    "appointments_get": Words(
        "Appointments",
        "Look at a visit",
        "In full, with the patient's name and notes.",
        "appointments.view",
        patient=OWN_VISIT,
    ),
    "appointments_confirm": Words("Appointments", "Confirm", STEP, "appointments.manage", STATE),
    "appointments_check_in": Words("Appointments", "Check in", STEP, "appointments.manage", STATE),
    "appointments_start": Words(
        "Appointments",
        "Begin the treatment",
        f"Asks the gate: 409 `gate-closed` lists everything that is missing. With `override_reason`, and a token that may "
        f"`chart.override`, it begins all the same. {STEP}",
        "appointments.manage",
        {409: ("wrong-state", "gate-closed"), 422: ("invalid",)},
        {"override_reason": "Dr. Osei examined her at the other clinic this morning"},
    ),
    "appointments_gate": Words(
        "Appointments",
        "What must be there before the treatment",
        "Every item that the clinic's rules ask for, and how it stands. `detail` is empty unless the token may "
        "`chart.view` and its person belongs to the care team.",
        "appointments.view",
    ),
    "appointments_complete": Words("Appointments", "Complete", STEP, "appointments.manage", STATE),
    "appointments_no_show": Words(
        "Appointments", "Mark as missed", f"Once it should have begun. {STEP}", "appointments.manage", STATE
    ),
    "appointments_cancel": Words(
        "Appointments",
        "Cancel a visit",
        "With a reason. The patient is told.",
        "appointments.manage",
        {409: ("wrong-state", "too-late-to-change"), 422: ("invalid",)},
        {"reason": "Provider is ill"},
        "A visit of one's own, within the clinic's rule; later 409 `too-late-to-change`. The reason may be left out.",
    ),
    "appointments_reschedule": Words(
        "Appointments",
        "Move a visit",
        "Another time, and perhaps another provider; over a conflict with a reason.",
        "appointments.manage",
        {409: ("slot-taken", "slot-expired", "wrong-state", "too-late-to-change"), 422: ("slot-invalid", "invalid")},
        {"start": "2027-04-23T10:30:00-05:00"},
        "A visit of one's own, to a slot of availability: `{\"slot\": token}`, within the clinic's rule.",
    ),
    "appointments_undo": Words(
        "Appointments",
        "Take the last step back",
        "Within ten minutes, while nothing was built on it.",
        "appointments.manage",
        {409: ("wrong-state", "slot-taken")},
    ),
}  # fmt: skip
