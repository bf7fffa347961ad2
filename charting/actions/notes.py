"""A note: begun, saved as often as somebody types, signed once."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from audit.trail import record
from charting import cosigning
from charting.actions import giving
from charting.actions.locking import lock_with_note
from charting.models import PARTS, Encounter, Note, NoteState, NoteTemplate
from charting.notes import NO_TEMPLATE, Typed, content_hash, missing, shown
from core.problems import Conflict, Invalid

SEALED = (*PARTS, "answers")


class NoteChanged(Conflict):
    """Somebody else saved the note since this page was opened. `current` is what stands now; nothing was overwritten."""

    type = "note-changed"
    title = _("Somebody else has changed this note")
    default_detail = _("Nothing was overwritten. Look at both versions, then save again.")

    def __init__(self, current: Note) -> None:
        super().__init__()
        self.current = current


class NoteSigned(Conflict):
    type = "note-signed"
    title = _("This note is signed")
    default_detail = _("It stays as it is. What you have to add goes into an addendum.")


class NotTheirs(Conflict):
    type = "not-your-note"
    title = _("This note is not yours to sign")
    default_detail = _("It is signed by who wrote it, or by who treats in this encounter.")


@transaction.atomic
def begin_note(encounter: Encounter, *, template: NoteTemplate | None, user: User, at: datetime) -> Note:
    """The encounter's note; the same one for two people who begin it at once."""
    empty = dict.fromkeys(PARTS, "")
    note, made = Note.objects.get_or_create(
        encounter=encounter,
        defaults={
            **empty,
            "answers": {"values": {}},
            "author": user,
            "template": template,
            "begun_at": at,
            "saved_at": at,
            "saved_by": user,
        },
    )
    if made:
        record("note.begun", by=actor_for(user), on=note, patient=encounter.person.uid, at=at)
    return note


@transaction.atomic
def save_note(
    note: Note, typed: Typed, *, revision: int, user: User, at: datetime, key: UUID | None = None
) -> Note:
    """Keep what was typed if nobody else saved since `revision`; NoteChanged otherwise.

    `key` names the open page: what the same page saved last, without hearing of it, is not somebody else's.
    """
    row = _locked(note)
    if row.is_signed:
        raise NoteSigned
    if typed.same_as(row):
        return row
    if row.revision != revision and (key is None or row.edit_key != key):
        raise NoteChanged(row)
    _fill(row, typed)
    row.revision += 1
    row.edit_key, row.saved_at, row.saved_by = key, at, user
    row.save(update_fields=[*SEALED, "revision", "edit_key", "saved_at", "saved_by"])
    detail = {"revision": row.revision}
    record("note.saved", by=actor_for(user), on=row, patient=_patient(row), detail=detail, at=at)
    return row


@transaction.atomic
def change_template(note: Note, template: NoteTemplate | None, *, user: User, at: datetime) -> Note:
    """Go on with another template. Answers stay under their keys, shown or not, until the note is signed."""
    row = _locked(note)
    if row.is_signed:
        raise NoteSigned
    if row.template != template:
        row.template, row.revision = template, row.revision + 1
        row.save(update_fields=["template", "revision"])
        detail = {"template": str(template.uid) if template else ""}
        record(
            "note.template_changed", by=actor_for(user), on=row, patient=_patient(row), detail=detail, at=at
        )
    return row


@transaction.atomic
def sign_note(note: Note, *, revision: int, user: User, at: datetime, key: UUID | None = None) -> Note:
    """Seal a note.

    1. Refuse if it is signed, or changed since the signer's page was opened, or is not theirs to sign.
    2. Refuse with all that is missing, the encounter's other parts included: they are fixed with it.
    3. Keep the hash of the exact text; the trail keeps it too, and the hash of each sealed token.
    4. From here the database lets nothing change it; see add_addendum.
    """
    row = _locked(note)
    if row.is_signed:
        raise NoteSigned
    if row.revision != revision and (key is None or row.edit_key != key):
        raise NoteChanged(row)
    if user.pk not in {row.author_id, row.encounter.provider.user_id}:
        raise NotTheirs
    if failures := missing(row.template, row.parts, row.values):
        raise Invalid(_("The note cannot be signed yet."), errors=failures)
    by, patient = actor_for(user), _patient(row)
    lock_with_note(row.encounter, by=by, at=at)
    row.answers = {"values": row.values, "shown": shown(row.template, row.values)}
    row.state, row.signed_at, row.signed_by = NoteState.SIGNED, at, user
    row.content_hash = content_hash(row, signer=str(user.pk), at=at)
    row.save(update_fields=["answers", "state", "signed_at", "signed_by", "content_hash"])
    detail = {"hash": row.content_hash, "revision": row.revision, "tokens": token_hashes(row)}
    record("note.signed", by=by, on=row, patient=patient, detail=detail, at=at)
    cosigning.ask_if_chosen(row, at=at)
    giving.prepare_walk_in(row.encounter, at=at)
    return row


def copy_from(source: Note, note: Note) -> Typed:
    """What the earlier note said where this one says nothing yet; its findings are not this day's: O stays empty."""
    keep = (note.template or NO_TEMPLATE).fields
    keys = {one["key"] for one in keep}
    parts = {part: note.parts[part] or (source.parts[part] if part != "objective" else "") for part in PARTS}
    answers = {key: value for key, value in source.values.items() if key in keys}
    return Typed(parts, {**answers, **note.values})  # type: ignore[dict-item]


def token_hashes(note: Note) -> dict[str, str]:
    """SHA-256 of each sealed value as it lies in the database: an older token put back would not fit."""
    rows = Note.objects.filter(pk=note.pk).values(*SEALED)[0]
    return {name: hashlib.sha256(bytes(token)).hexdigest() for name, token in rows.items()}


def _locked(note: Note) -> Note:
    rows = Note.objects.select_related(
        "encounter__person", "encounter__provider", "encounter__service", "template", "author"
    )
    row = rows.select_for_update(of=("self",)).get(pk=note.pk)
    row.encounter.person = note.encounter.person
    return row


def _fill(row: Note, typed: Typed) -> None:
    for part in PARTS:
        setattr(row, part, typed.parts[part])
    row.answers = {"values": typed.values}


def _patient(note: Note) -> UUID:
    return note.encounter.person.uid
