"""A sealed file on its way out: fetched once, verified whole, opened in its own memory, sent as what it is.

At most two originals at a time a worker, each at most 12 MiB: more wait a moment, then are asked to come back.
"""

import logging
import weakref
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.problems import Problem, Unavailable
from photos import storage
from photos.models import Image, ImageKind
from vault.errors import VaultError
from vault.sealing import open_photo

log = logging.getLogger(__name__)
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 3.0
PIECE: Final = 64 * 1024
POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_slots = BoundedSemaphore(AT_ONCE)


class PhotoUnreadable(Problem):
    type = "photo-unreadable"
    title = _("This photo cannot be opened")
    status = 410
    default_detail = _(
        "The stored file is gone or was changed, so nothing of it is shown. Other photos are not touched by this. "
        "Whoever runs this system can look for it in a backup."
    )


class OpenedImage(HttpResponse):
    """The clear image, in pieces out of the one memory that holds it; its place is free again when it has left."""

    def __init__(self, image: Image, plain: memoryview, release: Callable[[], None]) -> None:
        super().__init__(content_type=image.media_type)
        self._container = [plain]
        self["Content-Length"] = str(len(plain))
        self["Cache-Control"] = "no-store"
        self["Content-Security-Policy"] = POLICY
        self["Content-Disposition"] = "inline"
        self["X-Content-Type-Options"] = "nosniff"
        self._release = release

    def close(self) -> None:
        super().close()
        self._release()

    def __iter__(self) -> Iterator[bytes]:
        return (bytes(part[at : at + PIECE]) for part in self._container for at in range(0, len(part), PIECE))


def image_response(image: Image) -> HttpResponse:
    """The image, whole; PhotoUnreadable, or Unavailable with when to ask again, otherwise."""
    release = _take_slot() if image.kind == ImageKind.ORIGINAL else _nothing
    try:
        response = OpenedImage(image, _plain(image), release)
    except BaseException:
        release()
        raise
    # An answer that is replaced on its way out is never closed.
    weakref.finalize(response, release)
    return response


def _plain(image: Image) -> memoryview:
    sealed = storage.fetch(image.object_key, size=image.sealed_size)
    if sealed is None:
        log.error("the file of image %s is gone or of another size", image.uid)
        raise PhotoUnreadable
    try:
        return open_photo(sealed, photo=image.uid)
    except VaultError as damage:
        log.warning("image %s cannot be opened: %s", image.uid, type(damage).__name__)
        raise PhotoUnreadable from None


def _take_slot() -> Callable[[], None]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(
            _("Several photos are being opened at this moment. Try again in a moment."), retry_after=2
        )
    taken = [True]

    def release() -> None:
        if taken:
            taken.pop()
            _slots.release()

    return release


def _nothing() -> None:
    """A thumbnail takes no place."""
