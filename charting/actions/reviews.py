"""After the signature: addenda, and what the supervisor makes of the note."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from audit.trail import record
from charting.models import Addendum, AddendumKind, CoSignature, Note, ReviewState
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text

LONGEST: Final = 5_000


class NotSigned(Conflict):
    type = "note-not-signed"
    title = _("This note is not signed yet")
    default_detail = _("Until it is signed, write in the note itself.")


class NoReview(Conflict):
    type = "no-review"
    title = _("No co-signature is open for this note")
    default_detail = _("It was not chosen, or somebody has co-signed it already.")


class OwnNote(Conflict):
    type = "own-note"
    title = _("Nobody co-signs their own note")


@transaction.atomic
def add_addendum(note: Note, text: str, *, user: User, at: datetime) -> Addendum:
    """Signed by whoever writes it. The author's answer to a returned note puts it before the supervisor again."""
    if not note.is_signed:
        raise NotSigned
    added = _add(note, text, AddendumKind.ADDENDUM, user=user, at=at)
    if user.pk == note.signed_by_id:
        returned = CoSignature.objects.filter(note=note, state=ReviewState.RETURNED)
        returned.update(state=ReviewState.WAITING, decided_at=None, decided_by=None)
    return added


@transaction.atomic
def cosign_note(note: Note, *, user: User, at: datetime) -> CoSignature:
    """The supervisor has read it and stands for it; the trail keeps the hash of what was read."""
    row = _open_review(note, user)
    row.state, row.decided_at, row.decided_by = ReviewState.COSIGNED, at, user
    row.save(update_fields=["state", "decided_at", "decided_by"])
    detail = {"hash": note.content_hash}
    record("note.cosigned", by=actor_for(user), on=note, patient=_patient(note), detail=detail, at=at)
    return row


@transaction.atomic
def return_note(note: Note, comment: str, *, user: User, at: datetime) -> CoSignature:
    """Back to the author with a comment, which stays beside the note."""
    row = _open_review(note, user)
    _add(note, comment, AddendumKind.RETURNED, user=user, at=at)
    row.state, row.decided_at, row.decided_by = ReviewState.RETURNED, at, user
    row.save(update_fields=["state", "decided_at", "decided_by"])
    return row


def _open_review(note: Note, user: User) -> CoSignature:
    if not note.is_signed:
        raise NotSigned
    if user.pk in {note.author_id, note.signed_by_id}:
        raise OwnNote
    row = CoSignature.objects.select_for_update().filter(note=note).first()
    if row is None or row.state == ReviewState.COSIGNED:
        raise NoReview
    return row


def _add(note: Note, text: str, kind: AddendumKind, *, user: User, at: datetime) -> Addendum:
    added = Addendum.objects.create(note=note, kind=kind, author=user, text=_words(text), signed_at=at)
    verb = "note.returned" if kind == AddendumKind.RETURNED else "note.addendum_added"
    record(verb, by=actor_for(user), on=added, patient=_patient(note), detail={"note": str(note.uid)}, at=at)
    return added


def _words(text: str) -> str:
    failures: list[Failure] = []
    words = ""
    try:
        words = clean_text(text, LONGEST, multiline=True)
    except TextProblem as problem:
        failures.append(failure("text", problem.code, problem.message))
    if not words and not failures:
        failures.append(failure("text", "required", _("Write what is to be added.")))
    if failures:
        raise Invalid(errors=failures)
    return words


def _patient(note: Note) -> UUID:
    return note.encounter.person.uid
