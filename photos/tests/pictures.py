"""Photos for tests: the form that brings one, and one that lies in the store."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import actor_for
from files.tests.pictures import GREY, jpeg
from files.uploads import Incoming
from photos import actions, keeping
from photos.models import Purpose
from photos.uploads import EXPECTED
from tenants.context import enter


def form(person, *, photo=b"a jpeg", thumbnail=GREY, angle="front", **more):
    """What the capture page sends."""
    big = jpeg() if photo == b"a jpeg" else photo
    fields = {"patient": str(person.uid), "angle": angle, **more}
    files = {"photo": big, "thumbnail": thumbnail}
    return fields | {
        name: SimpleUploadedFile(f"{name}.jpg", data, "image/jpeg")
        for name, data in files.items()
        if data is not None
    }


def incoming(field, data, person):
    made = Incoming(field, EXPECTED[field], person.uid)
    made.take(data)
    made.finish()
    return made


def add_photo(house, person=None, *, angle="front", at=None, data=None, stage="before"):
    """A photo of Pat in the store, taken by the provider."""
    cast, at = house.cast, at or datetime.now(UTC)
    with enter(house.clinic):
        person = person or cast.pat
        by = actor_for(cast.users["provider"])
        photo_set = actions.begin_set(person, stage=stage, taken_at=at, by=by)
        files = {
            "photo": incoming("photo", data or jpeg(), person),
            "thumbnail": incoming("thumbnail", GREY, person),
        }
        return keeping.keep_photo(photo_set, angle, files, by=by, at=at)


def released_photo(house, **more):
    """The same, shown to the patient."""
    photo, cast = add_photo(house, **more), house.cast
    with enter(house.clinic):
        by = actor_for(cast.users["provider"])
        actions.release(photo, Purpose.PATIENT, site=None, by=by, at=datetime.now(UTC))
    return photo
