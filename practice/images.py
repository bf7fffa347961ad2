"""A logo's file, checked by walking its structure; no pixel is ever decoded. Pure: bytes in, bytes out.

What is kept is rebuilt from the parts that draw the picture: comments, EXIF and XMP stay behind, and a file with
anything before, after or between its parts is refused, so that it cannot be read as something else too.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_BYTES: Final = 1_048_576
MOST_PIXELS: Final = 4096  # a side
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
PNG_DRAWS: Final = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"pHYs",
    b"sBIT",
}
JPEG_SIZES: Final = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive
JPEG_DRAWS: Final = {0xC4, 0xDB, 0xDD, 0xE0, 0xE2, 0xEE} | JPEG_SIZES  # tables, sizes, JFIF, ICC, Adobe
WEBP_DRAWS: Final = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"}
WEBP_EXTRA: Final = {b"EXIF", b"XMP "}
WEBP_ANIMATION, WEBP_EXIF, WEBP_XMP = 0x02, 0x08, 0x04


class ImageProblem(ValueError):
    """Why a file cannot be the logo."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Picture:
    """A file that draws a picture and nothing else."""

    media_type: str
    width: int
    height: int
    content: bytes


def read_picture(content: bytes) -> Picture:
    """The picture, cleaned; ImageProblem says what is wrong with the file."""
    if len(content) > MOST_BYTES:
        raise too_large()
    try:
        picture = _reader(content)(content)
    except (struct.error, IndexError):
        raise _damaged() from None
    if not (1 <= picture.width <= MOST_PIXELS and 1 <= picture.height <= MOST_PIXELS):
        message = _("Use an image of at most 4096 by 4096 pixels.")
        raise ImageProblem("dimensions", message)
    return picture


def too_large() -> ImageProblem:
    return ImageProblem(
        "too_large", _("Use a file of at most 1 MB. Saving the logo at a smaller size helps.")
    )


def _damaged() -> ImageProblem:
    return ImageProblem("damaged", _("This image file is damaged. Save it again, then upload it."))


def _reader(content: bytes) -> Callable[[bytes], Picture]:
    if content.startswith(PNG_START):
        return _png
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp
    raise ImageProblem("not_an_image", _("This is not a PNG, JPEG or WebP image."))


def _png(content: bytes) -> Picture:
    kept: list[bytes] = [PNG_START]
    names: list[bytes] = []
    width = height = 0
    for name, data, whole in _png_chunks(content):
        if not names and (name != b"IHDR" or len(data) != 13):
            raise _damaged()
        if name == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
        if name not in PNG_DRAWS and not name[0] & 0x20:  # a critical part that we do not know
            raise _damaged()
        names.append(name)
        if name in PNG_DRAWS:
            kept.append(whole)
    if names.count(b"IHDR") != 1 or b"IDAT" not in names or names[-1] != b"IEND":
        raise _damaged()
    return Picture("image/png", width, height, b"".join(kept))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    place = len(PNG_START)
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        whole = content[place:end]
        if end > len(content) or zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise _damaged()
        yield name, whole[8:-4], whole
        place = end
        if name == b"IEND" and place != len(content):
            raise _damaged()


def _jpeg(content: bytes) -> Picture:
    kept, place, size, drawn = [content[:2]], 2, (0, 0), False
    while True:
        if content[place] != 0xFF:
            raise _damaged()
        marker = content[place + 1]
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(content) or marker in (0x00, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            raise _damaged()
        if marker in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            size = (width, height)
        if marker == 0xDA:
            end, drawn = _after_scan(content, end), True
        if marker in JPEG_DRAWS or marker == 0xDA:
            kept.append(content[place:end])
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            raise _damaged()
        place = end
    if not drawn or place + 2 != len(content):
        raise _damaged()
    return Picture("image/jpeg", *size, b"".join([*kept, b"\xff\xd9"]))


def _after_scan(content: bytes, place: int) -> int:
    """Where the drawn data ends: at the first marker that is neither stuffing nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise _damaged()
        following = content[place + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7:
            return place
        place += 2


def _webp(content: bytes) -> Picture:
    if struct.unpack_from("<I", content, 4)[0] + 8 != len(content):
        raise _damaged()
    kept: list[bytes] = []
    names: list[bytes] = []
    size = (0, 0)
    place = 12
    while place < len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        end = place + 8 + length + length % 2
        if end > len(content) or (name not in WEBP_DRAWS and name not in WEBP_EXTRA):
            raise _damaged()
        data = content[place + 8 : place + 8 + length]
        whole = content[place:end]
        if name in (b"VP8X", b"VP8 ", b"VP8L") and size == (0, 0):
            size = _webp_size(name, data)
        if name == b"VP8X":
            if data[0] & WEBP_ANIMATION:
                raise ImageProblem("animated", _("Use a still image; a logo does not move."))
            whole = whole[:8] + bytes([data[0] & ~(WEBP_EXIF | WEBP_XMP)]) + whole[9:]
        names.append(name)
        if name in WEBP_DRAWS:
            kept.append(whole)
        place = end
    if not {b"VP8 ", b"VP8L"} & set(names):
        raise _damaged()
    body = b"WEBP" + b"".join(kept)
    return Picture("image/webp", *size, b"RIFF" + struct.pack("<I", len(body)) + body)


def _webp_size(name: bytes, data: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 1)
        if data[0] != 0x2F:
            raise _damaged()
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if data[3:6] != b"\x9d\x01\x2a":
        raise _damaged()
    width, height = struct.unpack_from("<HH", data, 6)
    return width & 0x3FFF, height & 0x3FFF
