"""Images and photos for tests: bytes of every kind, and a photo that lies in the store."""

import struct
import zlib
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import actor_for
from photos import actions, keeping
from photos.drawing import png
from photos.models import Purpose
from photos.uploads import Incoming
from tenants.context import enter

GREY = png(8, 6, lambda x, y: (128, 128, 128))


def jpeg(*extra, scan=b"\x12\xff\x00\x34", width=8, height=6, end=b"\xff\xd9", frame=0xC0):
    """A JPEG whose segments are right; `extra` are segments before the frame."""

    def segment(marker, body):
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    frame_body = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            *(segment(marker, body) for marker, body in extra),
            segment(0xDB, b"\0" + bytes(64)),
            segment(frame, frame_body),
            segment(0xC4, b"\0" + bytes(16)),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            scan,
            end,
        )
    )


def part(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp(*chunks, size=None):
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body


LOSSY = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 8, 6) + b"data"
WEBP = webp((b"VP8 ", LOSSY))


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
    made = Incoming(field, person.uid)
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


def released_photo(house):
    """The same, shown to the patient."""
    photo, cast = add_photo(house), house.cast
    with enter(house.clinic):
        by = actor_for(cast.users["provider"])
        actions.release(photo, Purpose.PATIENT, by=by, at=datetime.now(UTC))
    return photo
