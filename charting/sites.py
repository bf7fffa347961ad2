"""Names for places on the drawings: a point is suggested the nearest, and whoever has no mouse chooses one. Pure.

Left and right are the patient's own. Coordinates here are those of the drawings, 320 × 380.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charting.models.injections import View

WIDTH: Final = 320
HEIGHT: Final = 380
THOUSAND: Final = 1000


@dataclass(frozen=True)
class Site:
    """A named place of one drawing, in thousandths of its width and height."""

    key: str
    name: str | Promise
    view: str
    x: int
    y: int


FRONT: Final = (
    ("glabella", _("Glabella"), 160, 152),
    ("forehead", _("Forehead, centre"), 160, 106),
    ("forehead_right", _("Forehead, right"), 128, 108),
    ("forehead_left", _("Forehead, left"), 192, 108),
    ("brow_right", _("Brow, right"), 116, 150),
    ("brow_left", _("Brow, left"), 204, 150),
    ("canthal_right", _("Lateral canthal, right"), 90, 192),
    ("canthal_left", _("Lateral canthal, left"), 230, 192),
    ("tear_right", _("Tear trough, right"), 122, 210),
    ("tear_left", _("Tear trough, left"), 198, 210),
    ("nose", _("Nose"), 160, 218),
    ("cheek_right", _("Cheek, right"), 106, 234),
    ("cheek_left", _("Cheek, left"), 214, 234),
    ("fold_right", _("Nasolabial fold, right"), 131, 258),
    ("fold_left", _("Nasolabial fold, left"), 189, 258),
    ("upper_lip", _("Upper lip"), 160, 271),
    ("lower_lip", _("Lower lip"), 160, 287),
    ("marionette_right", _("Marionette line, right"), 130, 296),
    ("marionette_left", _("Marionette line, left"), 190, 296),
    ("chin", _("Chin"), 160, 317),
    ("masseter_right", _("Masseter, right"), 93, 268),
    ("masseter_left", _("Masseter, left"), 227, 268),
    ("jaw_right", _("Jawline, right"), 111, 304),
    ("jaw_left", _("Jawline, left"), 209, 304),
    ("neck", _("Neck"), 160, 354),
)
SIDE: Final = (
    ("forehead", _("Forehead"), 106, 96),
    ("brow", _("Brow"), 94, 142),
    ("temple", _("Temple"), 158, 140),
    ("canthal", _("Lateral canthal"), 122, 168),
    ("nose", _("Nose"), 68, 206),
    ("cheek", _("Cheek"), 128, 214),
    ("fold", _("Nasolabial fold"), 96, 240),
    ("lips", _("Lips"), 82, 262),
    ("chin", _("Chin"), 94, 308),
    ("masseter", _("Masseter"), 168, 256),
    ("jaw", _("Jawline"), 140, 300),
    ("neck", _("Neck"), 190, 346),
)
BODY_FRONT: Final = (
    ("neck", _("Neck"), 160, 70),
    ("decollete", _("Décolleté"), 160, 102),
    ("axilla_right", _("Axilla, right"), 122, 116),
    ("axilla_left", _("Axilla, left"), 198, 116),
    ("arm_right", _("Upper arm, right"), 104, 130),
    ("arm_left", _("Upper arm, left"), 216, 130),
    ("forearm_right", _("Forearm, right"), 92, 176),
    ("forearm_left", _("Forearm, left"), 228, 176),
    ("hand_right", _("Hand, right"), 82, 214),
    ("hand_left", _("Hand, left"), 238, 214),
    ("abdomen", _("Abdomen"), 160, 164),
    ("flank_right", _("Flank, right"), 132, 166),
    ("flank_left", _("Flank, left"), 188, 166),
    ("thigh_right", _("Thigh, right"), 141, 244),
    ("thigh_left", _("Thigh, left"), 179, 244),
    ("knee_right", _("Knee, right"), 142, 282),
    ("knee_left", _("Knee, left"), 178, 282),
    ("shin_right", _("Lower leg, right"), 143, 320),
    ("shin_left", _("Lower leg, left"), 177, 320),
)
BODY_BACK: Final = (
    ("nape", _("Nape"), 160, 68),
    ("trapezius_left", _("Trapezius, left"), 138, 90),
    ("trapezius_right", _("Trapezius, right"), 182, 90),
    ("upper_back", _("Upper back"), 160, 116),
    ("lower_back", _("Lower back"), 160, 168),
    ("arm_left", _("Upper arm, left"), 104, 130),
    ("arm_right", _("Upper arm, right"), 216, 130),
    ("palm_left", _("Palm, left"), 82, 214),
    ("palm_right", _("Palm, right"), 238, 214),
    ("buttock_left", _("Buttock, left"), 142, 206),
    ("buttock_right", _("Buttock, right"), 178, 206),
    ("thigh_left", _("Back of thigh, left"), 141, 250),
    ("thigh_right", _("Back of thigh, right"), 179, 250),
    ("calf_left", _("Calf, left"), 143, 314),
    ("calf_right", _("Calf, right"), 177, 314),
)


def _on(
    view: View, rows: tuple[tuple[str, str | Promise, int, int], ...], *, mirrored: bool = False
) -> list[Site]:
    return [
        Site(
            f"{view}.{key}",
            name,
            view,
            round((WIDTH - x if mirrored else x) * THOUSAND / WIDTH),
            round(y * THOUSAND / HEIGHT),
        )
        for key, name, x, y in rows
    ]


SITES: Final = (
    *_on(View.FACE_FRONT, FRONT),
    *_on(View.FACE_LEFT, SIDE),
    *_on(View.FACE_RIGHT, SIDE, mirrored=True),
    *_on(View.BODY_FRONT, BODY_FRONT),
    *_on(View.BODY_BACK, BODY_BACK),
)
BY_KEY: Final = {site.key: site for site in SITES}


def of_view(view: str) -> list[Site]:
    return [site for site in SITES if site.view == view]


def nearest(view: str, x: int, y: int) -> Site:
    """The site that the point is suggested to be at; the drawings are higher than wide."""

    def away(site: Site) -> float:
        return ((site.x - x) * WIDTH) ** 2 + ((site.y - y) * HEIGHT) ** 2

    return min(of_view(view), key=away)
