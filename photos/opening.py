"""A photo on its way out."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from files.opening import FileUnreadable, file_response
from photos.models import Image, ImageKind
from vault.tags import PHOTO_BODY


class PhotoUnreadable(FileUnreadable):
    type = "photo-unreadable"
    title = _("This photo cannot be opened")
    default_detail = _(
        "The stored file is gone or was changed, so nothing of it is shown. Other photos are not touched by this. "
        "Whoever runs this system can look for it in a backup."
    )


def image_response(image: Image) -> HttpResponse:
    """The image, whole; PhotoUnreadable, or Unavailable with when to ask again, otherwise."""
    small = image.kind == ImageKind.THUMBNAIL
    return file_response(image, body=PHOTO_BODY, unreadable=PhotoUnreadable, small=small)
