"""Whether bytes look like one plain PDF: a search along them as they pass, nothing parsed and nothing rendered.

Looked for are the header at the very beginning, the pointer and the end mark at the very end, and words of what a PDF can
do besides being read: scripts, programs it starts, files and films it carries, forms that send. They are found where they
stand plainly, also with letters written as #xx. They are not found inside compressed streams, which only a reader of PDFs
could unpack: so a PDF is never opened in our pages, only saved.
"""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from files.structure import Facts, Refused

PDF: Final = "application/pdf"
START: Final = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n ]")
END: Final = re.compile(rb"startxref[\r\n ]{1,3}(\d{1,10})[\r\n ]{1,3}%%EOF[\0\t\n\f\r ]{0,512}\Z")
HEAD_BYTES: Final = 9
TAIL_BYTES: Final = 1024
SEEN_AGAIN: Final = 96  # longer than any word that is looked for: one may lie across two pieces
ZIP_END: Final = b"PK\x05\x06"
ZIP_REACH: Final = 22 + 65_535  # so far from the end an archive may keep its directory


def _spelled(word: str) -> str:
    """The word, each letter as itself or as #xx."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word)


_LIVE: Final = ("JavaScript", "Launch", "EmbeddedFile", "RichMedia", "SubmitForm", "ImportData", "Rendition")
# An opening action that is a place to open at, in square brackets, is none: many programs write it.
ACTIVE: Final = re.compile(
    rf"/(?:{'|'.join(map(_spelled, _LIVE))}|{_spelled('OpenAction')}(?!\s{{0,32}}\[)|{_spelled('XFA')}[\s\[(<])".encode()
)
LOCKED: Final = re.compile(rb"/Encrypt[\s<]")
ANOTHER: Final = re.compile(rb"(?i:<script|<html|<\?php|<!doctype)")


class NotAPdf(Refused):
    """This is not one plain PDF."""


def _active() -> NotAPdf:
    told = _(
        "This PDF can do more than be read: it holds a script, a file or a form that sends. Print it to a new PDF, "
        "and send that one."
    )
    return NotAPdf("active_content", told)


def _locked() -> NotAPdf:
    told = _("This PDF is locked with a password. Save it without one, please.")
    return NotAPdf("locked", told)


def _strange() -> NotAPdf:
    return NotAPdf("not_a_pdf", _("This is not a plain PDF. Print it to a new PDF, and send that one."))


def _cut() -> NotAPdf:
    return NotAPdf("cut", _("This PDF is incomplete, or something follows its end. Save it again, please."))


class PdfWalk:
    """Keeps the last kilobyte, never the file."""

    def __init__(self) -> None:
        self._head = b""
        self._window = b""
        self._tail = b""
        self._size = 0
        self._archive = -1

    def feed(self, data: bytes) -> None:
        if len(self._head) < HEAD_BYTES:
            self._head = (self._head + data)[:HEAD_BYTES]
            if len(self._head) == HEAD_BYTES and not START.match(self._head):
                raise _strange()
        window = self._window + data
        self._look(window, final=False)
        self._size += len(data)
        self._window = window[-SEEN_AGAIN:]
        self._tail = (self._tail + data)[-TAIL_BYTES:]

    def finish(self) -> Facts:
        if not START.match(self._head):
            raise _strange()
        self._look(self._window, final=True)
        end = END.search(self._tail)
        if end is None or int(end[1]) >= self._size:
            raise _cut()
        if self._archive >= 0 and self._size - self._archive <= ZIP_REACH:
            raise _strange()
        return Facts(PDF)

    def _look(self, window: bytes, *, final: bool) -> None:
        """What begins within the last bytes is judged with the next piece, when all of it is there."""
        until = len(window) if final else len(window) - SEEN_AGAIN
        for pattern, why in ((ACTIVE, _active), (LOCKED, _locked), (ANOTHER, _strange)):
            if (found := pattern.search(window)) is not None and found.start() < until:
                raise why()
        at = window.rfind(ZIP_END)
        if at >= 0:
            self._archive = max(self._archive, self._size - len(self._window) + at)
