"""From files that came in to a photo: stored, read back, and only then a row."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from audit.actors import Actor
from core.problems import Conflict, Problem
from photos import actions, storage
from photos.models import ImageKind, Photo, PhotoSet
from photos.uploads import Incoming


def keep_photo(
    photo_set: PhotoSet,
    angle: str,
    files: dict[str, Incoming],
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    uid: UUID | None = None,
) -> Photo:
    """Whatever fails leaves no row; what it left in the store is removed now, or by the sweep."""
    stored: list[actions.Stored] = []
    try:
        for each in files.values():
            stored.append(actions.Stored(each, storage.keep(each.sealed, each.digest)))
        return actions.add_photo(photo_set, angle, stored, by=by, at=at, note=note, uid=uid)
    except BaseException as error:
        _drop(stored)
        first = Photo.objects.filter(uid=uid).first() if isinstance(error, IntegrityError) and uid else None
        if first is None:
            raise
        return first


def same_upload(first: Photo, angle: str, files: dict[str, Incoming]) -> Photo:
    """The photo that an earlier try with the same key left; Conflict when this is another one."""
    sizes = {image.kind: image.size for image in first.images.all()}
    if first.angle != angle or sizes.get(ImageKind.ORIGINAL) != files["photo"].size:
        raise Conflict(type="idempotency-key-reused")
    return first


def _drop(stored: list[actions.Stored]) -> None:
    for each in stored:
        try:
            storage.drop(each.key)
        except Problem:
            return  # the sweep will
