"""Messages and the trail in a patient's words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit.actors import ActorKind
from audit.models import Event
from core.clock import local
from messaging.models import Channel, Direction, Message, State
from scheduling.patient_pages import words

Text = str | Promise

KINDS: Final[dict[str, Text]] = {
    "visit_booked": _("Your visit is booked"),
    "visit_moved": _("New time"),
    "visit_cancelled": _("Cancellation"),
    "visit_reminder": _("Reminder"),
    "plan_offered": _("A treatment plan to read"),
    "aftercare": _("Aftercare"),
    "portal_news": _("Something new in your portal"),
    "lot_recall": _("About a product that was used"),
    "staff_reply": _("From the clinic"),
    "inbound": _("From you"),
    "contact_changed": _("Contact details changed"),
    "help": _("Help with texts"),
    "stop_confirmation": _("Texts stopped"),
    "start_confirmation": _("Texts begin again"),
    "cancel_intent": _("About cancelling"),
}
STATES: Final[dict[str, Text]] = {
    State.SENDING: _("On its way"),
    State.ACCEPTED: _("Sent"),
    State.DELIVERED: _("Delivered"),
    State.FAILED: _("Could not be delivered"),
    State.UNKNOWN: _("Perhaps sent"),
    State.RECEIVED: _("Received"),
}
# By the beginning of the verb; the first that fits.
DEEDS: Final[tuple[tuple[str, Text], ...]] = (
    ("portal.signed_in", _("signed in")),
    ("portal.signed_out", _("signed out")),
    ("person.searched", _("saw the name among search results")),
    ("person.listed", _("saw the name in a list")),
    ("person.compared", _("saw the name as a possible duplicate")),
    ("person.guardians_viewed", _("saw the name as a guardian")),
    ("person.contact_viewed", _("saw the contact details")),
    ("person.visits_viewed", _("saw the visits")),
    ("person.messages_viewed", _("read the messages")),
    ("person.updated", _("changed the details")),
    ("person.created", _("added the record")),
    ("person.claimed", _("gave the details in a form")),
    ("person.verified", _("confirmed who it is")),
    ("person.", _("opened the record")),
    ("appointment.listed", _("saw a visit in the calendar")),
    ("appointment.day_viewed", _("saw a visit in the calendar")),
    ("appointment.viewed", _("opened a visit")),
    ("appointment.opened", _("opened a visit")),
    ("appointment.booked", _("booked a visit")),
    ("appointment.moved", _("moved a visit")),
    ("appointment.cancelled", _("cancelled a visit")),
    ("appointment.confirmed", _("confirmed a visit")),
    ("appointment.", _("noted how a visit went")),
    ("message.received", _("wrote to the clinic")),
    ("message.written", _("wrote a message")),
    ("message.", _("wrote or received a message")),
    ("consent.viewed", _("saw which forms are signed")),
    ("consent.opened", _("opened a signed form")),
    ("consent.signed", _("signed a form")),
    ("consent.withdrawn", _("took a form back")),
    ("consent.voided", _("took a form back")),
    ("consent.", _("noted a consent")),
    ("record.glass_broken", _("opened the clinical record from outside the care team, with a reason")),
    ("record.opening_reviewed", _("looked at why the record was opened")),
    ("record.reviews_listed", _("looked at why the record was opened")),
    ("record.closed", _("was not let into the clinical record")),
    ("record.opened", _("opened the clinical record")),
    ("record.printed", _("took the clinical record out as a file")),
    ("record.merged", _("put two records of the person together")),
    ("record.parted", _("parted two records that had been put together")),
    ("record.compared", _("compared the record with another")),
    ("care.", _("changed who is on the care team")),
    ("contact.", _("changed or confirmed a contact")),
    ("correction.", _("dealt with a correction")),
    ("guardian.", _("changed who looks after the person")),
    ("dependant.", _("changed whom the person looks after")),
    ("document.opened", _("opened a document")),
    ("document.list_viewed", _("saw the list of documents")),
    ("document.waiting_listed", _("saw the list of documents")),
    ("document.sent", _("sent a document")),
    ("document.added", _("added a document")),
    ("document.released", _("showed a document in the portal")),
    ("document.withdrawn", _("took a document back from the portal")),
    ("document.removed", _("removed a document")),
    ("document.", _("changed what is said of a document")),
    ("plan.opened", _("opened a treatment plan")),
    ("plan.listed", _("saw the treatment plans")),
    ("plan.accepted", _("noted or gave a yes to a treatment plan")),
    ("plan.declined", _("noted or gave a no to a treatment plan")),
    ("plan.", _("wrote or offered a treatment plan")),
    ("aftercare.opened", _("opened aftercare instructions")),
    ("aftercare.listed", _("saw the aftercare instructions")),
    ("aftercare.", _("gave aftercare instructions")),
    ("photo.opened", _("opened a photo")),
    ("photo.thumbnail_shown", _("saw a photo in small")),
    ("photo.list_viewed", _("saw the list of photos")),
    ("photo.added", _("took a photo")),
    ("photo.", _("put photos in order, or released one")),
    ("note.opened", _("read a note")),
    ("note.list_viewed", _("saw the list of notes")),
    ("note.signed", _("signed a note")),
    ("note.", _("wrote or changed a note")),
    ("encounter.", _("began the record of a visit")),
    ("exam.", _("noted the result of an exam")),
    ("gate.", _("began a treatment although something was missing, with a reason")),
    ("history.", _("changed the medical history")),
    ("intake.opened", _("read the answers of a health form")),
    ("intake.", _("filled in or went through a health form")),
    ("injection_map.", _("noted an injection")),
    ("laser_", _("noted a laser session or its series")),
    ("adverse_event.opened", _("read the report of a reaction")),
    ("adverse_event.reported", _("reported a reaction")),
    ("adverse_event.", _("dealt with the report of a reaction")),
    ("plan.", _("read or changed a treatment plan")),
    ("aftercare.", _("read or sent aftercare instructions")),
    ("document.opened", _("opened a document")),
    ("document.", _("filed, released or changed a document")),
    ("recall.", _("dealt with the recall of a product")),
    ("ai.", _("chose whether AI may help with notes, or had it draft one")),
    ("audit.", _("read this list")),
    ("reminder.", _("sent or dropped a reminder")),
)
ACTORS: Final[dict[str, Text]] = {
    ActorKind.VISITOR: _("Whoever had the link, or filled in the form"),
    ActorKind.JOB: _("The system, by itself"),
    ActorKind.SUPPORT: _("Support of the platform"),
    ActorKind.PLATFORM: _("The platform"),
}


# The staff's own pages are English; to a patient roles are told in their language.
ROLES: Final[dict[str, Text]] = {
    Role.OWNER: pgettext_lazy("role of somebody of the staff", "owner"),
    Role.ADMIN: pgettext_lazy("role of somebody of the staff", "admin"),
    Role.PROVIDER: pgettext_lazy("role of somebody of the staff", "provider"),
    Role.SUPERVISOR: pgettext_lazy("role of somebody of the staff", "supervisor"),
    Role.FRONT_DESK: pgettext_lazy("role of somebody of the staff", "front desk"),
    Role.MARKETER: pgettext_lazy("role of somebody of the staff", "marketer"),
    Role.ANALYST: pgettext_lazy("role of somebody of the staff", "analyst"),
}


@dataclass(frozen=True)
class Deed:
    """What somebody did, and how often in that sitting."""

    what: str
    times: int


@dataclass
class Seen:
    """What one person did with the record in one day, in one go: one line."""

    at: datetime
    who: str
    role: str
    own: bool
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def when(self) -> str:
        return words.day_and_time(self.at)

    @property
    def clock(self) -> str:
        return words.clock(self.at)

    @property
    def deeds(self) -> list[Deed]:
        return [Deed(what, times) for what, times in self.counts.items()]


def letters(messages: list[Message], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The thread, the newest first."""
    return [
        {
            "title": KINDS.get(one.kind, _("From the clinic")),
            "incoming": one.direction == Direction.OUT,  # to the patient it is the clinic that writes
            "subject": one.subject_line,
            "body": one.body,
            "is_mail": one.channel == Channel.EMAIL,
            "channel": Channel(one.channel).label,
            "state": STATES.get(one.state, ""),
            "failed": one.state == State.FAILED,
            "when": words.day_and_time(local(one.delivered_at or one.accepted_at or one.created_at, zone)),
        }
        for one in messages
    ]


