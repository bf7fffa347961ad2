"""What staff and upper floors do about messages: write to a person, note a consent, stop a number."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require
from accounts.actors import actor_for
from audit import trail
from audit.actors import Actor
from core.ids import uuid7
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from messaging import consents, contacts, outbox
from messaging.models import Channel, ConsentDecision, Message, OptOutEvent
from messaging.texts import VERSION
from messaging.voice import voice

FREE_TEXT = "staff_reply"
LONGEST_MAIL = 10_000
LONGEST_SUBJECT = 150


class OptedOut(Conflict):
    """The number said STOP; only the person can lift that."""

    type = "opted-out"
    title = _("This number has opted out of texts")
    default_detail = _("Write an email or call instead. Texts begin again when the person replies START.")


@transaction.atomic
def send_to_subject(
    user: Anybody,
    *,
    subject: UUID,
    channel: str,
    to: str,
    body: str,
    at: datetime,
    subject_line: str = "",
    about: UUID | None = None,
) -> Message:
    """A message in a staff member's own words. Invalid with every failure; OptedOut for a stopped number."""
    person = require(user, "messages.send")
    words = checked(channel, body, subject_line)
    if channel == Channel.SMS and contacts.is_stopped(channel, to):
        raise OptedOut
    message = outbox.add(
        channel,
        FREE_TEXT,
        subject=subject,
        about=about,
        to=to,
        body=words["body"],
        subject_line=words["subject_line"] if channel == Channel.EMAIL else "",
        dedupe_key=f"staff:{uuid7()}",
        send_after=at,
        language=voice().locale,
    )
    trail.record("message.written", by=actor_for(person), on=message, patient=subject, at=at)
    return message


@transaction.atomic
def record_consent(
    channel: str,
    to: str,
    *,
    granted: bool,
    text_version: str,
    by: Actor,
    at: datetime,
    text_shown: str = "",
    topic: str = consents.Topic.SERVICE,
    subject: UUID | None = None,
    source: str = "booking",
) -> ConsentDecision:
    """What somebody agreed to or refused, with the version of the text that was shown."""
    decision = consents.decide(
        contacts.index_of(channel, to),
        channel,
        topic=topic,
        granted=granted,
        text_version=text_version,
        text_shown=text_shown,
        source=source,
        subject=subject,
        at=at,
    )
    trail.record("consent.recorded", by=by, on=decision, patient=subject, at=at)
    return decision


@transaction.atomic
def stop_contact(user: Anybody, *, to: str, at: datetime, subject: UUID | None = None) -> None:
    """The person told the staff to stop texting: any reasonable means counts."""
    person = require(user, "messages.send")
    contact = contacts.locked(contacts.index_of(Channel.SMS, to), Channel.SMS)
    contacts.stop(contact, source=OptOutEvent.Source.STAFF, at=at, text_version=VERSION)
    trail.record(
        "contact.stopped", by=actor_for(person), on=("messaging.contact", ""), patient=subject, at=at
    )


def checked(channel: str, body: str, subject_line: str = "") -> dict[str, str]:
    """The words as they may be stored; Invalid with every failure."""
    failures = []
    words = {}
    longest = outbox.LONGEST_SMS if channel == Channel.SMS else LONGEST_MAIL
    for field, text, most, multiline in (
        ("body", body, longest, True),
        ("subject_line", subject_line, LONGEST_SUBJECT, False),
    ):
        try:
            words[field] = clean_text(text, most, multiline=multiline)
        except TextProblem as problem:
            failures.append(failure(field, problem.code, problem.message))
    if not failures and not words["body"]:
        failures.append(failure("body", "missing", _("Write a message.")))
    if not failures and channel == Channel.EMAIL and not words["subject_line"]:
        failures.append(failure("subject_line", "missing", _("Give the email a subject.")))
    if failures:
        raise Invalid(errors=failures)
    return words
