"""From files that came in to a photo: stored, read back, and only then a row."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from audit.actors import Actor
from core.problems import Conflict
from files import keeping
from files.uploads import Incoming
from photos import actions
from photos.models import ImageKind, Photo, PhotoSet


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
    """The photo; with the `uid` of one that came meanwhile, that one."""

    def write(stored: list[keeping.Stored]) -> Photo:
        return actions.add_photo(photo_set, angle, stored, by=by, at=at, note=note, uid=uid)

    try:
        return keeping.keep(files.values(), write)
    except IntegrityError:
        first = Photo.objects.filter(uid=uid).first() if uid else None
        if first is None:
            raise
        return first


def same_upload(first: Photo, angle: str, files: dict[str, Incoming]) -> Photo:
    """The photo that an earlier try with the same key left; Conflict when this is another one."""
    sizes = {image.kind: image.size for image in first.images.all()}
    if first.angle != angle or sizes.get(ImageKind.ORIGINAL) != files["photo"].size:
        raise Conflict(type="idempotency-key-reused")
    return first
