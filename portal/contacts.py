"""A new number or address takes the old one's place once a code has proved it; the old one hears of it."""

from datetime import datetime

from django.db import transaction

from audit.actors import Actor
from core.ids import uuid7
from messaging import outbox
from messaging.models import Channel
from messaging.texts import render
from messaging.voice import voice
from patients import self_service
from patients.models import ContactKind, Person
from portal.codes import CHANNELS, Contact
from portal.models import PatientSession

CHANGED = "contact_changed"


@transaction.atomic
def replace(session: PatientSession, person: Person, contact: Contact, *, by: Actor, at: datetime) -> None:
    """1. The new contact stands. 2. The old one, and the mail address in any case, is told.
    3. A session that rested on the old contact of its own person rests on the new one from now on."""
    told = {(contact.kind, person.contact(contact.kind)), (ContactKind.EMAIL.value, person.email)}
    rested = bytes(session.index) == _index_of(contact.kind, person) and session.person_id == person.pk
    self_service.replace_contact(person, contact.kind, contact.value, by=by, at=at)
    if rested and session.kind == contact.kind:
        session.index = contact.index
        session.save(update_fields=["index"])
    for kind, value in sorted(told):
        if value and value != contact.value:
            _alert(person, kind, value, changed=contact.kind, at=at)


def _index_of(kind: str, person: Person) -> bytes:
    value = person.contact(kind)
    return Contact(kind, value).index if value else b""


def _alert(person: Person, kind: str, to: str, *, changed: str, at: datetime) -> None:
    clinic, channel = voice(), CHANNELS[kind]
    language = person.language or clinic.locale
    words = {"clinic": clinic.name, "is_phone": changed == ContactKind.PHONE, "phone": clinic.phone}
    text = render(CHANGED, channel, words, language)
    outbox.add(
        channel,
        CHANGED,
        subject=person.uid,
        to=to,
        body=text.body,
        subject_line=text.subject_line if channel == Channel.EMAIL else "",
        dedupe_key=f"portal:{uuid7()}",
        send_after=at,
        language=language,
    )
