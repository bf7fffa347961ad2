"""Whether bytes are one plain image and nothing else: a walk over their structure as they pass, no pixel decoded.

JPEG by its segments to EOI, PNG and WebP by the sizes of their chunks. Refused: what is cut, what goes on after the
end (another file hidden behind), and every segment that could carry EXIF, XMP, a profile, a comment or a second image.
"""

import zlib
from collections.abc import Generator
from typing import Final

from django.utils.translation import gettext_lazy as _

from files.structure import Facts, Refused

LONGEST_SIDE: Final = 8192
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS: Final = frozenset(
    (b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD")
)
_SIZES_SOF: Final = frozenset((0xC0, 0xC1, 0xC2))  # baseline, extended, progressive; all with Huffman codes
_TABLES: Final = frozenset((0xDB, 0xC4, 0xDD))
_APP0, _APP14, _SOS, _EOI = 0xE0, 0xEE, 0xDA, 0xD9
_LOSSY, _LOSSLESS, _EXTENDED, _ALPHA = b"VP8 ", b"VP8L", b"VP8X", b"ALPH"
_ONLY_ALPHA: Final = 0x10


class NotAnImage(Refused):
    """This is not one plain image."""


# A walk asks for so many bytes and gets them; a negative number asks to pass so many by, and gets nothing.
Steps = Generator[int, bytes, Facts]
_SCAN: Final = 0  # asks for the next marker of a JPEG's scan, and gets its second byte


def _cut() -> NotAnImage:
    return NotAnImage("cut", _("This image is incomplete. Take it or choose it again."))


def _strange() -> NotAnImage:
    return NotAnImage("not_an_image", _("This is not a JPEG, PNG or WebP image."))


def _carries() -> NotAnImage:
    told = _("This image carries more than a picture, such as the place it was taken. Save it without that.")
    return NotAnImage("metadata", told)


class ImageWalk:
    """Feed it every byte, then ask `finish` for the facts. Keeps a few bytes, never the image."""

    def __init__(self) -> None:
        self._steps = _image()
        self._wanted = next(self._steps)
        self._kept = bytearray()
        self._after_ff = False
        self._facts: Facts | None = None
        self._empty = True

    def feed(self, data: bytes) -> None:
        """NotAnImage as soon as it is known."""
        self._empty = self._empty and not data
        at = 0
        while at < len(data):
            if self._facts is not None:
                raise NotAnImage(
                    "trailing", _("Something follows the end of this image. Save it again, please.")
                )
            at = self._scan(data, at) if self._wanted == _SCAN else self._take(data, at)

    def finish(self) -> Facts:
        if self._empty:
            raise NotAnImage("empty", _("This file is empty."))
        if self._facts is None:
            raise _cut()
        return self._facts

    def _take(self, data: bytes, at: int) -> int:
        if self._wanted < 0:
            passed = min(-self._wanted, len(data) - at)
            self._wanted += passed
            if self._wanted == 0:
                self._go_on(b"")
            return at + passed
        taken = min(self._wanted - len(self._kept), len(data) - at)
        self._kept += data[at : at + taken]
        if len(self._kept) == self._wanted:
            got = bytes(self._kept)
            self._kept.clear()
            self._go_on(got)
        return at + taken

    def _scan(self, data: bytes, at: int) -> int:
        """Through compressed data to the next marker that is neither a stuffed zero nor a restart."""
        while at < len(data):
            if not self._after_ff:
                found = data.find(b"\xff", at)
                if found < 0:
                    return len(data)
                self._after_ff, at = True, found + 1
                continue
            second = data[at]
            at += 1
            if second == 0xFF:
                continue
            self._after_ff = False
            if second != 0 and not 0xD0 <= second <= 0xD7:
                self._go_on(bytes([second]))
                return at
        return at

    def _go_on(self, got: bytes) -> None:
        try:
            self._wanted = self._steps.send(got)
        except StopIteration as ended:
            self._facts = ended.value


def _image() -> Steps:
    start = yield 2
    if start == b"\xff\xd8":
        return (yield from _jpeg())
    if start == _PNG_START[:2]:
        return (yield from _png())
    if start == b"RI":
        return (yield from _webp())
    raise _strange()


def _sized(media_type: str, width: int, height: int) -> Facts:
    if not width or not height:
        raise _strange()
    if max(width, height) > LONGEST_SIDE:
        told = _("This image is larger than %(side)s pixels on a side.") % {"side": LONGEST_SIDE}
        raise NotAnImage("too_many_pixels", told)
    return Facts(media_type, width, height)


# --- JPEG ---


def _jpeg() -> Steps:
    facts: Facts | None = None
    scans = 0
    marker = yield from _marker()
    while marker != _EOI:
        size = int.from_bytes((yield 2), "big") - 2
        if size < 0:
            raise _strange()
        if marker in _SIZES_SOF:
            if facts is not None or size < 6:
                raise _strange()
            head = yield 6
            facts = _sized(JPEG, int.from_bytes(head[3:5], "big"), int.from_bytes(head[1:3], "big"))
            size -= 6
        elif marker in (_APP0, _APP14):
            yield from _known_app(marker, size)
            size = 0
        elif marker == _SOS:
            scans += 1
            if facts is None:
                raise _strange()
        elif 0xE1 <= marker <= 0xEF or marker == 0xFE:
            raise _carries()
        elif marker not in _TABLES:
            raise _strange()
        if size:
            yield -size
        marker = (yield _SCAN)[0] if marker == _SOS else (yield from _marker())
    if facts is None or not scans:
        raise _cut()
    return facts


def _marker() -> Generator[int, bytes, int]:
    first, second = yield 2
    if first != 0xFF:
        raise _strange()
    while second == 0xFF:
        second = (yield 1)[0]
    return second


def _known_app(marker: int, size: int) -> Generator[int, bytes, None]:
    """JFIF without a thumbnail of its own, and Adobe's word on colours; they have no room for more."""
    wanted, length = (b"JFIF\0", 14) if marker == _APP0 else (b"Adobe", 12)
    if size != length or not (yield size).startswith(wanted):
        raise _carries()


# --- PNG ---


def _png() -> Steps:
    if (yield 6) != _PNG_START[2:]:
        raise _strange()
    head = yield 25
    if head[:8] != b"\0\0\0\x0dIHDR" or zlib.crc32(head[4:21]) != int.from_bytes(head[21:], "big"):
        raise _strange()
    facts = _sized(PNG, int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big"))
    before, seen = b"IHDR", set[bytes]()
    while True:
        part = yield 8
        size, name = int.from_bytes(part[:4], "big"), part[4:]
        if name not in _PNG_PARTS:
            raise _carries()
        if name in seen and (name != b"IDAT" or before != b"IDAT"):
            raise _strange()
        if name == b"IEND":
            if size or b"IDAT" not in seen or (yield 4) != b"\xaeB`\x82":
                raise _strange()
            return facts
        if name != b"IDAT" and size > 1024:
            raise _carries()
        yield -(size + 4)
        seen.add(name)
        before = name


# --- WebP ---


def _webp() -> Steps:
    head = yield 10
    if head[:2] != b"FF" or head[6:] != b"WEBP":
        raise _strange()
    left = int.from_bytes(head[2:6], "little") - 4
    canvas: Facts | None = None
    picture: Facts | None = None
    seen: set[bytes] = set()
    while left > 0:
        part = yield 8
        name, size = part[:4], int.from_bytes(part[4:], "little")
        padded = size + size % 2
        left -= 8 + padded
        if name in seen or left < 0 or picture is not None:
            raise _strange()
        if name == _EXTENDED and not seen:
            canvas = yield from _extended(size)
        elif name == _ALPHA and canvas is not None and padded:
            yield -padded
        elif name in (_LOSSY, _LOSSLESS):
            picture = yield from _picture(name, size, padded)
        else:
            raise _carries()
        seen.add(name)
    if picture is None or left or (canvas is not None and canvas != picture):
        raise _strange()
    return picture


def _extended(size: int) -> Steps:
    if size != 10:
        raise _strange()
    told = yield 10
    if told[0] & ~_ONLY_ALPHA:
        raise _carries()  # EXIF, XMP, a profile or frames
    return _sized(WEBP, int.from_bytes(told[4:7], "little") + 1, int.from_bytes(told[7:10], "little") + 1)


def _picture(name: bytes, size: int, padded: int) -> Steps:
    least = 10 if name == _LOSSY else 5
    if size < least:
        raise _strange()
    head = yield least
    if name == _LOSSY:
        if head[3:6] != b"\x9d\x01\x2a":
            raise _strange()
        sides = [int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8)]
    else:
        bits = int.from_bytes(head[1:], "little")
        if head[0] != 0x2F:
            raise _strange()
        sides = [(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1]
    if padded > least:
        yield -(padded - least)
    return _sized(WEBP, *sides)
