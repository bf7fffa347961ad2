"""What a patient agrees to be written: each choice with the text that was shown, for the contact it concerns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from messaging import consents
from messaging.actions import record_consent
from messaging.consents import FLAGS, Topic
from messaging.contacts import is_stopped
from messaging.models import Channel
from patients.models import Person
from practice.models import PolicyKind
from practice.queries import current_texts

VERSION: Final = "portal-2026-11"
SOURCE: Final = "portal"
TEXTS: Final = {
    "service_email": _("Reminders and news of my visits by email."),
    "service_sms": _(
        "Reminders and news of my visits by text. Message frequency varies based on appointment schedule. Message and "
        "data rates may apply. Reply STOP to stop, HELP for help."
    ),
    "marketing_email": _("Offers and news of the clinic by email. I can stop them at any time."),
    "marketing_sms": _(
        "Offers and news of the clinic by text. Message and data rates may apply. Reply STOP to stop, HELP for help. "
        "Agreeing is no condition of any treatment."
    ),
}


@dataclass(frozen=True)
class Choice:
    """One thing to agree to, as the page shows it."""

    name: str
    channel: Channel
    topic: Topic
    text: str
    version: str
    granted: bool
    blocked: bool  # the number said stop: only a START from it lifts that

    @property
    def flag(self) -> str:
        return FLAGS[self.channel, self.topic]


def choices(person: Person) -> list[Choice]:
    """What there is to choose for the contacts this person has."""
    found: list[Choice] = []
    own_text = current_texts().get(PolicyKind.SERVICE_SMS)
    for channel, address in ((Channel.EMAIL, person.email), (Channel.SMS, person.phone)):
        if not address:
            continue
        flags = consents.preference(channel, address)
        blocked = channel == Channel.SMS and is_stopped(channel, address)
        for topic in (Topic.SERVICE, Topic.MARKETING):
            name = f"{topic.value}_{channel.value}"
            text, version = str(TEXTS[name]), VERSION
            if name == "service_sms" and own_text is not None:
                text, version = own_text.text, own_text.version
            said = getattr(flags, FLAGS[channel, topic]) if flags is not None else None
            # Mail about one's own visits comes unless it was refused; everything else needs a yes.
            granted = said is not False if (channel, topic) == (Channel.EMAIL, Topic.SERVICE) else bool(said)
            found.append(Choice(name, channel, topic, text, version, granted, blocked))
    return found


@transaction.atomic
def save(person: Person, agreed: set[str], *, by: Actor, at: datetime) -> int:
    """Note what changed, and only that; says how many did."""
    changed = [each for each in choices(person) if not each.blocked and (each.name in agreed) != each.granted]
    for each in changed:
        granted = each.name in agreed
        record_consent(
            each.channel,
            person.email if each.channel == Channel.EMAIL else person.phone,
            granted=granted,
            text_version=each.version,
            text_shown=each.text,
            topic=each.topic,
            subject=person.uid,
            source=SOURCE,
            by=by,
            at=at,
        )
    return len(changed)
