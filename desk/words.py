"""Messages and events in people's words."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import ActorKind
from audit.models import Event
from core.clock import local
from messaging.models import Channel, Direction, Message, State
from scheduling.models import Reminder
from scheduling.models.reminders import ReminderState
from scheduling.patient_pages import words

Text = str | Promise
# The key to a visit is the patient's alone.
SECRET_LINK: Final = re.compile(r"(/book/visit/)[\w-]{20,}/")

KINDS: Final[dict[str, Text]] = {
    "visit_booked": _("Confirmation"),
    "visit_moved": _("New time"),
    "visit_cancelled": _("Cancellation"),
    "visit_reminder": _("Reminder"),
    "staff_reply": _("Message from the clinic"),
    "inbound": _("From the patient"),
    "message_waiting": _("Notice of a message in the portal"),
    "portal_news": _("Notice of something new in the portal"),
    "plan_offered": _("Notice of a treatment plan"),
    "aftercare": _("Aftercare"),
    "lot_recall": _("Recall of a product"),
    "contact_changed": _("Notice of changed contact details"),
    "portal_code": _("Code"),
    "sign_in_code": _("Code"),
    "help": _("Answer to HELP"),
    "stop_confirmation": _("Answer to STOP"),
    "start_confirmation": _("Answer to START"),
    "cancel_intent": _("Answer to a wish to cancel"),
}
TONES: Final = {
    State.QUEUED: ("soon", "clock"),
    State.SENDING: ("soon", "clock"),
    State.ACCEPTED: ("ok", "check"),
    State.DELIVERED: ("ok", "circle-check"),
    State.FAILED: ("open", "circle-alert"),
    State.UNKNOWN: ("open", "circle-question-mark"),
    State.VOID: ("", "circle-slash"),
    State.DROPPED: ("open", "circle-slash"),
    State.SUPPRESSED: ("open", "ban"),
    State.RECEIVED: ("ok", "inbox"),
}
MEANINGS: Final[dict[str, Text]] = {
    State.UNKNOWN: _(
        "The line broke before the service answered: it may or may not have arrived. It is not sent again by itself, so "
        "that nobody gets it twice; ask the patient."
    ),
    State.FAILED: _("The service could not deliver it. Check the contact with the patient."),
    State.SUPPRESSED: _("The number has opted out of texts. Call, or write an email."),
    State.DROPPED: _("It came too late to be of use."),
}
REMINDERS: Final[dict[str, tuple[str, str, Text]]] = {
    ReminderState.WAITING: ("soon", "clock", _("Goes out %(when)s")),
    ReminderState.PLANNED: ("ok", "check", _("Handed over %(when)s")),
    ReminderState.DROPPED: ("open", "circle-slash", _("Not sent: too late, or no contact")),
    ReminderState.VOID: ("", "circle-slash", _("No longer true, not sent")),
}
VERBS: Final[dict[str, Text]] = {
    "person.viewed": _("opened the patient's page"),
    "person.contact_viewed": _("saw the contact details"),
    "person.opened_to_change": _("opened the details to change them"),
    "person.searched": _("saw the patient among search results"),
    "person.listed": _("saw the patient in a list"),
    "person.compared": _("saw the patient as a possible duplicate"),
    "person.claimed": _("gave the details in a form"),
    "person.created": _("added the patient"),
    "person.updated": _("changed the details"),
    "person.verified": _("verified the patient"),
    "record.opened": _("opened the clinical record"),
    "document.opened": _("opened a document"),
    "document.list_viewed": _("saw the list of documents"),
    "document.waiting_listed": _("saw a document in the list of those that wait"),
    "document.sent": _("sent a document from the portal"),
    "document.added": _("added a document"),
    "document.described": _("changed what is said of a document"),
    "document.seen": _("noted that a document was looked at"),
    "document.released": _("showed a document in the portal"),
    "document.withdrawn": _("took a document back from the portal"),
    "document.removed": _("removed a document"),
    "document.restored": _("took a removed document back"),
    "record.closed": _("was not let in: not on the care team"),
    "record.glass_broken": _("opened the record with a reason, from outside the care team"),
    "record.opening_reviewed": _("looked at an opening with a reason"),
    "record.reviews_listed": _("saw the openings with a reason"),
    "record.printed": _("took the record out as a file"),
    "record.merged": _("merged two records of the patient"),
    "record.parted": _("parted two merged records"),
    "record.compared": _("compared the record with another"),
    "care.added": _("put somebody on the care team"),
    "care.removed": _("took somebody off the care team"),
    "care.viewed": _("saw the care team"),
    "person.visits_viewed": _("saw the visits"),
    "appointment.viewed": _("opened a visit"),
    "appointment.opened_to_change": _("opened a visit to change it"),
    "appointment.viewed_by_link": _("opened a visit by its link"),
    "appointment.listed": _("saw a visit in the calendar"),
    "appointment.day_viewed": _("saw a visit in the calendar"),
    "appointment.booked": _("booked a visit"),
    "appointment.booked_over_conflict": _("booked a visit over a conflict"),
    "appointment.moved": _("moved a visit"),
    "appointment.not_told": _("kept the news of a new time back"),
    "appointment.cancelled": _("cancelled a visit"),
    "appointment.confirmed": _("confirmed a visit"),
    "appointment.arrived": _("checked the patient in"),
    "appointment.in_room": _("started a visit"),
    "appointment.done": _("completed a visit"),
    "appointment.no_show": _("marked a visit as a no-show"),
    "appointment.undone": _("took back a step of a visit"),
    "message.written": _("wrote a message"),
    "message.received": _("sent a message"),
    "consent.recorded": _("recorded a consent"),
    "contact.stopped": _("stopped texts to the number"),
    "contact.started": _("allowed texts to the number again"),
    "audit.viewed": _("read the access log"),
}
ACTORS: Final[dict[str, Text]] = {
    ActorKind.PATIENT: _("The patient"),
    ActorKind.VISITOR: _("A visitor of the booking page"),
    ActorKind.JOB: _("The system"),
    ActorKind.SUPPORT: _("Support"),
    ActorKind.PLATFORM: _("The platform"),
}


@dataclass(frozen=True)
class Line:
    """One message or reminder on a visit, or in a thread."""

    title: str
    state: str
    tone: str
    icon: str
    channel: str
    meaning: Text = ""
    body: str = ""
    subject: str = ""
    incoming: bool = False


@dataclass(frozen=True)
class Trace:
    """One event of the access log."""

    at: datetime
    who: Text
    what: Text
    by_token: bool = False


def line(message: Message, zone: ZoneInfo, *, at: datetime, whole: bool = False) -> Line:
    """A message with its state; its words only where the page shows a thread."""
    state = State(message.state)
    tone, icon = TONES[state]
    moment = message.delivered_at or message.accepted_at or message.created_at
    label: Text = state.label
    if state == State.QUEUED:
        moment = message.send_after
        label = _("Goes out") if message.send_after > at else label
    elif message.read_at is not None:
        moment, label = message.read_at, _("Read")
    return Line(
        title=str(KINDS.get(message.kind, message.kind.replace("_", " ").capitalize())),
        state=f"{label} {words.day_and_time(local(moment, zone))}",
        tone=tone,
        icon=icon,
        channel=str(Channel(message.channel).label),
        meaning=MEANINGS.get(state, ""),
        body=SECRET_LINK.sub(r"\1…/", message.body) if whole else "",
        subject=message.subject_line if whole else "",
        incoming=message.direction == Direction.IN,
    )


def reminder_line(reminder: Reminder, zone: ZoneInfo) -> Line:
    tone, icon, text = REMINDERS[reminder.state]
    hours = int(reminder.kind.removesuffix("h")) if reminder.kind.removesuffix("h").isdigit() else 0
    title = (
        _t("Reminder %(days)d days before") % {"days": hours // 24}
        if hours > 24 and hours % 24 == 0
        else _t("Reminder %(hours)d hours before") % {"hours": hours}
    )
    when = words.day_and_time(local(reminder.due_at, zone))
    return Line(title, str(text) % {"when": when} if "%" in str(text) else str(text), tone, icon, "")


def traces(events: list[Event], zone: ZoneInfo) -> list[Trace]:
    """The log with the names of the staff, fetched in one query."""
    wanted: set[str] = {event.on_behalf or event.actor_id for event in events if _is_staff(event)}
    ids = [UUID(one) for one in wanted if _looks_like_id(one)]
    names = {str(user.pk): user.display_name for user in User.objects.filter(pk__in=ids)}
    return [
        Trace(
            at=local(event.at, zone),
            who=names.get(event.on_behalf or event.actor_id, _("Somebody of the staff"))
            if _is_staff(event)
            else ACTORS.get(event.actor_kind, event.actor_kind),
            what=VERBS.get(event.verb, event.verb.replace(".", " ").replace("_", " ")),
            by_token=event.actor_kind == ActorKind.TOKEN,
        )
        for event in events
    ]


def _is_staff(event: Event) -> bool:
    return event.actor_kind in (ActorKind.STAFF, ActorKind.TOKEN)


def _looks_like_id(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
