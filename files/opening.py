"""A sealed file on its way out: fetched once, verified whole, opened in its own memory, sent as what it is.

At most two at a time a worker, each at most 12 MiB: more wait a moment, then are asked to come back.
"""

import logging
import weakref
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.problems import Problem, Unavailable
from files import storage
from files.models import SealedFile
from vault.errors import VaultError
from vault.sealing import open_file

log = logging.getLogger(__name__)
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 3.0
PIECE: Final = 64 * 1024
POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_slots = BoundedSemaphore(AT_ONCE)


class FileUnreadable(Problem):
    """Each kind of file has its own word and sentence for it."""

    status = 410


class OpenedFile(HttpResponse):
    """The clear file, in pieces out of the one memory that holds it; its place is free again when it has left."""

    def __init__(self, file: SealedFile, plain: memoryview, release: Callable[[], None]) -> None:
        super().__init__(content_type=file.media_type)
        self._container = [plain]
        self._leaving = False
        self["Content-Length"] = str(len(plain))
        self["Cache-Control"] = "no-store"
        self["Content-Security-Policy"] = POLICY
        self["X-Content-Type-Options"] = "nosniff"
        self._release = release

    def close(self) -> None:
        super().close()
        if self._leaving:
            self._container = []  # whatever else holds this answer, its memory is free
        self._release()

    def __iter__(self) -> Iterator[bytes]:
        self._leaving = True
        return (bytes(part[at : at + PIECE]) for part in self._container for at in range(0, len(part), PIECE))


def file_response(
    file: SealedFile,
    *,
    body: str,
    unreadable: type[FileUnreadable],
    saved_as: str = "",
    small: bool = False,
) -> HttpResponse:
    """The file, whole; `unreadable`, or Unavailable with when to ask again, otherwise.

    With a name in `saved_as` a browser stores it and shows nothing; a small one takes no place.
    """
    release = _nothing if small else _take_slot()
    try:
        response = OpenedFile(file, _plain(file, body, unreadable), release)
    except BaseException:
        release()
        raise
    response["Content-Disposition"] = f'attachment; filename="{saved_as}"' if saved_as else "inline"
    # An answer that is replaced on its way out is never closed.
    weakref.finalize(response, release)
    return response


def _plain(file: SealedFile, body: str, unreadable: type[FileUnreadable]) -> memoryview:
    sealed = storage.fetch(file.object_key, size=file.sealed_size)
    if sealed is None:
        log.error("file %s is gone or of another size", file.uid)
        raise unreadable
    try:
        return open_file(sealed, file=file.uid, body=body)
    except VaultError as damage:
        log.warning("file %s cannot be opened: %s", file.uid, type(damage).__name__)
        raise unreadable from None


def _take_slot() -> Callable[[], None]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(
            _("Several files are being opened at this moment. Try again in a moment."), retry_after=2
        )
    taken = [True]

    def release() -> None:
        if taken:
            taken.pop()
            _slots.release()

    return release


def _nothing() -> None:
    """A small file takes no place."""
