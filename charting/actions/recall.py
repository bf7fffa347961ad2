"""The recall drill: the lot is blocked, its patients are written to, and who cannot be reached is put on a list.

Three steps, each of its own transaction, so that the first never waits for the others:
1. recall: the lot is blocked from use; nobody charts it from here.
2. tell_patients: a notice for each patient, and messages by every way that reaches them. It can be repeated: who has a
   notice of this recall is not written to again.
3. told_by_hand: whoever no message reaches is called, and the call is noted.

A safety notice goes at once: quiet hours are for reminders and offers. A number that said STOP gets no text all the
same; the mail, or a call, tells them.
"""

from datetime import datetime

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from charting.models import InjectionPoint, RecallNotice
from charting.recalls import KIND, key_of, persons_of
from core.clock import local_date
from core.problems import Conflict, NotFound
from core.words import full_date
from messaging import consents, outbox
from messaging.contacts import is_stopped
from messaging.models import Channel
from messaging.texts import render
from messaging.voice import contact_line, voice
from patients.guardians import reach
from patients.models import ContactKind, Person
from practice import actions as practice
from practice.models import Lot


def run_recall(lot: Lot, *, reason: str, by: Actor, at: datetime) -> Lot:
    """Block first, then tell: a lot stays blocked even when nobody could be written to yet."""
    blocked = practice.recall_lot(lot, reason=reason, by=by, at=at)
    tell_patients(blocked, by=by, at=at)
    return blocked


@transaction.atomic
def tell_patients(lot: Lot, *, by: Actor, at: datetime) -> int:
    """Write to everybody who had the lot and has no notice of this recall yet; says to how many that was."""
    if lot.recalled_at is None:
        raise Conflict
    told = RecallNotice.objects.of_recall(lot).values("person")
    people = Person.objects.filter(pk__in=persons_of(lot)).exclude(pk__in=told)
    count = 0
    for person in people.prefetch_related("contact_points").order_by("pk"):
        _notice, made = RecallNotice.objects.get_or_create(
            lot=lot, person=person, recalled_at=lot.recalled_at, defaults={"queued_at": at}
        )
        if made:
            _write(lot, person, at=at)
            record("recall.notified", by=by, on=lot, patient=person.uid, at=at)
            count += 1
    return count


@transaction.atomic
def told_by_hand(lot: Lot, person: Person, *, by: Actor, at: datetime) -> RecallNotice:
    """Somebody of the staff spoke to them, or sent a letter."""
    rows = RecallNotice.objects.of_recall(lot).filter(person=person)
    notice = rows.select_for_update(no_key=True).first()
    if notice is None:
        raise NotFound
    if notice.told_at is None:
        notice.told_at, notice.told_by = at, str(by)
        notice.save(update_fields=["told_at", "told_by"])
        record("recall.told_by_hand", by=by, on=lot, patient=person.uid, at=at)
    return notice


def _write(lot: Lot, person: Person, *, at: datetime) -> None:
    """By mail with all that is known; by text only that there is something to know."""
    clinic = voice()
    language = person.language or clinic.locale
    words = {
        "clinic": clinic.name,
        "contact": contact_line(clinic),
        "product": lot.product.name,
        "maker": lot.product.manufacturer,
        "lot": lot.number,
        "days": ", ".join(_days(lot, person)),
    }
    for kind, channel in ((ContactKind.EMAIL, Channel.EMAIL), (ContactKind.PHONE, Channel.SMS)):
        to = reach(person, kind, at=at)
        if not to or (channel == Channel.SMS and not _takes_texts(to)):
            continue
        text = render(KIND, channel, words, language)
        outbox.add(
            channel,
            KIND,
            subject=person.uid,
            to=to,
            body=text.body,
            subject_line=text.subject_line,
            dedupe_key=key_of(lot, person, channel),
            send_after=at,
            language=language,
            zone=person.timezone,
        )


def _takes_texts(number: str) -> bool:
    """Not stopped, and service texts were not refused; who was never asked is told of a danger."""
    flags = consents.preference(Channel.SMS, number)
    return not is_stopped(Channel.SMS, number) and (flags is None or flags.sms_consent is not False)


def _days(lot: Lot, person: Person) -> list[str]:
    """The days on which it was injected, by the clock of the place."""
    rows = InjectionPoint.objects.filter(lot=lot, removed_at=None, map__encounter__person=person)
    found = rows.select_related("map__encounter__location").order_by("map__encounter__began_at")
    days = [local_date(one.map.encounter.began_at, one.map.encounter.location.zone) for one in found]
    return [full_date(day) for day in dict.fromkeys(days)]
