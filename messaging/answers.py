"""What a text to us brings about, and the one answer its sender gets: the provider's, or ours."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from audit import trail
from audit.actors import job
from messaging import consents, contacts, outbox
from messaging.consents import Topic
from messaging.keywords import Intent, Reading, provider_answers
from messaging.models import Channel, OptOutEvent, Suppression
from messaging.texts import VERSION, render
from messaging.voice import contact_line, voice
from providers.twilio import InboundSms

KEYWORD = OptOutEvent.Source.KEYWORD
# A confirmation of a STOP must come within five minutes, or not at all.
IN_TIME = timedelta(minutes=5)
TEMPLATES = {
    Intent.STOP: "stop_confirmation",
    Intent.START: "start_confirmation",
    Intent.HELP: "help",
    Intent.CANCEL_VISIT: "cancel_intent",
}


def told_by_provider(opt_out: str, reading: Reading) -> Reading:
    """The provider has already acted on the text, so its word counts; ours only for the language."""
    return Reading(Intent(opt_out.lower()), reading.language)


def answer(
    reading: Reading,
    letter: InboundSms,
    contact: Suppression,
    *,
    inbound: UUID,
    subject: UUID | None,
    at: datetime,
) -> None:
    """Carry out what the text asks for. The contact is locked."""
    was_stopped = contact.stopped_at is not None
    match reading.intent:
        case Intent.STOP:
            contacts.stop(contact, source=KEYWORD, at=at, inbound=inbound, text_version=VERSION)
            _end_offers(contact, at)
            _record("contact.stopped", letter, subject, at)
            wanted = not was_stopped
        case Intent.START:
            contacts.start(contact, source=KEYWORD, at=at, inbound=inbound, text_version=VERSION)
            _record("contact.started", letter, subject, at)
            wanted = True
        case Intent.HELP:
            wanted = not was_stopped
        case Intent.CANCEL_VISIT:
            _end_offers(contact, at)
            wanted = not was_stopped
        case _:
            wanted = False
    if wanted and reading.intent and contacts.is_number(letter.from_) and not answered_by_provider(letter):
        _say(reading.intent, reading.language, letter, subject, at)


def answered_by_provider(letter: InboundSms) -> bool:
    """Whether the sender has the provider's answer already: nobody gets two."""
    return settings.TWILIO_ANSWERS_OPT_OUT and (bool(letter.opt_out) or provider_answers(letter.body))


def _end_offers(contact: Suppression, at: datetime) -> None:
    consents.decide(
        bytes(contact.index),
        Channel.SMS,
        topic=Topic.MARKETING,
        granted=False,
        text_version="",
        source="keyword",
        at=at,
    )


def _record(verb: str, letter: InboundSms, subject: UUID | None, at: datetime) -> None:
    trail.record(
        verb, by=job("inbound"), on=("messaging.inbound", letter.message_sid), patient=subject, at=at
    )


def _say(intent: Intent, language: str, letter: InboundSms, subject: UUID | None, at: datetime) -> None:
    kind, clinic = TEMPLATES[intent], voice()
    spoken = language if language != "en" else clinic.locale
    context = {"clinic": clinic.name, "contact": contact_line(clinic)}
    outbox.add(
        Channel.SMS,
        kind,
        subject=subject,
        to=letter.from_,
        body=render(kind, Channel.SMS, context, spoken).body,
        dedupe_key=f"{kind}:{letter.message_sid}",
        send_after=at,
        send_before=at + IN_TIME,
        language=spoken,
    )
