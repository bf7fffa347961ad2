"""That something waits in the portal: by mail, and by text to who agreed to texts. Never a word of what it is."""

from datetime import datetime
from typing import Final
from uuid import UUID

from messaging import consents, outbox
from messaging.contacts import is_stopped
from messaging.models import Channel, Purpose
from messaging.texts import render
from messaging.voice import voice
from patients.guardians import reach
from patients.letters import WAYS
from patients.models import ContactKind, Person

PEOPLE: Final = "/portal/people/"  # where a guardian chooses whose pages to open


def tell(
    person: Person,
    kind: str,
    path: str,
    *,
    key: str,
    site: str,
    at: datetime,
    about: UUID | None = None,
    region: str = "",
    texts: bool = False,
) -> int:
    """The messages that were queued, once per `key`; `texts`: the patient agreed to texts about the visit.

    Whoever looks after the patient is written to where the patient has no contact of their own.
    """
    clinic = voice()
    language = person.language or clinic.locale
    told = 0
    for way in (ContactKind.EMAIL, ContactKind.PHONE):
        channel, to = WAYS[way], reach(person, way, at=at)
        if not to or (channel == Channel.SMS and not (texts or _wants_texts(to))):
            continue
        own = to == person.contact(way)
        words = {"clinic": clinic.name, "own": own, "link": site + (path if own else PEOPLE)}
        text = render(kind, channel, words, language)
        outbox.add(
            channel,
            kind,
            subject=person.uid,
            to=to,
            body=text.body,
            subject_line=text.subject_line,
            about=about,
            dedupe_key=f"{key}:{channel}",
            send_after=at,
            purpose=Purpose.REMINDER if channel == Channel.SMS else Purpose.TRANSACTIONAL,
            language=language,
            zone=person.timezone,
            region=region,
        )
        told += 1
    return told


def _wants_texts(number: str) -> bool:
    flags = consents.preference(Channel.SMS, number)
    return bool(flags and flags.sms_consent) and not is_stopped(Channel.SMS, number)
