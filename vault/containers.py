"""Photo container v1: a file sealed in chunks, so that it never lies in the clear and opens only whole.

"MSPH" ‖ version 1 ‖ suite 1 ‖ key id 16 ‖ photo id 16 ‖ salt 32 ‖ chunk size 4 ‖ commitment 32
‖ header tag 16 ‖ chunk and tag ‖ … ‖ last chunk and tag
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.derive import SALT_BYTES, SUITE, TAG_BYTES, VERSION, Place, context_of, derive, refuse_other_key
from vault.errors import Damaged
from vault.tags import PHOTO_BODY

MAGIC: Final = b"MSPH" + bytes([VERSION, SUITE])
HEADER_BYTES: Final = 106
BODY_AT: Final = HEADER_BYTES + TAG_BYTES
MIN_CHUNK: Final = 4 * 1024
MAX_CHUNK: Final = 1024 * 1024
MAX_CHUNKS: Final = 2**32 - 2
HEADER_NONCE: Final = b"\xff" * 12


@dataclass(frozen=True)
class Header:
    key_id: UUID
    photo: UUID
    salt: bytes
    chunk: int
    commitment: bytes

    def as_bytes(self) -> bytes:
        return b"".join(
            (
                MAGIC,
                self.key_id.bytes,
                self.photo.bytes,
                self.salt,
                self.chunk.to_bytes(4, "big"),
                self.commitment,
            )
        )


def read_header(data: bytes | memoryview) -> Header:
    """What the container says of itself; nothing of it is trusted before its tag is checked."""
    raw = bytes(data[:HEADER_BYTES])
    if len(raw) < HEADER_BYTES or raw[:6] != MAGIC:
        raise Damaged("not a photo container of this version")
    chunk = int.from_bytes(raw[70:74], "big")
    if not MIN_CHUNK <= chunk <= MAX_CHUNK:
        raise Damaged("the chunk size is out of bounds")
    return Header(UUID(bytes=raw[6:22]), UUID(bytes=raw[22:38]), raw[38:70], chunk, raw[74:106])


class _Chunks:
    """The cipher of one container: each chunk bound to its place and to being last or not."""

    def __init__(self, message_key: bytes, header: bytes, context: bytes) -> None:
        self._cipher = AESGCM(message_key)
        self._header = header + context
        self._bound = sha256(self._header).digest()

    def header_tag(self) -> bytes:
        return self._cipher.encrypt(HEADER_NONCE, b"", self._header)

    def check_header(self, tag: bytes) -> None:
        self._cipher.decrypt(HEADER_NONCE, tag, self._header)

    def _nonce_and_aad(self, index: int, final: bool) -> tuple[bytes, bytes]:
        where = index.to_bytes(4, "big") + bytes([final])
        return bytes(7) + where, self._bound + where

    def seal(self, index: int, plain: bytes, *, final: bool) -> bytes:
        nonce, aad = self._nonce_and_aad(index, final)
        return self._cipher.encrypt(nonce, plain, aad)

    def open(self, index: int, sealed: bytes | memoryview, *, final: bool) -> bytes:
        nonce, aad = self._nonce_and_aad(index, final)
        return self._cipher.decrypt(nonce, sealed, aad)


def seal_stream(
    key: bytes,
    key_id: UUID,
    *,
    clinic: UUID,
    photo: UUID,
    parts: Iterable[bytes],
    chunk: int = MAX_CHUNK,
    salt: bytes | None = None,
) -> Iterator[bytes]:
    """The container piece by piece, as the parts come; an empty file is one empty last chunk."""
    if not MIN_CHUNK <= chunk <= MAX_CHUNK:
        raise ValueError("the chunk size is out of bounds")
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    context = context_of(Place(clinic, PHOTO_BODY, photo), key_id)
    message_key, commitment = derive(key, salt, MAGIC + context)
    header = Header(key_id, photo, salt, chunk, commitment).as_bytes()
    chunks = _Chunks(message_key, header, context)
    yield header + chunks.header_tag()
    index, waiting = 0, bytearray()
    for part in parts:
        waiting += part
        # One chunk stays back: only at the end is it known which is the last.
        while len(waiting) > chunk:
            if index >= MAX_CHUNKS:
                raise ValueError("the file has too many chunks")
            yield chunks.seal(index, bytes(waiting[:chunk]), final=False)
            del waiting[:chunk]
            index += 1
    yield chunks.seal(index, bytes(waiting), final=True)


def open_whole(key: bytes, *, clinic: UUID, photo: UUID, data: bytes | bytearray | memoryview) -> bytes:
    """The file, verified to its last byte before the first is given out; Damaged otherwise."""
    view = memoryview(data)
    header = read_header(view)
    if header.photo != photo:
        raise Damaged("the container is of another photo")
    context = context_of(Place(clinic, PHOTO_BODY, photo), header.key_id)
    message_key, expected = derive(key, header.salt, MAGIC + context)
    refuse_other_key(header.commitment, expected)
    chunks = _Chunks(message_key, header.as_bytes(), context)
    try:
        chunks.check_header(bytes(view[HEADER_BYTES:BODY_AT]))
        return b"".join(_opened(chunks, view[BODY_AT:], header.chunk))
    except InvalidTag:
        raise Damaged("the container was changed") from None


def _opened(chunks: _Chunks, body: memoryview, chunk: int) -> Iterator[bytes]:
    step = chunk + TAG_BYTES
    count = -(-len(body) // step)
    last = len(body) - step * (count - 1)
    # An empty chunk is right only as the whole of an empty file, so that each file has one form.
    if count == 0 or last < TAG_BYTES or (last == TAG_BYTES and count > 1):
        raise Damaged("the container was cut")
    for index in range(count):
        yield chunks.open(index, body[index * step : (index + 1) * step], final=index == count - 1)
