"""The only way to a photo: the right, the care team and the trail. Each opening of an image is an event of its own."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, When

from accounts.access import Anybody, may, require_object
from accounts.actors import actor_for
from audit.actors import Actor
from audit.trail import note_read
from core.problems import NotFound
from patients.access import get_record
from patients.cursors import Place, next_place
from patients.models import Person
from photos.models import Image, ImageKind, Photo, PhotoSet, Purpose, Release
from practice.models import Service

PAGE = 50
MOST_COMPARED = 200
_SHOWN_TO_PATIENT = Q(releases__purpose=Purpose.PATIENT, releases__revoked_at=None, archived_at=None)


def get_photo(user: Anybody, uid: UUID, *, to: str = "photos.view") -> Photo:
    """The photo, if its patient's record is open to `user`; 404, or BreakGlassNeeded, otherwise."""
    require_object(user, to)
    photo = _photos().filter(uid=uid).first()
    if photo is None:
        raise NotFound
    photo.photo_set.person = get_record(user, photo.person.uid, to=to)
    return photo


def get_set(user: Anybody, uid: UUID, *, to: str = "photos.view") -> PhotoSet:
    require_object(user, to)
    found = PhotoSet.objects.select_related("person", "service").filter(uid=uid).first()
    if found is None:
        raise NotFound
    found.person = get_record(user, found.person.uid, to=to)
    return found


def open_image(user: Anybody, uid: UUID, *, kind: str = ImageKind.ORIGINAL) -> Image:
    """The sealed file of a photo, with the event that somebody looks at it."""
    staff = require_object(user, "photos.view")
    photo = get_photo(user, uid)
    return _opened(photo, kind, by=actor_for(staff))


def sets_of(person: Person, *, archived: bool = False) -> list[PhotoSet]:
    """The sittings, the newest first, each with its photos. The record is open to whoever asks (get_record)."""
    photos = _photos().filter(archived_at__isnull=not archived).order_by("pk")
    rows = PhotoSet.objects.filter(person=person).select_related("service", "person")
    found = rows.order_by("-taken_at", "-pk").prefetch_related(Prefetch("photos", queryset=photos))
    return [each for each in found if each.photos.all()]


def photos_of(user: Anybody, uid: UUID, *, before: Place | None = None) -> tuple[list[Photo], str | None]:
    """For programs: the newest sitting first, a page at a time."""
    person = get_record(user, uid, to="photos.view")
    return _page(_photos().filter(photo_set__person=person), before)


def own_photos(person: Person, *, by: Actor, before: Place | None = None) -> tuple[list[Photo], str | None]:
    """What the clinic released to the patient."""
    note_read("photo.list_viewed", by=by, on=person, patient=person.uid)
    return _page(_photos().filter(_SHOWN_TO_PATIENT, photo_set__person=person), before)


def own_by_angle(person: Person, *, by: Actor) -> dict[str, list[Photo]]:
    """What can be compared: the released photos of each angle that was taken twice, the oldest first."""
    note_read("photo.list_viewed", by=by, on=person, patient=person.uid)
    rows = _photos().filter(_SHOWN_TO_PATIENT, photo_set__person=person)
    found: dict[str, list[Photo]] = {}
    for photo in rows.order_by("photo_set__taken_at", "uid")[:MOST_COMPARED]:
        found.setdefault(photo.angle, []).append(photo)
    return {angle: photos for angle, photos in found.items() if len(photos) > 1}


def count_own(person: Person) -> int:
    return Photo.objects.filter(_SHOWN_TO_PATIENT, photo_set__person=person).count()


def open_own_image(person: Person, uid: UUID, *, by: Actor, kind: str = ImageKind.ORIGINAL) -> Image:
    """One of them, by the patient or whoever looks after them; 404 for all others."""
    photo = _photos().filter(_SHOWN_TO_PATIENT, photo_set__person=person, uid=uid).first()
    if photo is None:
        raise NotFound
    return _opened(photo, kind, by=by)


def person_of_released(uid: UUID) -> Person:
    """Whose photo it is, if it was released to its patient at all."""
    photo = _photos().filter(_SHOWN_TO_PATIENT, uid=uid).first()
    if photo is None:
        raise NotFound
    return photo.person


def earlier_photo(person: Person, angle: str, *, at: datetime) -> Photo | None:
    """The newest photo from that angle taken before: the ghost when the next one is taken."""
    rows = _photos().filter(photo_set__person=person, angle=angle, archived_at=None)
    return rows.filter(photo_set__taken_at__lt=at).order_by("-photo_set__taken_at", "-pk").first()


def last_photo(user: Anybody, person: Person, *, visits: Collection[UUID], service: Service) -> Photo | None:
    """The newest of those visits; else of that service. The record is open to whoever asks; showing the image is an
    event of its own (open_image)."""
    if not may(user, "photos.view"):
        return None
    rows = _photos().filter(photo_set__person=person, archived_at=None)
    rows = rows.filter(Q(photo_set__visit__in=visits) | Q(photo_set__service=service))
    of_visits = Case(When(photo_set__visit__in=visits, then=0), default=1)
    return rows.order_by(of_visits, "-photo_set__taken_at", "pk").first()


def _photos() -> QuerySet[Photo]:
    live = Release.objects.filter(revoked_at=None)
    return Photo.objects.select_related("photo_set__person", "photo_set__service").prefetch_related(
        "images", Prefetch("releases", queryset=live)
    )


def _page(rows: QuerySet[Photo], before: Place | None) -> tuple[list[Photo], str | None]:
    if before is not None:
        rows = rows.filter(before.condition("photo_set__taken_at", "uid"))
    found = list(rows.order_by("-photo_set__taken_at", "-uid")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, next_place(found[-1].photo_set.taken_at, found[-1].uid) if more else None


def _opened(photo: Photo, kind: str, *, by: Actor) -> Image:
    image = next((each for each in photo.images.all() if each.kind == kind), None)
    if image is None:
        raise NotFound
    verb = "photo.opened" if kind == ImageKind.ORIGINAL else "photo.thumbnail_shown"
    note_read(verb, by=by, on=photo, patient=photo.person.uid, alone=True)
    return image
