"""Notes and what belongs to them."""

from typing import Final

from medspa.api_words.shared import CURSOR, OWN, Words

NOTES: Final[dict[str, Words]] = {
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
}  # fmt: skip
