"""What the API's description says of each operation: one entry for every operation, and a test that none is missing."""

from typing import Final

from medspa.api_words.plans import PLANS
from medspa.api_words.record import RECORD
from medspa.api_words.shared import (
    ANYBODY,
    ARCHIVE,
    CURSOR,
    DEVICE,
    INVALID,
    KIND,
    LOCATION,
    OWN,
    OWN_VISIT,
    PATIENT,
    PUBLIC,
    ROOM,
    SERVICE,
    SLOT,
    STATE,
    STEP,
    TAKEN,
    WRITTEN,
    Words,
)
from medspa.api_words.stock import STOCK

WORDS: Final[dict[str, Words]] = {
    **PLANS,
    **RECORD,
    **STOCK,
    # --- Booking
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
    # --- Appointments
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
    # --- Patients
    "patients_list": Words(
        "Patients",
        "Find patients",
        f"With `q` the best matches; without it whoever was here last comes first. {CURSOR}",
        "patients.view",
        patient="Oneself first, then whom one looks after.",
    ),
    "patients_create": Words(
        "Patients",
        "Add a patient",
        "`possible_duplicates` names records that look like the same person.",
        "patients.manage",
        {409: ("baa-required",), 422: ("invalid",)},
        PATIENT,
    ),
    "patients_get": Words(
        "Patients",
        "Look at a patient",
        "`email` and `phone` are null unless the token may `patients.contact`.",
        "patients.view",
        patient=OWN,
    ),
    "patients_change": Words(
        "Patients",
        "Correct a patient",
        "What is not sent stays as it is.",
        "patients.manage",
        {422: ("invalid",)},
        {"phone": "+1 312 555 0148"},
        "`language` alone. A new number or address needs a code (`needs_code`), name and birth date the clinic "
        "(`needs_clinic`); nothing is changed then.",
    ),
    "patient_history": Words(
        "Patients",
        "Medical history",
        "Each line as it stands now, with its version; allergies, medications and conditions also as FHIR R5 resources. "
        "With `ended=true` those too that ended.",
        "chart.view",
    ),
    "patient_intakes": Words(
        "Patients",
        "Health forms of a patient",
        "Which forms the services of the visits ahead ask for, and whether they are filled in; never the answers.",
        "patients.view",
    ),
    "patient_appointments": Words(
        "Patients", "Visits of a patient", f"The oldest first. {CURSOR}", "appointments.view", patient=OWN_VISIT
    ),
    "patient_messages": Words(
        "Patients", "Messages with a patient", f"The newest first. {CURSOR}", "messages.view", patient=OWN
    ),
    "patient_write": Words(
        "Patients",
        "Write to a patient",
        "By `sms`, `email` (with a `subject_line`) or in the `portal`, where it is at once; a notice without a word of "
        "it tells the patient.",
        "messages.send",
        {409: ("opted-out",), 422: ("invalid",)},
        {"channel": "portal", "body": "The door on the left is the one of the clinic."},
        "Writes to the clinic, in the portal: 2 000 characters, ten an hour (429 `too-many-requests`).",
    ),
    # --- Notes
    "patient_notes": Words(
        "Notes", "List a patient's notes", f"Without their text, the newest first. {CURSOR}", "chart.view",
        patient="What was signed, for who signed in with the code that comes by mail.",
    ),
    "notes_create": Words(
        "Notes",
        "Begin a note",
        "Of one of the patient's encounters, or of a new one: somebody walked in. It is a draft until it is signed.",
        "chart.write",
        {409: ("note-changed", "note-signed"), 422: ("invalid",)},
        {"subjective": "Wants the frown softened.", "plan": "Check in two weeks."},
    ),
    "notes_get": Words(
        "Notes",
        "Open a note",
        "With its text and addenda. Each opening is an event of its own in the trail. `ETag` is its revision.",
        "chart.view",
        patient="What was signed about oneself, or whom one looks after: without what colleagues said about it.",
    ),
    "notes_change": Words(
        "Notes",
        "Save a draft",
        "Only what is sent changes. Send the revision you read, as `revision` or `If-Match`: if somebody saved since, "
        "nothing is overwritten and the answer is 409 `note-changed`.",
        "chart.write",
        {409: ("note-changed", "note-signed"), 422: ("invalid",)},
        {"revision": 3, "plan": "Upright for four hours."},
    ),
    "notes_sign": Words(
        "Notes",
        "Sign a note",
        "422 names everything that is missing. From here the database itself lets nothing change it.",
        "chart.sign",
        {409: ("note-changed", "note-signed", "not-your-note"), 422: ("invalid",)},
        {"revision": 4},
    ),
    "notes_add_addendum": Words(
        "Notes",
        "Add an addendum",
        "To a signed note, signed by the caller.",
        "chart.sign",
        {409: ("note-not-signed",), 422: ("invalid",)},
        {"text": "The lot was C6184."},
    ),
    "notes_cosign": Words(
        "Notes",
        "Co-sign a note, or return it",
        "With a comment the note goes back to its author. Nobody co-signs their own.",
        "chart.cosign",
        {409: ("note-not-signed", "no-review", "own-note"), 422: ("invalid",)},
        {"comment": "Which lot?"},
    ),
    "patient_access_log": Words(
        "Patients", "Who opened the record", f"Everybody, the newest first. {CURSOR}", "audit.view", patient=OWN
    ),
    "patient_merge": Words(
        "Patients",
        "Merge two records of one patient",
        "The other record goes into this one: visits, messages, contacts and the chart move, its id leads here from now "
        "on. It can be parted again. What is archived, or merged already, is 409 `conflict`.",
        "patients.merge",
        {409: ("conflict",), 422: ("invalid",)},
        {"other": "01920000-0000-7000-8000-00000000000b", "take": ["phone"]},
    ),
    "merge_part": Words(
        "Patients",
        "Part two merged records",
        "What was merged goes back; what came since stays with the record that was kept.",
        "patients.merge",
        {409: ("conflict",)},
    ),
    "patient_break_glass": Words(
        "Patients",
        "Open a record from outside the care team",
        "With a reason of at least ten letters, for four hours. The owners are told at once and look at the reason; the "
        "patient sees it. Whoever is on the care team gets 409 `conflict`.",
        "chart.view",
        {409: ("conflict",), 422: ("invalid",)},
        {"reason": "Reaction tonight, the treating provider cannot be reached."},
    ),
    # --- Photos
    "photos_add": Words(
        "Photos",
        "Add a photo",
        "A form with the image and a thumbnail of it, each a JPEG, PNG or WebP without metadata; its fields come before "
        "its files. It is sealed as it arrives, stored, read back, and only then there. With an Idempotency-Key a retry "
        "answers 200 with the first photo.",
        "photos.manage",
        {
            409: ("conflict", "idempotency-key-reused", "baa-required"),
            413: ("too-large",),
            415: ("unsupported-media-type",),
            422: ("invalid",),
        },
    ),
    "photos_content": Words(
        "Photos",
        "Open a photo",
        "The image, whole: a file that is gone or was changed is 410 `photo-unreadable`, never a part of it. Each opening "
        "is an event of its own. 503 with Retry-After when too many are opened at once.",
        "photos.view",
        {404: ("not-found",), 410: ("photo-unreadable",), 503: ("unavailable",)},
        patient="What the clinic released to them.",
    ),
    "patient_photos": Words(
        "Photos",
        "List a patient's photos",
        f"The newest sitting first. {CURSOR}",
        "photos.view",
        patient="What the clinic released to them.",
    ),
    # --- Documents
    "documents_add": Words(
        "Documents",
        "Add a document",
        "A form with the file and what it is; its fields come before it. It is sealed as it arrives, stored, read back, and "
        "only then there. A PDF with scripts, files or forms that send in it is refused. Clinical kinds need the open record "
        "besides. With an Idempotency-Key a retry answers 200 with the first document.",
        "documents.manage",
        {
            409: ("conflict", "idempotency-key-reused", "baa-required"),
            413: ("too-large",),
            415: ("unsupported-media-type",),
            422: ("invalid",),
        },
    ),
    "documents_read": Words(
        "Documents",
        "Look at a document",
        "What is said of it, not the file. Clinical kinds need the open record besides.",
        "documents.view",
        {404: ("not-found",)},
        patient="What the clinic released to them, and what they sent.",
    ),
    "documents_content": Words(
        "Documents",
        "Open a document",
        "The file, whole: one that is gone or was changed is 410 `document-unreadable`, never a part of it. Each opening is "
        "an event of its own. 503 with Retry-After when too many are opened at once.",
        "documents.view",
        {404: ("not-found",), 410: ("document-unreadable",), 503: ("unavailable",)},
        patient="What the clinic released to them, and what they sent.",
    ),
    "documents_release": Words(
        "Documents",
        "Show a document to its patient",
        "In the portal, from now on. One that was removed answers 409.",
        "documents.manage",
        {404: ("not-found",), 409: ("conflict",)},
    ),
    "documents_withdraw": Words(
        "Documents",
        "Take a document back from the portal",
        "It is shown no more. Nothing happens to one that was not shown.",
        "documents.manage",
        {404: ("not-found",)},
    ),
    "patient_documents": Words(
        "Documents",
        "List a patient's documents",
        f"The newest first, without those removed, and without clinical ones where the record is closed. {CURSOR}",
        "documents.view",
        patient="What the clinic released to them, and what they sent.",
    ),
    # --- People
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
    # --- Webhooks
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
    # --- Set-up
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
    # --- Tokens and trail
    "me": Words("Tokens", "Who is calling", "The person behind the token, and what it may do now.", ANYBODY),
    "tokens_list": Words("Tokens", "List your live tokens", "With their scopes and last use.", "tokens.manage"),
    "tokens_issue": Words(
        "Tokens",
        "Issue a token",
        "Its scopes are some of what you may do yourself; at each request your role has the last word. The clear text "
        "is in this answer only.",
        "tokens.manage",
        {409: ("conflict",), 422: ("invalid",)},
        {"name": "Website booking", "scopes": ["appointments.view"], "expires_at": "2027-04-23T00:00:00Z"},
    ),
    "tokens_revoke": Words("Tokens", "Revoke a token", "It opens nothing from now on.", "tokens.manage"),
    "audit_events_list": Words(
        "Trail",
        "Read the trail",
        f"Newest first. Details stay sealed. {CURSOR}",
        "audit.view",
        {422: ("invalid",)},
        patient="What concerns oneself, or whom one looks after.",
    ),
}  # fmt: skip
