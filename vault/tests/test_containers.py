"""Photo container v1: the published vector, and everything that must be refused."""

import random
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vault import containers
from vault.errors import Damaged

KEY = bytes(range(32))
KEY_ID = UUID(bytes=bytes(range(16)))
CLINIC = UUID(bytes=b"\x11" * 16)
PHOTO = UUID(bytes=b"\x22" * 16)
OTHER = UUID(bytes=b"\x99" * 16)
CHUNK = containers.MIN_CHUNK
STEP = CHUNK + 16
START = containers.BODY_AT


def sealed(parts, *, photo=PHOTO, chunk=CHUNK, salt=None, key=KEY):
    stream = containers.seal_stream(
        key, KEY_ID, clinic=CLINIC, photo=photo, parts=parts, chunk=chunk, salt=salt
    )
    return b"".join(stream)


def opened(data, *, photo=PHOTO, clinic=CLINIC, key=KEY):
    return containers.open_whole(key, clinic=clinic, photo=photo, data=data)


def refused(data, **where):
    with pytest.raises(Damaged):
        opened(data, **where)


FILE = random.Random(7).randbytes(CHUNK * 3 + 100)
WHOLE = sealed([FILE])
CHUNKS = [WHOLE[START + n * STEP : START + (n + 1) * STEP] for n in range(4)]
HEAD = WHOLE[:START]
SMALL = sealed([b"hello"])


def test_published_vector():
    data = sealed([b"A" * 200_000], chunk=65_536, salt=b"\x44" * 32)
    assert len(data) == 200_186
    assert sha256(data).hexdigest() == "6d9629d9a14263d2e39d5cd2af390fdd989e4fffa2965b8e58b1d996de016fc8"
    assert opened(data) == b"A" * 200_000


@given(st.lists(st.binary(max_size=6_000), max_size=6))
@settings(max_examples=50)
def test_comes_back_however_it_arrives(parts):
    assert opened(sealed(parts)) == b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_sizes_at_the_edges(size):
    data = sealed([b"x" * size])
    assert opened(data) == b"x" * size
    assert opened(bytearray(data)) == opened(memoryview(data)) == b"x" * size
    assert len(data) == START + size + 16 * max(1, -(-size // CHUNK))


@pytest.mark.parametrize(
    "chunks",
    [
        CHUNKS[:3],
        CHUNKS[1:],
        [CHUNKS[0], *CHUNKS[2:]],
        [CHUNKS[1], CHUNKS[0], *CHUNKS[2:]],
        [CHUNKS[0], *CHUNKS],
        [CHUNKS[3], *CHUNKS[1:]],
        [*CHUNKS, CHUNKS[3]],
        [],
        [*CHUNKS, b"\x00"],
        [*CHUNKS[:3], CHUNKS[3][:-1]],
        [*CHUNKS[:3], b""],
    ],
)
def test_chunks_dropped_moved_repeated_or_cut(chunks):
    refused(HEAD + b"".join(chunks))


def test_splices():
    other = sealed([FILE], photo=OTHER)
    twin = sealed([FILE])
    refused(HEAD + other[START:])
    refused(HEAD + twin[START:])
    refused(other)
    refused(HEAD + CHUNKS[0] + twin[START + STEP :])


def test_an_empty_last_chunk_after_full_ones_is_another_form_and_refused():
    full = sealed([b"x" * CHUNK])
    refused(full + full[-16:])


def test_no_other_place_and_no_other_key():
    refused(WHOLE, clinic=OTHER)
    refused(WHOLE, photo=OTHER)
    refused(WHOLE, key=bytes(32))


def test_cut_anywhere_in_the_head():
    for length in range(START + 16):
        refused(WHOLE[:length])


def test_every_bit_of_the_head_counts():
    for bit in range(START * 8):
        changed = bytearray(SMALL)
        changed[bit // 8] ^= 1 << bit % 8
        refused(bytes(changed))


def test_bits_of_the_body_count():
    chance = random.Random(3)
    for _ in range(500):
        changed = bytearray(WHOLE)
        at = chance.randrange(START, len(changed))
        changed[at] ^= 1 << chance.randrange(8)
        refused(bytes(changed))


@pytest.mark.promise("P54")
def test_twenty_one_thousand_mutated_containers_are_refused():
    """Cut, lengthened, bits turned, bytes written over, pieces swapped: none opens."""
    chance = random.Random(21)
    accepted = 0
    for number in range(21_000):
        changed = mutated(SMALL if number % 10 else WHOLE, chance)
        try:
            opened(bytes(changed))
            accepted += 1
        except Damaged:
            pass
    assert accepted == 0


def mutated(data, chance):
    changed, at = bytearray(data), chance.randrange(len(data))
    while changed == data:
        match chance.randrange(5):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:]
            case 2:
                changed[at:at] = chance.randbytes(chance.randint(1, 20))
            case 3:
                changed[at : at + 4] = chance.randbytes(4)
            case 4:
                other = chance.randrange(len(data))
                changed[at], changed[other] = changed[other], changed[at]
    return changed


@pytest.mark.parametrize("chunk", [0, CHUNK - 1, containers.MAX_CHUNK + 1])
def test_chunk_sizes_out_of_bounds(chunk):
    with pytest.raises(ValueError, match="out of bounds"):
        sealed([b"x"], chunk=chunk)
    refused(WHOLE[:70] + chunk.to_bytes(4, "big") + WHOLE[74:])
