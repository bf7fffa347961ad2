"""The shapes in which the API gives out photos, and how it reads the form that brings one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.problems import Failure, failure
from photos.models import Angle, ImageKind, Photo, Purpose, Stage
from practice.models import Service


class PhotoInput(serializers.Serializer[Any]):
    """Described only: photos.api reads the form as it arrives. The fields come before the files."""

    patient = serializers.UUIDField()
    angle = serializers.ChoiceField(Angle.values)
    set = serializers.UUIDField(required=False, help_text="A set of this patient; without it one is begun.")
    sitting = serializers.CharField(
        required=False, help_text="Your own word for a sitting: photos with the same one get into one set."
    )
    stage = serializers.ChoiceField(Stage.values, required=False, help_text="Of a new set; else before.")
    service = serializers.UUIDField(required=False, help_text="Of a new set.")
    taken_at = serializers.DateTimeField(required=False, help_text="Of a new set; else now.")
    visit = serializers.UUIDField(required=False, help_text="Of a new set: an encounter or appointment.")
    note = serializers.CharField(required=False)
    photo = serializers.FileField(help_text="JPEG, PNG or WebP of at most 12 MiB, without metadata.")
    thumbnail = serializers.FileField(help_text="The same in small, at most 256 KiB.")


class PhotoOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient = serializers.UUIDField()
    set = serializers.UUIDField()
    stage = serializers.ChoiceField(Stage.values)
    service = serializers.UUIDField(allow_null=True)
    visit = serializers.UUIDField(allow_null=True)
    angle = serializers.ChoiceField(Angle.values)
    taken_at = serializers.DateTimeField()
    media_type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bytes = serializers.IntegerField()
    archived = serializers.BooleanField()
    released = serializers.ListField(child=serializers.ChoiceField(Purpose.values))
    content = serializers.CharField()
    thumbnail = serializers.CharField()


class PhotoPage(serializers.Serializer[Any]):
    results = PhotoOutput(many=True)
    next = serializers.CharField(allow_null=True)


def photo_json(photo: Photo) -> dict[str, Any]:
    images = {image.kind: image for image in photo.images.all()}
    original, one = images[ImageKind.ORIGINAL], photo.photo_set
    content = f"/api/v1/photos/{photo.uid}/content/"
    return {
        "id": str(photo.uid),
        "patient": str(one.person.uid),
        "set": str(one.uid),
        "stage": one.stage,
        "service": str(one.service.uid) if one.service else None,
        "visit": str(one.visit) if one.visit else None,
        "angle": photo.angle,
        "taken_at": one.taken_at.isoformat(),
        "media_type": original.media_type,
        "width": original.width,
        "height": original.height,
        "bytes": original.size,
        "archived": photo.archived_at is not None,
        "released": sorted({each.purpose for each in photo.releases.all()}),
        "content": content,
        "thumbnail": f"{content}?size=thumbnail",
    }


@dataclass
class Entry:
    """The form's fields, read."""

    angle: str = ""
    stage: str = Stage.BEFORE.value
    set: UUID | None = None
    sitting: str = ""
    service: Service | None = None
    visit: UUID | None = None
    taken_at: datetime | None = None
    note: str = ""


def read_entry(fields: QueryDict, *, at: datetime) -> tuple[Entry, list[Failure]]:
    """What the form says, and everything that is wrong with it."""
    entry, wrong = Entry(note=fields.get("note") or "", sitting=(fields.get("sitting") or "")[:80]), []
    entry.angle = fields.get("angle") or ""
    if entry.angle not in Angle.values:
        wrong.append(failure("angle", "unknown", _("Choose one of the known angles.")))
    entry.stage = fields.get("stage") or Stage.BEFORE.value
    if entry.stage not in Stage.values:
        wrong.append(failure("stage", "unknown", _("Choose before, after or follow-up.")))
    for name in ("set", "visit"):
        setattr(entry, name, read_uuid(fields.get(name)))
        if fields.get(name) and getattr(entry, name) is None:
            wrong.append(failure(name, "invalid", _("This is not an id.")))
    if fields.get("service"):
        uid = read_uuid(fields.get("service"))
        entry.service = Service.objects.filter(uid=uid).first() if uid else None
        if entry.service is None:
            wrong.append(failure("service", "unknown", _("There is no such service.")))
    entry.taken_at = _moment(fields.get("taken_at") or "", at, wrong)
    return entry, wrong


def _moment(text: str, at: datetime, wrong: list[Failure]) -> datetime:
    if not text:
        return at
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        wrong.append(failure("taken_at", "invalid", _("Write a moment with its offset, in ISO 8601.")))
        return at
    if moment > at:
        wrong.append(failure("taken_at", "ahead", _("A photo cannot be taken later than now.")))
    return moment


def read_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
