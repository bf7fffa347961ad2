"""Every write: documents come, are described, looked at, released, removed and taken back."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.clock import local_date
from core.problems import Conflict, Invalid, NotFound, TooMany
from documents.models import Document
from documents.rules import A_DAY, LONGEST_KEY, MOST_A_DAY, MOST_WAITING, Entry, read_entry, read_reason
from files.keeping import Stored
from patients import telling
from patients.models import Person
from practice.profile import clinic_zone


def document_uid(person: Person, by: Actor, key: str | None) -> UUID | None:
    """The id of the document that comes with this key: a repeated upload finds the first one. None for a new id."""
    return uuid5(person.uid, f"document {by.id} {key[:LONGEST_KEY]}") if key else None


@transaction.atomic
def add_document(
    person: Person, stored: Stored, entry: Entry, *, by: Actor, at: datetime, from_patient: bool = False
) -> Document:
    """The row of a file that is stored and verified already."""
    if from_patient:
        _hold(person)
        refuse_too_many(person, at=at)
    document = Document(
        person=person,
        kind=entry.kind,
        title=entry.title,
        dated=entry.dated,
        added_at=at,
        added_by=str(by),
        from_patient=from_patient,
        **stored.as_fields(),
    )
    document.save(force_insert=True)
    verb = "document.sent" if from_patient else "document.added"
    record(verb, by=by, on=document, patient=person.uid, detail={"kind": entry.kind}, at=at)
    return document


def refuse_too_many(person: Person, *, at: datetime) -> None:
    """TooMany when the patient has sent as much as may come in a day, or as may wait."""
    sent = Document.objects.filter(person=person, from_patient=True)
    if sent.filter(added_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise TooMany(_("That is a lot for one day. Send the rest tomorrow, or bring it along."))
    if sent.waiting().count() >= MOST_WAITING:
        raise TooMany(_("The clinic has not looked at all that you sent yet. Bring the rest along, please."))


@transaction.atomic
def describe(document: Document, entry: Entry, *, by: Actor, at: datetime) -> Document:
    """What it is, what it is called, its date. The file itself never changes."""
    entry, wrong = read_entry(entry.kind, entry.title, entry.dated, today=local_date(at, clinic_zone()))
    if wrong:
        raise Invalid(errors=wrong)
    row = _locked(document)
    _refuse_removed(row)
    before = row.kind
    row.kind, row.title, row.dated = entry.kind, entry.title, entry.dated
    row.save(update_fields=["kind", "title", "dated"])
    kinds = {"kind": entry.kind, "was": before}
    record("document.described", by=by, on=row, patient=row.person.uid, detail=kinds, at=at)
    return row


@transaction.atomic
def mark_seen(document: Document, *, by: Actor, at: datetime) -> None:
    """Somebody has looked at what the patient sent."""
    if Document.objects.waiting().filter(pk=document.pk).update(seen_at=at):
        record("document.seen", by=by, on=document, patient=document.person.uid, at=at)


@transaction.atomic
def release(document: Document, *, site: str | None, by: Actor, at: datetime) -> None:
    """The patient finds it in the portal, and hears that something is there. `site`: the clinic's address, or None not
    to say so."""
    row = _locked(document)
    _refuse_removed(row)
    if row.released_at is None:
        row.released_at = at
        row.save(update_fields=["released_at"])
        record("document.released", by=by, on=row, patient=row.person.uid, at=at)
        if site is not None:
            telling.tell_news(row.person, about=row.uid, site=site, at=at)


@transaction.atomic
def withdraw(document: Document, *, by: Actor, at: datetime) -> None:
    """It is not shown in the portal any more, from the next request on."""
    if Document.objects.filter(pk=document.pk, released_at__isnull=False).update(released_at=None):
        record("document.withdrawn", by=by, on=document, patient=document.person.uid, at=at)
        telling.take_back_news(document.uid)


@transaction.atomic
def remove(document: Document, *, reason: str, by: Actor, at: datetime) -> None:
    """Out of sight for the staff and the patient. The law wants it kept, so it is, and can be taken back."""
    words, wrong = read_reason(reason)
    if wrong:
        raise Invalid(errors=wrong)
    row = _locked(document)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by, row.removal = at, str(by), words
    row.save(update_fields=["removed_at", "removed_by", "removal"])
    record("document.removed", by=by, on=row, patient=row.person.uid, detail={"reason": words}, at=at)
    telling.take_back_news(row.uid)


@transaction.atomic
def restore(document: Document, *, site: str, by: Actor, at: datetime) -> None:
    """In the record again, and in the portal if it is still released. `site`: the clinic's address, to say so."""
    row = _locked(document)
    if row.removed_at is not None:
        row.removed_at, row.removed_by, row.removal = None, "", ""
        row.save(update_fields=["removed_at", "removed_by", "removal"])
        record("document.restored", by=by, on=row, patient=row.person.uid, at=at)
        if row.released_at is not None:
            telling.tell_news_again(row.person, about=row.uid, site=site, at=at)


def _locked(document: Document) -> Document:
    rows = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    return rows.get(pk=document.pk)


def _refuse_removed(document: Document) -> None:
    if document.removed_at is not None:
        raise Conflict(_("This document was removed. Take it back first."))


def _hold(person: Person) -> None:
    """The person's row, locked: two that come at once are counted one after the other."""
    rows = Person.objects.present().select_for_update(no_key=True).filter(pk=person.pk)
    if not rows.values_list("pk", flat=True).first():
        raise NotFound
