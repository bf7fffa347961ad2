"""Consents, laser treatments, reactions, and who wants a model to draft."""

from typing import Final

from medspa.api_words.shared import ANYBODY, CURSOR, OWN, SERVICE, Words

INVALID: Final = {422: ("invalid",)}
CHANGED: Final = {409: ("changed-meanwhile",), 422: ("invalid",)}

RECORD: Final[dict[str, Words]] = {
    "patient_consents": Words(
        "Consents", "List what was signed", f"The newest first, each with how it stands now. {CURSOR}", "consents.view", patient=OWN
    ),
    "patient_forms": Words(
        "Consents",
        "Forms to sign",
        "Where the patient stands with each form in use, with the text to show and its hash.",
        "consents.view",
        patient=OWN,
    ),
    "consents_sign": Words(
        "Consents",
        "Sign a form",
        "Show the text, then send its hash with what was typed, ticked and drawn: a text that changed meanwhile is a 409. "
        "422 names everything that is missing. Kept are the exact text, the strokes, address and time.",
        "consents.collect",
        {409: ("form-changed",), 422: ("invalid",)},
        {
            "version": SERVICE,
            "text_sha256": "5d41…",
            "name": "Wanda Webb",
            "ticked": [1, 2],
            "strokes": [[[10, 40], [80, 60], [150, 40]]],
        },
        patient="Signs for oneself, or for whom one looks after.",
    ),
    "consents_get": Words(
        "Consents",
        "Read what was signed",
        "The text word by word, and both hashes. Each opening is an event of its own in the trail.",
        "consents.view",
        patient=OWN,
    ),
    "consents_receipt": Words(
        "Consents", "Download a receipt", "A PDF/A, always the same for the same signature.", "consents.view", patient=OWN
    ),
    "consents_withdraw": Words(
        "Consents",
        "Take a consent back",
        "It counts no more from this moment on; it is never deleted. The staff says how it was said.",
        "consents.collect",
        {409: ("conflict",), 422: ("invalid",)},
        {"how": "spoken"},
        patient="One's own.",
    ),
    "patient_laser_series": Words(
        "Treatments", "List laser series", "The newest first, each with all of its sessions.", "chart.view"
    ),
    "laser_series_begin": Words(
        "Treatments",
        "Begin a series",
        "So many sessions on one area. For the estimate of a tattoo send all six facts of the Kirby-Desai scale, else the "
        "skin type alone.",
        "chart.write",
        INVALID,
        {
            "service": SERVICE,
            "title": "Left forearm",
            "planned": 8,
            "least_days": 42,
            "ideal_days": 56,
            "most_days": 120,
            "skin": "3",
        },
    ),
    "laser_series_get": Words("Treatments", "Read a series", "With its sessions, the oldest first.", "chart.view"),
    "laser_sessions_keep": Words(
        "Treatments",
        "Add a session",
        "One a visit and series. What is far from the session before wants a `reason`: 422 says which figures.",
        "chart.write",
        {409: ("session-exists",), 422: ("invalid",)},
        {
            "encounter": SERVICE,
            "device": SERVICE,
            "wavelength": "1064",
            "spot": "4",
            "fluence": "2.50",
            "pulse": "450",
            "pulse_unit": "ps",
            "passes": "1",
        },
    ),
    "laser_sessions_get": Words(
        "Treatments", "Read a session", "What was set and seen. It is locked with the note of its visit.", "chart.view"
    ),
    "adverse_events": Words(
        "Treatments",
        "List reactions",
        f"Of one's own patients; of all for owners and supervisors. Without its words. {CURSOR}",
        "chart.view",
    ),
    "adverse_events_report": Words(
        "Treatments",
        "Report a reaction",
        "Opens the task of whoever treated, and tells them that it waits. In an emergency call 911.",
        "chart.write",
        INVALID,
        {"what": "Blisters where the laser was", "since": "last night", "severity": "moderate"},
        patient="Reports for oneself, or for whom one looks after.",
    ),
    "adverse_events_get": Words(
        "Treatments", "Read a reaction", "Each opening is an event of its own in the trail.", "chart.view"
    ),
    "adverse_events_assess": Words(
        "Treatments",
        "Assess a reaction",
        "Send the version that you read; another since then is a 409.",
        "chart.write",
        CHANGED,
        {"version": 1, "severity": "mild", "assessment": "Superficial blistering, no infection."},
    ),
    "adverse_events_close": Words(
        "Treatments",
        "Close a reaction",
        "Only one that was assessed.",
        "chart.write",
        {409: ("changed-meanwhile", "not-assessed"), 422: ("invalid",)},
        {"version": 2, "outcome": "Healed without a trace."},
    ),
    "ai_choice_clinic": Words("AI", "Read the clinic's choice", "Whether drafts by a model are on.", "ai.manage"),
    "ai_choose_clinic": Words(
        "AI", "Switch drafts on or off", "For the whole clinic, at once.", "ai.manage", INVALID, {"allowed": False}
    ),
    "ai_choice_own": Words("AI", "Read your own choice", "Whether a model may draft your notes.", ANYBODY),
    "ai_choose_own": Words(
        "AI", "Choose for your notes", "Off, no model is asked for you.", ANYBODY, INVALID, {"allowed": False}
    ),
    "ai_choice_patient": Words(
        "AI", "Read a patient's choice", "Whether a model may be asked about them.", "chart.view", patient=OWN
    ),
    "ai_choose_patient": Words(
        "AI",
        "Note a patient's choice",
        "Off, no model is asked about them, whoever treats.",
        "chart.write",
        INVALID,
        {"allowed": False},
        patient="One's own.",
    ),
}  # fmt: skip
