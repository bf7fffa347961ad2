"""Which angles are taken, what a mark may be, how large a file may be: no database."""

import math
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.problems import Failure, failure
from core.text import TextProblem, clean_text
from photos.models import AREA, FACE, Angle

MOST_THUMBNAIL: Final = 256 * 1024
LONGEST_NOTE: Final = 1000
MOST_MARKS: Final = 60
MOST_POINTS: Final = 400
LONGEST_WORDS: Final = 80
MARK_KINDS: Final = {"arrow": 2, "circle": 2, "pen": MOST_POINTS, "text": 1}
TONES: Final = frozenset({"red", "blue", "white", "black"})
_BODY_WORDS: Final = ("laser", "tattoo", "hair", "body", "leg", "back", "arm", "scar", "vein")


def usual_angles(name: str) -> tuple[str, ...]:
    """Where nobody configured anything: the face from five sides, or the treated area, by the service's name."""
    lowered = name.lower()
    return AREA if any(word in lowered for word in _BODY_WORDS) else FACE


def read_angles(given: Any) -> list[str]:
    """Known angles, each once, in the order of the list; ValueError for none or strangers."""
    found = list(dict.fromkeys(given))
    if not found or set(found) - set(Angle.values):
        raise ValueError("unknown angles")
    return [str(each) for each in found]


def read_marks(given: Any) -> tuple[list[dict[str, Any]], list[Failure]]:
    """What is drawn beside a photo, in coordinates from 0 to 1 of its width and height; and what is wrong with it."""
    if not isinstance(given, list) or len(given) > MOST_MARKS:
        told = _("At most %(count)s marks fit on one photo.") % {"count": MOST_MARKS}
        return [], [failure("marks", "too_many", told)]
    read = [_mark(each) for each in given]
    marks = [each for each in read if each is not None]
    if len(marks) < len(read):
        return [], [failure("marks", "invalid", _("This drawing cannot be read. Draw it again, please."))]
    return marks, []


def _mark(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        return None
    kind, tone, points = given.get("kind"), given.get("tone"), given.get("points")
    if kind not in MARK_KINDS or tone not in TONES or not isinstance(points, list):
        return None
    least = min(MARK_KINDS[kind], 2)
    if not least <= len(points) <= MARK_KINDS[kind] or not all(_is_point(each) for each in points):
        return None
    mark: dict[str, Any] = {
        "kind": kind,
        "tone": tone,
        "points": [[round(float(x), 4), round(float(y), 4)] for x, y in points],
    }
    if kind == "text":
        try:
            mark["text"] = clean_text(str(given.get("text") or ""), LONGEST_WORDS)
        except TextProblem:
            return None
        if not mark["text"]:
            return None
    return mark


def _is_point(given: Any) -> bool:
    return (
        isinstance(given, list)
        and len(given) == 2
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in given)
        and all(math.isfinite(each) and 0 <= each <= 1 for each in given)
    )
