"""From a file that came in to a document: stored, read back, and only then a row."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from audit.actors import Actor
from core.problems import Conflict
from documents import actions
from documents.models import Document
from documents.rules import Entry
from files import keeping
from files.uploads import Incoming
from patients.models import Person


def keep_document(
    person: Person, file: Incoming, entry: Entry, *, by: Actor, at: datetime, from_patient: bool = False
) -> Document:
    """The document; one that came before with the same id is found, not doubled."""
    first = find_first(person, file.uid, file.size)
    if first is not None:
        return first

    def write(stored: list[keeping.Stored]) -> Document:
        return actions.add_document(person, stored[0], entry, by=by, at=at, from_patient=from_patient)

    try:
        return keeping.keep([file], write)
    except IntegrityError:
        first = find_first(person, file.uid, file.size)
        if first is None:
            raise
        return first


def find_first(person: Person, uid: UUID, size: int) -> Document | None:
    """What an earlier try left; Conflict when this is another file."""
    first = Document.objects.filter(uid=uid).first()
    if first is not None and (first.person_id != person.pk or first.size != size):
        raise Conflict(type="idempotency-key-reused")
    return first
