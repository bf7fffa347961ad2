"""People, their messages, and who opened their record."""

from typing import Final

from medspa.api_words.shared import ANYBODY, CURSOR, OWN, OWN_VISIT, PATIENT, Words

PATIENTS: Final[dict[str, Words]] = {
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
