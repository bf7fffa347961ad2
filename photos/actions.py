"""Every write: photos come, get notes and marks, are archived, released and taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from files.keeping import Stored
from patients import telling
from patients.models import Person
from photos import authorizations
from photos.models import Image, Photo, PhotoSet, Protocol, Purpose, Release
from photos.rules import LONGEST_NOTE, read_marks
from photos.uploads import KINDS
from practice.models import Service


class NotAuthorized(Conflict):
    type = "not-authorized"
    title = _("There is no live authorization")
    default_detail = _(
        "A photo is released for marketing only while the patient's own authorization for that is signed and not withdrawn."
    )


@transaction.atomic
def begin_set(
    person: Person,
    *,
    stage: str,
    taken_at: datetime,
    by: Actor,
    service: Service | None = None,
    visit: UUID | None = None,
    sitting: str = "",
) -> PhotoSet:
    """A sitting. The same word for the `sitting` of one person finds the set that is there."""
    own = {"uid": uuid5(person.uid, f"set {sitting}")} if sitting else {}
    fields = {"stage": stage, "taken_at": taken_at, "service": service, "visit": visit}
    if not own:
        found, made = PhotoSet.objects.create(person=person, **fields), True
    else:
        found, made = PhotoSet.objects.get_or_create(person=person, **own, defaults=fields)
    if made:
        record("photo.set_begun", by=by, on=found, patient=person.uid, at=taken_at)
    return found


def photo_uid(person: Person, key: str) -> UUID:
    """The id of the photo that came with this key: a repeated upload finds the first one."""
    return uuid5(person.uid, f"photo {key}")


@transaction.atomic
def add_photo(
    photo_set: PhotoSet,
    angle: str,
    files: list[Stored],
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    uid: UUID | None = None,
) -> Photo:
    """The row of files that are stored and verified already."""
    photo = Photo(photo_set=photo_set, angle=angle, note=read_note(note), marks=[], added_at=at)
    if uid is not None:
        photo.uid = uid
    photo.save(force_insert=True)
    for each in files:
        facts = each.incoming.facts
        assert facts is not None
        kind = KINDS[each.incoming.field]
        sides = {"width": facts.width, "height": facts.height}
        Image.objects.create(photo=photo, kind=kind, **sides, **each.as_fields())
    record("photo.added", by=by, on=photo, patient=photo_set.person.uid, detail={"angle": angle}, at=at)
    return photo


def read_note(text: str) -> str:
    try:
        return clean_text(text, LONGEST_NOTE, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("note", problem.code, problem.message)]) from None


@transaction.atomic
def describe(photo: Photo, *, note: str, marks: Any, by: Actor) -> Photo:
    """Its note and what is drawn beside it. The image itself never changes."""
    read, problems = read_marks(marks)
    if problems:
        raise Invalid(errors=problems)
    photo.note, photo.marks = read_note(note), read
    photo.save(update_fields=["note", "marks"])
    record("photo.described", by=by, on=photo, patient=photo.person.uid)
    return photo


@transaction.atomic
def archive(photo: Photo, *, by: Actor, at: datetime) -> None:
    """Out of sight, for the staff and for the patient; nothing is deleted, and it can be taken back."""
    if Photo.objects.filter(pk=photo.pk, archived_at=None).update(archived_at=at):
        record("photo.archived", by=by, on=photo, patient=photo.person.uid, at=at)
        telling.take_back_news(photo.uid)


@transaction.atomic
def restore(photo: Photo, *, site: str, by: Actor, at: datetime) -> None:
    """In the record again, and in the portal if it is still released. `site`: the clinic's address, to say so."""
    if Photo.objects.filter(pk=photo.pk, archived_at__isnull=False).update(archived_at=None):
        record("photo.restored", by=by, on=photo, patient=photo.person.uid, at=at)
        if Release.objects.filter(photo=photo, purpose=Purpose.PATIENT, revoked_at=None).exists():
            telling.tell_news_again(photo.person, about=photo.uid, site=site, at=at)


@transaction.atomic
def release(photo: Photo, purpose: str, *, site: str | None, by: Actor, at: datetime) -> None:
    """Show it to its patient, or let marketing have it: that only under a live authorization.

    The patient hears that something is there. `site`: the clinic's address, or None not to say so.
    """
    Photo.objects.select_for_update().get(pk=photo.pk)
    if photo.archived_at is not None:
        raise Conflict(_("This photo is archived. Take it back first."))
    signed = None
    if purpose == Purpose.MARKETING:
        signed = authorizations.live_authorization(photo.person, at=at)
        if signed is None:
            raise NotAuthorized
    _row, made = Release.objects.get_or_create(
        photo=photo,
        purpose=purpose,
        revoked_at=None,
        defaults={"released_at": at, "authorization": signed},
    )
    if made:
        record(f"photo.released_to_{purpose}", by=by, on=photo, patient=photo.person.uid, at=at)
        if purpose == Purpose.PATIENT and site is not None:
            telling.tell_news(photo.person, about=photo.uid, site=site, at=at)


@transaction.atomic
def revoke(photo: Photo, purpose: str, *, by: Actor, at: datetime) -> None:
    """Take it back, at once."""
    if Release.objects.filter(photo=photo, purpose=purpose, revoked_at=None).update(revoked_at=at):
        record(f"photo.revoked_from_{purpose}", by=by, on=photo, patient=photo.person.uid, at=at)
        if purpose == Purpose.PATIENT:
            telling.take_back_news(photo.uid)


@transaction.atomic
def set_protocol(service: Service, angles: list[str], *, by: Actor) -> Protocol:
    protocol, _made = Protocol.objects.update_or_create(service=service, defaults={"angles": angles})
    record("photo.protocol_set", by=by, on=protocol, detail={"angles": angles})
    return protocol
