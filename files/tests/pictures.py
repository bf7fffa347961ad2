"""Images for tests: bytes of every kind, right and wrong."""

import struct
import zlib

from files.drawing import png

GREY = png(8, 6, lambda x, y: (128, 128, 128))


def jpeg(*extra, scan=b"\x12\xff\x00\x34", width=8, height=6, end=b"\xff\xd9", frame=0xC0):
    """A JPEG whose segments are right; `extra` are segments before the frame."""

    def segment(marker, body):
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    frame_body = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            *(segment(marker, body) for marker, body in extra),
            segment(0xDB, b"\0" + bytes(64)),
            segment(frame, frame_body),
            segment(0xC4, b"\0" + bytes(16)),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            scan,
            end,
        )
    )


def part(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp(*chunks, size=None):
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body


LOSSY = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 8, 6) + b"data"
WEBP = webp((b"VP8 ", LOSSY))
