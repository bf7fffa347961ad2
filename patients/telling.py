"""That something waits in the portal: by mail, and by text to who agreed to texts. Never a word of what it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from messaging import consents, outbox
from messaging.contacts import is_stopped
from messaging.models import Channel, Message, Purpose, State
from messaging.texts import render
from messaging.voice import voice
from patients.guardians import reach
from patients.models import ContactKind, Person

PEOPLE: Final = "/portal/people/"  # where a guardian chooses whose pages to open
WAYS: Final[Mapping[str, Channel]] = {
    ContactKind.EMAIL.value: Channel.EMAIL,
    ContactKind.PHONE.value: Channel.SMS,
}
HOME: Final = "/portal/"  # names whatever is new
NEWS: Final = "portal_news"
SECOND_THOUGHTS: Final = timedelta(minutes=5)


def tell(
    person: Person,
    kind: str,
    path: str,
    *,
    key: str,
    site: str,
    at: datetime,
    wait: timedelta = timedelta(0),
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
    for way, channel in WAYS.items():
        to = reach(person, way, at=at)
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
            send_after=at + wait,
            purpose=Purpose.REMINDER if channel == Channel.SMS else Purpose.TRANSACTIONAL,
            language=language,
            zone=person.timezone,
            region=region,
        )
        told += 1
    return told


def tell_news(person: Person, *, about: UUID, site: str, at: datetime) -> None:
    """Something was released to the patient. It waits for second thoughts, and one notice is enough for all till then.

    A notice of several is about none of them, so that it goes out although one is taken back.
    """
    waiting = Message.objects.outgoing().waiting().filter(subject=person.uid, kind=NEWS)
    if not waiting.update(about=None):
        key = f"news:{about}:{at.isoformat()}"  # what was taken back and released again is told
        tell(person, NEWS, HOME, key=key, about=about, wait=SECOND_THOUGHTS, site=site, at=at)


def tell_news_again(person: Person, *, about: UUID, site: str, at: datetime) -> None:
    """What was hidden is shown again. It is told if its own notice was taken back: then nobody has heard of it."""
    last = Message.objects.outgoing().filter(about=about, kind=NEWS).order_by("-pk").first()
    if last is not None and last.state == State.VOID:
        tell_news(person, about=about, site=site, at=at)


def take_back_news(about: UUID) -> None:
    """It was taken back before anybody heard of it."""
    outbox.void(about, kinds=[NEWS])


def _wants_texts(number: str) -> bool:
    flags = consents.preference(Channel.SMS, number)
    return bool(flags and flags.sms_consent) and not is_stopped(Channel.SMS, number)
