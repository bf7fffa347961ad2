"""Small real pictures, made by hand, and ways to spoil them."""

import struct
import zlib

PNG_START = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2, extra: bytes = b"", tail: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x80\x20\x40" * min(width, 8)) * min(height, 8))
    return PNG_START + head + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + tail


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(extra: bytes = b"", tail: bytes = b"") -> bytes:
    size = segment(0xC0, struct.pack(">BHHB", 8, 24, 32, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0")
        + extra
        + segment(0xDB, b"\0" * 65)
        + size
        + scan
        + b"\xff\xd9"
        + tail
    )


def webp(extra: bytes = b"", flags: int = 0, tail: bytes = b"") -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    wide = part(b"VP8X", bytes([flags, 0, 0, 0]) + (31).to_bytes(3, "little") + (23).to_bytes(3, "little"))
    body = b"WEBP" + wide + part(b"VP8L", b"\x2f" + b"\0" * 8) + (part(b"EXIF", extra) if extra else b"")
    return b"RIFF" + struct.pack("<I", len(body)) + body + tail
