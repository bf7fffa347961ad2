"""What may come as a document: a plain PDF, or a plain image."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from files.images import ImageWalk
from files.pdfs import PdfWalk
from files.structure import Facts, Refused, Walk
from files.uploads import Expected, Fields
from vault.tags import DOCUMENT_BODY

IMAGES: Final = {b"\xff\xd8", b"\x89P", b"RI"}


class DocumentWalk:
    """Chosen by the first two bytes: never by the name, and never by what the browser says it is."""

    def __init__(self) -> None:
        self._start = b""
        self._walk: Walk | None = None

    def feed(self, data: bytes) -> None:
        if self._walk is None:
            data, self._start = self._start + data, b""
            if len(data) < 2:
                self._start = data
                return
            self._walk = self._choose(data[:2])
        self._walk.feed(data)

    def finish(self) -> Facts:
        if self._walk is None:
            raise _strange() if self._start else Refused("empty", _("This file is empty."))
        return self._walk.finish()

    def _choose(self, start: bytes) -> Walk:
        if start == b"%P":
            return PdfWalk()
        if start in IMAGES:
            return ImageWalk()
        raise _strange()


def _strange() -> Refused:
    return Refused("unknown_type", _("Choose a PDF, or a picture as JPEG or PNG."))


EXPECTED: Final[Fields] = {
    "file": Expected(
        DocumentWalk,
        DOCUMENT_BODY,
        _("This file is larger than 12 MB. Make it smaller, or send it in parts."),
        _("Choose a file."),
    )
}
