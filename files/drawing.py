"""Tiny PNGs of flat shapes, drawn by arithmetic: for the demo and for tests. Never of a person."""

import struct
import zlib
from collections.abc import Callable
from typing import Final

Colour = tuple[int, int, int]
Paint = Callable[[float, float], Colour]
START: Final = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, paint: Paint) -> bytes:
    """`paint` gets each place as two numbers from 0 to 1 and says its colour; 256 colours at most."""
    palette: dict[Colour, int] = {}
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            colour = paint((x + 0.5) / width, (y + 0.5) / height)
            rows.append(palette.setdefault(colour, len(palette)))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    return START + b"".join(
        _part(name, body)
        for name, body in (
            (b"IHDR", head),
            (b"PLTE", colours),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
    )


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
