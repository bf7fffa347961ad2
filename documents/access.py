"""The only way to a document: right, record and trail in one call. Each opening of a file is an event of its own.

An administrative document asks for `documents.view` or `documents.manage`; a clinical one for the open record besides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from accounts.access import Anybody, may, require, require_object
from accounts.actors import actor_for
from accounts.models import User
from audit.actors import Actor
from audit.trail import note_list, note_read
from core.problems import NotFound
from documents.models import ADMINISTRATIVE, Document, DocumentQuerySet
from patients import care
from patients.access import get_person, get_record
from patients.cursors import Place, next_place
from patients.models import CareRelation, Person
from vault.fields import warm_rows

PAGE: Final = 50
MOST: Final = 500  # of one patient, on one page of the desk
CHART: Final = {"documents.view": "chart.view", "documents.manage": "chart.write"}


@dataclass(frozen=True)
class Shelf:
    """The documents of one person that this reader may see. `closed`: the clinical ones are there for who gives a reason."""

    person: Person
    documents: list[Document]
    closed: bool


def shelf_of(user: Anybody, uid: UUID, *, at: datetime) -> Shelf:
    staff = require_object(user, "documents.view")
    person = get_person(user, uid)
    clinical = reads_clinical(staff, person, at=at)
    rows = Document.objects.filter(person=person)
    if not clinical:
        rows = rows.filter(kind__in=ADMINISTRATIVE)
    found = list(rows.order_by("-added_at", "-uid")[:MOST])
    _note_list(found, person, by=actor_for(staff))
    return Shelf(person, found, closed=may(staff, "chart.view") and not clinical)


def reads_clinical(user: User, person: Person, *, at: datetime) -> bool:
    return may(user, "chart.view") and care.is_open(user, person, at=at)


def person_to_file_for(user: Anybody, uid: UUID) -> Person:
    """Whose document is about to come."""
    require_object(user, "documents.manage")
    return get_person(user, uid)


def may_file(user: Anybody, person: Person, kind: str, *, at: datetime) -> bool:
    """Clinical kinds are filed by who may write into this record."""
    if not isinstance(user, User) or not may(user, "documents.manage"):
        return False
    return kind in ADMINISTRATIVE or (may(user, "chart.write") and care.is_open(user, person, at=at))


def get_document(user: Anybody, uid: UUID, *, to: str = "documents.view") -> Document:
    """The document, if `user` may; 404, or BreakGlassNeeded, otherwise."""
    require_object(user, to)
    found = Document.objects.select_related("person").filter(uid=uid).first()
    if found is None:
        raise NotFound
    if found.is_clinical:
        found.person = get_record(user, found.person.uid, to=CHART[to])
    else:
        found.person = get_person(user, found.person.uid)
    return found


def open_document(user: Anybody, uid: UUID) -> Document:
    """To be sent, with the event that somebody opens it."""
    staff = require_object(user, "documents.view")
    return _opened(get_document(user, uid), by=actor_for(staff))


def documents_of(
    user: Anybody, uid: UUID, *, at: datetime, before: Place | None = None
) -> tuple[list[Document], str | None]:
    """For programs: what is kept, the newest first, a page at a time."""
    staff = require_object(user, "documents.view")
    person = get_person(user, uid)
    rows = Document.objects.kept().filter(person=person)
    if not reads_clinical(staff, person, at=at):
        rows = rows.filter(kind__in=ADMINISTRATIVE)
    found, following = _page(rows, before)
    _note_list(found, person, by=actor_for(staff))
    return found, following


def waiting(user: Anybody) -> list[Document]:
    """What patients sent and nobody has looked at, of those this reader may open; the oldest first."""
    staff = require(user, "documents.view")
    found = list(_waiting_for(staff).select_related("person").order_by("added_at")[:PAGE])
    warm_rows([*found, *(one.person for one in found)])
    shown = [one.person.uid for one in found]
    note_list("document.waiting_listed", by=actor_for(staff), kind="patients.person", shown=shown)
    return found


def count_waiting(user: Anybody) -> int:
    if not isinstance(user, User) or not may(user, "documents.view"):
        return 0
    return _waiting_for(user).count()


def _waiting_for(user: User) -> DocumentQuerySet:
    rows = Document.objects.waiting()
    plain = Q(kind__in=ADMINISTRATIVE)
    if not may(user, "chart.view"):
        return rows.filter(plain)
    if user.role in care.ANSWER_FOR_ALL:
        return rows
    return rows.filter(plain | Q(person__in=CareRelation.objects.filter(user=user).values("person")))


# --- The patient's own ---


def own_documents(
    person: Person, *, by: Actor, before: Place | None = None
) -> tuple[list[Document], str | None]:
    """What was released to the patient, and what they sent."""
    note_read("document.list_viewed", by=by, on=person, patient=person.uid)
    return _page(Document.objects.for_patient().filter(person=person), before)


def count_released(person: Person) -> int:
    return Document.objects.kept().filter(person=person, released_at__isnull=False).count()


def get_own(person: Person, uid: UUID) -> Document:
    """One of them; 404 for all others."""
    found = Document.objects.for_patient().select_related("person").filter(person=person, uid=uid).first()
    if found is None:
        raise NotFound
    return found


def open_own(person: Person, uid: UUID, *, by: Actor) -> Document:
    return _opened(get_own(person, uid), by=by)


def person_of_own(uid: UUID) -> Person:
    """Whose it is, if its patient may see it at all."""
    found = Document.objects.for_patient().select_related("person").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found.person


def _opened(document: Document, *, by: Actor) -> Document:
    note_read("document.opened", by=by, on=document, patient=document.person.uid, alone=True)
    return document


def _page(rows: DocumentQuerySet, before: Place | None) -> tuple[list[Document], str | None]:
    if before is not None:
        rows = rows.filter(before.condition("added_at", "uid"))
    found = list(rows.select_related("person").order_by("-added_at", "-uid")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    warm_rows(found)
    return found, next_place(found[-1].added_at, found[-1].uid) if more else None


def _note_list(found: list[Document], person: Person, *, by: Actor) -> None:
    warm_rows(found)
    note_read("document.list_viewed", by=by, on=person, patient=person.uid)