def seen(events: list[Event], own: UUID, zone: ZoneInfo) -> list[Seen]:
    """The trail, newest first. The staff by name and role: a patient may know who looked."""
    names = _staff(events)
    lines: list[Seen] = []
    for event in events:
        at, (who, role, mine) = local(event.at, zone), _who(event, own, names)
        last = lines[-1] if lines else None
        if last is None or (last.who, last.at.date()) != (who, at.date()):
            last = Seen(at, who, role, mine)
            lines.append(last)
        what = _what(event)
        last.counts[what] = last.counts.get(what, 0) + 1
    return lines


def lately(lines: list[Seen], most: int) -> list[Seen]:
    """Who of the staff looked last, each person of a day once."""
    found: dict[tuple[str, object], Seen] = {}
    for line in lines:
        if line.role:
            found.setdefault((line.who, line.at.date()), line)
    return list(found.values())[:most]


def _what(event: Event) -> str:
    found = next((str(text) for start, text in DEEDS if event.verb.startswith(start)), "")
    return found or event.verb.replace(".", " ").replace("_", " ")


def _who(event: Event, own: UUID, names: dict[str, tuple[str, str]]) -> tuple[str, str, bool]:
    if event.actor_kind == ActorKind.PATIENT:
        mine = event.actor_id == str(own)
        return str(_("You") if mine else _("Somebody who looks after you")), "", mine
    if event.actor_kind in (ActorKind.STAFF, ActorKind.TOKEN):
        name, role = names.get(event.on_behalf or event.actor_id, (str(_("Somebody of the staff")), ""))
        return name, role, False
    return str(ACTORS.get(event.actor_kind, event.actor_kind)), "", False


def _staff(events: list[Event]) -> dict[str, tuple[str, str]]:
    """Names and roles of all of them in one query."""
    kinds = (ActorKind.STAFF, ActorKind.TOKEN)
    wanted = {event.on_behalf or event.actor_id for event in events if event.actor_kind in kinds}
    ids = [UUID(one) for one in wanted if _is_id(one)]
    rows = User.objects.filter(pk__in=ids).values_list("pk", "display_name", "role") if ids else []
    return {str(pk): (name, str(ROLES.get(role, role))) for pk, name, role in rows}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
