"""How photos stand on a page: tiles in their sets, the steps of taking, the pair that is compared."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patients.models import Person
from photos import access, authorizations
from photos.models import Angle, ImageKind, Photo, PhotoSet, Purpose, Stage
from practice.models import Service


def content_path(photo: Photo, size: str = "") -> str:
    return f"/api/v1/photos/{photo.uid}/content/" + (f"?size={size}" if size else "")


def tile(photo: Photo, *, authorized: bool) -> dict[str, Any]:
    """`authorized`: whether the patient's authorization for marketing is live now."""
    live = {each.purpose for each in photo.releases.all()}
    original = next((each for each in photo.images.all() if each.kind == ImageKind.ORIGINAL), None)
    return {
        "uid": photo.uid,
        "angle": photo.angle,
        "label": Angle(photo.angle).label,
        "stage": Stage(photo.photo_set.stage).label,
        "set": photo.photo_set.uid,
        "at": photo.photo_set.taken_at,
        "service": photo.photo_set.service.name if photo.photo_set.service else "",
        "thumbnail": content_path(photo, "thumbnail"),
        "content": content_path(photo),
        "width": original.width if original else 0,
        "height": original.height if original else 0,
        "marked": bool(photo.marks),
        "archived": photo.archived_at is not None,
        "patient_sees": Purpose.PATIENT in live,
        "marketing": Purpose.MARKETING in live and authorized,
    }


def sets(found: list[PhotoSet], *, angle: str, at: datetime, person: Person) -> list[dict[str, Any]]:
    """Without the sets in which nothing is left to show."""
    authorized = authorizations.live_authorization(person, at=at) is not None
    rows = [
        {
            "uid": each.uid,
            "at": each.taken_at,
            "stage": Stage(each.stage).label,
            "service": each.service.name if each.service else "",
            "tiles": [
                tile(photo, authorized=authorized)
                for photo in each.photos.all()
                if angle in ("", photo.angle)
            ],
        }
        for each in found
    ]
    return [row for row in rows if row["tiles"]]


def angles_in(found: list[PhotoSet], *, least: int = 1) -> list[str]:
    """The angles of which there are so many photos, in the order of the list of angles."""
    taken = [photo.angle for each in found for photo in each.photos.all()]
    return [angle for angle in Angle.values if taken.count(angle) >= least]


def steps(person: Person, angles: list[str], *, at: datetime) -> list[dict[str, Any]]:
    """Each angle with the newest photo of it: the ghost behind the viewfinder."""
    found = []
    for angle in angles:
        ghost = access.earlier_photo(person, angle, at=at)
        found.append(
            {
                "angle": angle,
                "label": Angle(angle).label,
                "ghost": content_path(ghost, "thumbnail") if ghost else "",
                "ghost_at": ghost.photo_set.taken_at if ghost else None,
            }
        )
    return found


def likely_stage(person: Person, service: Service | None, *, at: datetime) -> str:
    """Before, when nothing was taken for this service today or earlier; else after."""
    rows = PhotoSet.objects.filter(person=person, service=service, taken_at__lte=at)
    return Stage.AFTER.value if rows.exists() else Stage.BEFORE.value


def line(found: list[PhotoSet], angle: str, chosen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All photos of the angle, the oldest first, each with where it leads: it takes the place of the later one."""
    of_angle = _of_angle(found, angle)
    first = chosen[0]["uid"] if chosen else None
    return [
        {**one, "chosen": one["uid"] in [each["uid"] for each in chosen], "first": first} for one in of_angle
    ]


def pair(
    found: list[PhotoSet], *, angle: str, first: UUID | None, second: UUID | None
) -> tuple[str, list[dict[str, Any]]]:
    """The angle and two photos of it, the older first; nothing when no angle was taken twice."""
    usable = angles_in(found, least=2)
    if not usable:
        return "", []
    angle = angle if angle in usable else usable[0]
    tiles = _of_angle(found, angle)
    by_uid = {each["uid"]: each for each in tiles}
    one, other = by_uid.get(first, tiles[0]), by_uid.get(second, tiles[-1])
    if one is other:
        other = tiles[-1] if one is not tiles[-1] else tiles[0]
    return angle, sorted((one, other), key=lambda each: (each["at"], str(each["uid"])))


def _of_angle(found: list[PhotoSet], angle: str) -> list[dict[str, Any]]:
    rows = [photo for each in reversed(found) for photo in each.photos.all() if photo.angle == angle]
    return [tile(photo, authorized=False) for photo in rows]
