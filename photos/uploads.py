"""The two files of a photo, and what is expected of them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from files.images import ImageWalk
from files.uploads import Expected, Fields
from photos.models import ImageKind
from photos.rules import MOST_THUMBNAIL
from vault.tags import PHOTO_BODY

_MISSING: Final = _("Choose or take a photo.")
KINDS: Final = {"photo": ImageKind.ORIGINAL, "thumbnail": ImageKind.THUMBNAIL}
EXPECTED: Final[Fields] = {
    "photo": Expected(
        ImageWalk, PHOTO_BODY, _("This image is larger than 12 MB. Make it smaller, please."), _MISSING
    ),
    "thumbnail": Expected(
        ImageWalk,
        PHOTO_BODY,
        _("This image is larger than 256 KB. Make it smaller, please."),
        _MISSING,
        most=MOST_THUMBNAIL,
    ),
}
