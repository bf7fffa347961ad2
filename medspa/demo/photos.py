"""Sample photos of a few patients: flat shapes drawn by arithmetic, never of a person; sealed and stored as any other."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor
from files.drawing import Colour, png
from files.uploads import Incoming
from patients.models import Person
from photos import actions, keeping
from photos.models import Angle, Photo, Purpose
from photos.uploads import EXPECTED
from practice.models import Service

BIG, SMALL = (160, 200), (80, 100)
PAPER: Final = (236, 229, 219)
SKINS: Final = ((233, 196, 170), (198, 146, 112), (141, 93, 66))
INK: Final = (38, 52, 74)
FACES: Final = (Angle.FRONT, Angle.LEFT_45, Angle.RIGHT_45)
TURN: Final = {Angle.FRONT: 0.0, Angle.LEFT_45: -0.07, Angle.RIGHT_45: 0.07}
SITTINGS: Final = (("before", 84), ("after", 42), ("follow_up", 14))  # days ago
SOME: Final = 2  # patients of each kind


def take_photos(people: list[Person], *, at: datetime) -> int:
    """Of the first few; says how many. A second run finds them and does nothing."""
    if Photo.objects.exists():
        return 0
    user = User.objects.filter(role=Role.PROVIDER).order_by("created_at")[0]
    return sum(1 for _photo in _all(people, actor_for(user), at))


def _all(people: list[Person], by: Actor, at: datetime) -> Iterator[Photo]:
    face, tattoo = _service("botox"), _service("tattoo")
    for place, person in enumerate(people[: 2 * SOME]):
        for step, (stage, ago) in enumerate(SITTINGS):
            moment = at - timedelta(days=ago, minutes=17 * place)
            is_face = place % 2 == 0
            photo_set = actions.begin_set(
                person, stage=stage, taken_at=moment, service=face if is_face else tattoo, by=by
            )
            for angle in FACES if is_face else (Angle.CLOSE_UP,):
                kind = "face" if is_face else "tattoo"
                photo = _photo(photo_set.person, kind, angle, step, place // 2)
                kept = keeping.keep_photo(photo_set, angle, photo, by=by, at=moment)
                if place == 0 and step in (0, 2):
                    actions.release(kept, Purpose.PATIENT, site=None, by=by, at=at)
                yield kept


def _photo(person: Person, kind: str, angle: Angle, step: int, skin: int) -> dict[str, Incoming]:
    files = {}
    for field, size in (("photo", BIG), ("thumbnail", SMALL)):
        files[field] = Incoming(field, EXPECTED[field], person.uid)
        files[field].take(drawn(kind, angle, step, skin, size))
        files[field].finish()
    return files


@cache
def drawn(kind: str, angle: Angle, step: int, skin: int, size: tuple[int, int]) -> bytes:
    """The lines of a brow fade over the sittings, and so does the ink."""
    tone = SKINS[skin]
    if kind == "tattoo":
        return png(*size, lambda x, y: _tattoo(x, y, tone, 1 - step * 0.36))
    return png(*size, lambda x, y: _face(x - TURN[angle], y, tone, 1 - step * 0.45))


def _face(x: float, y: float, skin: Colour, lines: float) -> Colour:
    if ((x - 0.5) / 0.3) ** 2 + ((y - 0.48) / 0.36) ** 2 > 1:
        return _mixed(PAPER, skin, 0.8) if abs(x - 0.5) < 0.12 and y > 0.8 else PAPER
    for side in (0.39, 0.61):
        if ((x - side) / 0.05) ** 2 + ((y - 0.42) / 0.02) ** 2 < 1:
            return INK
        if abs(x - side) < 0.06 and abs(y - 0.36) < 0.008:
            return _mixed(skin, INK, 0.7)
    if abs(x - 0.5) < 0.012 and 0.44 < y < 0.56:
        return _mixed(skin, INK, 0.2)
    if abs(x - 0.5) < 0.08 and abs(y - 0.69 + 2 * (x - 0.5) ** 2) < 0.012:
        return (170, 84, 84)
    if abs(x - 0.5) < 0.15 and any(abs(y - line) < 0.005 for line in (0.22, 0.26, 0.3)):
        return _mixed(skin, INK, 0.45 * lines)
    return skin


def _tattoo(x: float, y: float, skin: Colour, ink: float) -> Colour:
    """A five-petalled sketch on a patch of skin."""
    across, down = (x - 0.5) * 0.8, y - 0.5
    far, turn = math.hypot(across, down), math.atan2(down, across)
    petal = 0.16 + 0.1 * math.cos(5 * turn)
    if (
        abs(far - petal) < 0.012
        or abs(far - 0.05) < 0.01
        or (far > petal and abs(across) < 0.008 and 0 < down < 0.42)
    ):
        return _mixed(skin, INK, max(ink, 0.1))
    return skin


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    a, b, c = (round(x + (y - x) * part) for x, y in zip(one, other, strict=True))
    return a, b, c


def _service(word: str) -> Service | None:
    return Service.objects.filter(name__icontains=word).order_by("pk").first()
