"""What the parts of the description share: the shape of an entry, the tags, and sentences that return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SLOT: Final = "eyJ2IjoxLCJzIjoi…"
SERVICE: Final = "01920000-0000-7000-8000-000000000001"
VISIT: Final = "01920000-0000-7000-8000-00000000000a"
VISIT_URL: Final = "https://glow.example.com/book/visit/mQ3…/"
PATIENT: Final = {
    "first_name": "Wanda",
    "last_name": "Webb",
    "email": "wanda@example.com",
    "phone": "+1 312 555 0147",
    "date_of_birth": "1990-04-23",
}
PUBLIC: Final = ""  # needs no token
ANYBODY: Final = "*"  # a token, whatever it may


@dataclass(frozen=True)
class Words:
    """`needs` is a permission of the token; `refusals` are problem types besides those that every operation has."""

    tag: str
    summary: str
    says: str
    needs: str
    refusals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    example: Any = None
    patient: str = ""  # what a patient's own session gets here; nothing: it is refused


TAGS: Final = {
    "Booking": "What a booking page does: find a time, hold it, book it, change it. No token is needed.",
    "Appointments": "The clinic's calendar, as the front desk sees it.",
    "Photos": "Clinical photos, sealed on arrival. They are looked at by people and by nothing else.",
    "Documents": "Papers of a patient, sealed on arrival: plain PDFs and pictures. Nothing of ours reads them.",
    "Patients": "The people, their visits, messages and who opened their record. Every read is written to the trail.",
    "Consents": "What was agreed to, word by word: to read, to sign, to take back. Nothing of it is ever deleted.",
    "Treatments": "Laser series with their sessions, and reactions after a treatment.",
    "Stock": "Products, lots, what is left of them, and the ledger of every unit.",
    "AI": "Whether a model may draft: the clinic, each of the staff, and each patient have a say.",
    "Plans": "Treatment plans: written, offered in versions, accepted word by word, followed by what was really done.",
    "Notes": "What is written about a visit: drafts, signatures, addenda, co-signatures.",
    "People": "The staff and their invitations. Nobody changes, or invites, above the own rank.",
    "Set-up": "Where the clinic works and what it offers: locations, rooms, devices, days closed, services.",
    "Webhooks": "Endpoints that are told of changes, and each delivery.",
    "Tokens": "Keys for programs.",
    "Trail": "Who did what, and who saw whom.",
}
STEP: Final = "A visit that is not in a state for this step answers 409 `wrong-state`; it can be undone for ten minutes."
STATE: Final = {409: ("wrong-state",)}
TAKEN: Final = {409: ("slot-taken", "slot-expired"), 422: ("slot-invalid", "invalid")}
CURSOR: Final = "`next` is the cursor of the following page, null on the last."
OWN: Final = "One's own, or of whom one looks after."
OWN_VISIT: Final = (
    "One's own, or of whom one looks after: without notes, room and device, with `changeable_until`."
)
INVALID: Final = {422: ("invalid",)}
WRITTEN: Final = {409: ("conflict",), 422: ("invalid",)}
KIND: Final = (
    "Services ask for a kind, never for one of them; which one a visit takes is decided when it is booked."
)
ARCHIVE: Final = "Only what is sent changes. It is not archived while visits ahead need it: 409 `conflict`."
LOCATION: Final = {
    "name": "Oak Street",
    "timezone": "America/Chicago",
    "address_1": "12 Oak Street",
    "city": "Chicago",
    "state": "IL",
    "postal_code": "60614",
}
ROOM: Final = {"location": SERVICE, "name": "Room 1", "kind": "treatment"}
DEVICE: Final = {"location": SERVICE, "name": "Elite", "kind": "laser"}
