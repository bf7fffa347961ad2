"""What a person and the clinic write to each other, and who hears that something waits to be read in the portal."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.actors import Actor
from audit.trail import record
from core.ids import uuid7
from core.problems import Invalid, NotFound, TooMany, failure
from core.text import TextProblem, clean_text
from messaging import actions as messaging
from messaging import inapp
from messaging.models import Channel, Message
from patients import telling
from patients.guardians import reach
from patients.models import Person

LONGEST: Final = 2000
MOST_AN_HOUR: Final = 10
WAITING: Final = "message_waiting"  # says that there is a message, and not a word of it


@transaction.atomic
def write_to_clinic(
    person: Person, text: str, *, by: Actor, at: datetime, key: UUID | None = None
) -> Message:
    """A message from the portal, once per `key`: a second press finds the first one's.

    Invalid with every failure; NotFound for somebody archived; TooMany past so many in an hour.
    """
    words = _checked(text)
    _hold(person)
    key = key or uuid7()
    if known := inapp.written_once(person.uid, key, words):
        return known
    if until := inapp.full_until(person.uid, most=MOST_AN_HOUR, at=at):
        seconds = int((until - at).total_seconds()) + 1
        raise TooMany(_("That is a lot for one hour. Call us, or write again later."), retry_after=seconds)
    message = inapp.keep_from(person.uid, words, key=key, at=at)
    record("message.received", by=by, on=message, patient=person.uid, at=at)
    return message


def send(
    user: Anybody,
    person: Person,
    *,
    channel: str,
    body: str,
    site: str,
    at: datetime,
    subject_line: str = "",
) -> Message:
    """The staff writes in its own words, by text, mail or in the portal. `site`: the clinic's address.

    Invalid with every failure, also for a channel that does not reach the person; OptedOut for a stopped number.
    """
    require_object(user, "messages.send")
    if channel == Channel.PORTAL and has_portal(person, at=at):
        return _write_in_portal(user, person, body, site=site, at=at)
    to = {Channel.SMS.value: person.phone, Channel.EMAIL.value: person.email}.get(channel, "")
    if not to:
        raise Invalid(errors=[failure("channel", "unknown", _("This does not reach the patient."))])
    return messaging.send_to_subject(
        user, subject=person.uid, channel=channel, to=to, body=body, subject_line=subject_line, at=at
    )


def has_portal(person: Person, *, at: datetime) -> bool:
    """Whether somebody can sign in to read: the person, or whoever looks after them."""
    return person.archived_at is None and any(reach(person, kind, at=at) for kind in telling.WAYS)


@transaction.atomic
def _write_in_portal(user: Anybody, person: Person, body: str, *, site: str, at: datetime) -> Message:
    staff = require_object(user, "messages.send")
    words = messaging.checked(Channel.PORTAL, body)["body"]
    _hold(person)
    message = inapp.keep_for(person.uid, words, at=at)
    record("message.written", by=actor_for(staff), on=message, patient=person.uid, at=at)
    telling.tell(person, WAITING, "/portal/messages/", key=f"{message.uid}:{WAITING}", site=site, at=at)
    return message


def _hold(person: Person) -> None:
    """The person's row, locked: two presses come one after the other, and nobody archived writes or is written to."""
    rows = Person.objects.present().select_for_update(no_key=True).filter(pk=person.pk)
    if not rows.values_list("pk", flat=True).first():
        raise NotFound


def _checked(text: str) -> str:
    try:
        words = clean_text(text, LONGEST, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("body", problem.code, problem.message)]) from None
    if not words:
        raise Invalid(errors=[failure("body", "missing", _("Write a message."))])
    return words
