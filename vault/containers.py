"""Photo container v1: a file sealed in chunks, so that it never lies in the clear and opens only whole.

Made for photos, and good for any file: `body` is the tag of what it holds, and no container opens as another kind.

"MSPH" ‖ version 1 ‖ suite 1 ‖ key id 16 ‖ photo id 16 ‖ salt 32 ‖ chunk size 4 ‖ commitment 32
‖ header tag 16 ‖ chunk and tag ‖ … ‖ last chunk and tag
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from mmap import mmap
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


def read_header(data: bytes | bytearray | memoryview | mmap) -> Header:
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

    def seal(self, index: int, plain: bytes | memoryview, buffer: memoryview, *, final: bool) -> None:
        """Ciphertext and tag into `buffer`, which may begin where `plain` lies."""
        nonce, aad = self._nonce_and_aad(index, final)
        self._cipher.encrypt_into(nonce, plain, aad, buffer)

    def open(self, index: int, sealed: memoryview, buffer: memoryview, *, final: bool) -> None:
        """The clear chunk into `buffer`, which may begin where `sealed` lies."""
        nonce, aad = self._nonce_and_aad(index, final)
        self._cipher.decrypt_into(nonce, sealed, aad, buffer)


class Sealer:
    """Seals a file while it arrives: `feed` each part, then `end`. What is clear never exceeds one chunk."""

    def __init__(
        self,
        key: bytes,
        key_id: UUID,
        *,
        clinic: UUID,
        photo: UUID,
        chunk: int = MAX_CHUNK,
        salt: bytes | None = None,
        body: str = PHOTO_BODY,
    ) -> None:
        if not MIN_CHUNK <= chunk <= MAX_CHUNK:
            raise ValueError("the chunk size is out of bounds")
        salt = os.urandom(SALT_BYTES) if salt is None else salt
        context = context_of(Place(clinic, body, photo), key_id.bytes)
        message_key, commitment = derive(key, salt, MAGIC + context)
        header = Header(key_id, photo, salt, chunk, commitment).as_bytes()
        self._chunks = _Chunks(message_key, header, context)
        self._chunk = chunk
        self._waiting = memoryview(bytearray(chunk + TAG_BYTES))
        self._filled = 0
        self._index = 0
        self.head = header + self._chunks.header_tag()

    def feed(self, part: bytes | memoryview) -> Iterator[memoryview]:
        """The chunks that became full, each to be used before the next is asked for."""
        rest = memoryview(part)
        while len(rest):
            # One chunk stays back: only at the end is it known which is the last.
            if self._filled == self._chunk:
                yield self._seal(final=False)
            fits = min(len(rest), self._chunk - self._filled)
            self._waiting[self._filled : self._filled + fits] = rest[:fits]
            self._filled += fits
            rest = rest[fits:]

    def end(self) -> memoryview:
        """The last chunk. An empty file is one empty last chunk."""
        return self._seal(final=True)

    def _seal(self, *, final: bool) -> memoryview:
        if self._index >= MAX_CHUNKS:
            raise ValueError("the file has too many chunks")
        sealed = self._waiting[: self._filled + TAG_BYTES]
        self._chunks.seal(self._index, self._waiting[: self._filled], sealed, final=final)
        self._index += 1
        self._filled = 0
        return sealed


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
    sealer = Sealer(key, key_id, clinic=clinic, photo=photo, chunk=chunk, salt=salt)
    yield sealer.head
    for part in parts:
        for sealed in sealer.feed(part):
            yield bytes(sealed)
    yield bytes(sealer.end())


def open_whole(key: bytes, *, clinic: UUID, photo: UUID, data: bytes | bytearray | memoryview) -> bytes:
    """The file, verified to its last byte before the first is given out; Damaged otherwise."""
    return bytes(open_in_place(key, clinic=clinic, photo=photo, data=bytearray(data)))


def open_in_place(
    key: bytes, *, clinic: UUID, photo: UUID, data: bytearray | mmap, body: str = PHOTO_BODY
) -> memoryview:
    """The same in the memory that holds the container, which is overwritten; Damaged gives nothing out."""
    view = memoryview(data)
    header = read_header(view)
    if header.photo != photo:
        raise Damaged("the container is of another photo")
    context = context_of(Place(clinic, body, photo), header.key_id.bytes)
    message_key, expected = derive(key, header.salt, MAGIC + context)
    refuse_other_key(header.commitment, expected)
    chunks = _Chunks(message_key, header.as_bytes(), context)
    try:
        chunks.check_header(bytes(view[HEADER_BYTES:BODY_AT]))
        return _opened(chunks, view, header.chunk)
    except InvalidTag:
        raise Damaged("the container was changed") from None


def _opened(chunks: _Chunks, view: memoryview, chunk: int) -> memoryview:
    """Each chunk is opened where it lies and then moved up to the one before it, so that the file is in one piece."""
    step, size = chunk + TAG_BYTES, len(view) - BODY_AT
    count = -(-size // step)
    last = size - step * (count - 1)
    # An empty chunk is right only as the whole of an empty file, so that each file has one form.
    if count == 0 or last < TAG_BYTES or (last == TAG_BYTES and count > 1):
        raise Damaged("the container was cut")
    filled = 0
    for index in range(count):
        sealed = view[BODY_AT + index * step : min(BODY_AT + (index + 1) * step, len(view))]
        plain = sealed[: len(sealed) - TAG_BYTES]
        chunks.open(index, sealed, plain, final=index == count - 1)
        view[filled : filled + len(plain)] = plain
        filled += len(plain)
    return view[:filled]
