"""What pages and cards ask of notes."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from audit.models import Event
from charting.models import CoSignature, Encounter, Macro, Note, NoteState, NoteTemplate, ReviewState
from charting.notes import content_hash
from patients.models import Person
from practice.models import Service
from vault.fields import warm_rows
from vault.sealing import open_bytes

WITH = (
    "encounter__person",
    "encounter__provider",
    "encounter__location",
    "encounter__service",
    "template",
    "author",
    "saved_by",
    "signed_by",
    "cosignature__decided_by",
)


def whole_notes() -> QuerySet[Note]:
    return Note.objects.select_related(*WITH)


def template_for(service: Service | None) -> NoteTemplate | None:
    """The service's own template, else the general one, else none: the four parts alone."""
    rows = list(NoteTemplate.objects.current())
    own = [one for one in rows if service is not None and service.uid in one.services]
    general = [one for one in rows if not one.services]
    return next(iter([*own, *general]), None)


def last_note(encounter: Encounter) -> Note | None:
    """The patient's last signed note of the same service before this encounter."""
    rows = Note.objects.filter(
        encounter__person=encounter.person,
        encounter__service=encounter.service,
        encounter__began_at__lt=encounter.began_at,
        state=NoteState.SIGNED,
    )
    return rows.select_related("encounter__person").order_by("-encounter__began_at").first()


def macros_for(user: User) -> dict[str, str]:
    """The clinic's, and one's own over them."""
    rows = Macro.objects.filter(owner=None) | Macro.objects.filter(owner=user)
    ordered = sorted(rows, key=lambda one: one.owner_id is not None)
    return {one.shortcut: one.text for one in ordered}


def own_drafts(user: User, most: int = 100) -> list[Note]:
    rows = whole_notes().filter(author=user, state=NoteState.DRAFT).order_by("-saved_at")[:most]
    return _with_names(rows)


def returned_to(user: User, most: int = 100) -> list[Note]:
    rows = whole_notes().filter(signed_by=user, cosignature__state=ReviewState.RETURNED)
    return _with_names(rows.order_by("cosignature__due_at")[:most])


def to_cosign(user: User, most: int = 200) -> list[Note]:
    """What waits for a supervisor, the most urgent first; nobody's own."""
    waiting = whole_notes().filter(cosignature__state=ReviewState.WAITING)
    rows = waiting.exclude(signed_by=user).exclude(author=user).order_by("cosignature__due_at")
    return _with_names(rows[:most])


def overdue(user: User, *, at: datetime) -> int:
    rows = CoSignature.objects.filter(state=ReviewState.WAITING, due_at__lt=at)
    return rows.exclude(note__signed_by=user).exclude(note__author=user).count()


def is_intact(note: Note) -> bool:
    """Whether the note still says what was signed: by its own hash, and by the one that the trail keeps."""
    if note.signed_at is None or note.content_hash is None:
        return False
    found = content_hash(note, signer=str(note.signed_by_id), at=note.signed_at)
    return found == note.content_hash == _hash_in_trail(note)


def notes_of(person: Person) -> QuerySet[Note]:
    return whole_notes().filter(encounter__person=person).order_by("-begun_at", "-uid")


def _hash_in_trail(note: Note) -> str | None:
    row = Event.objects.filter(
        patient_id=note.encounter.person.uid, verb="note.signed", object_id=str(note.uid)
    ).first()
    if row is None or row.detail is None:
        return None
    plain = open_bytes(bytes(row.detail), tag="audit.event.detail/1", row=row.id)
    found = json.loads(plain).get("hash")
    return found if isinstance(found, str) else None


def _with_names(rows: Iterable[Note]) -> list[Note]:
    found = list(rows)
    warm_rows([one.encounter.person for one in found])
    return found
