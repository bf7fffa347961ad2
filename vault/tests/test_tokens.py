"""Field token v1: the published vector, and thousands of tokens that must not open."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import tokens
from vault.derive import Place, lp
from vault.errors import Damaged

KEY = bytes(range(32))
KEY_ID = UUID(bytes=bytes(range(16)))
CLINIC = UUID(bytes=b"\x11" * 16)
ROW = UUID(bytes=b"\x22" * 16)
PLACE = Place(CLINIC, "soap.subjective/1", ROW)
VECTOR = bytes.fromhex(
    "0101000102030405060708090a0b0c0d0e0f"
    + "33" * 32
    + "c6c7980254047094c3a30efa34d249286f053e4280523e8f8c51283e5f0b4557"
    + "42752a6469a73ec349b9c56fe8489acd149543a66c"
)


@pytest.mark.promise("P141")
def test_published_vector():
    assert tokens.seal(KEY, KEY_ID, PLACE, b"hello", salt=b"\x33" * 32) == VECTOR
    assert tokens.open_token(KEY, PLACE, VECTOR) == b"hello"
    assert tokens.key_id_of(VECTOR) == KEY_ID
    assert len(VECTOR) == 103


@given(st.binary(max_size=2000))
def test_comes_back_and_never_twice_the_same(plain):
    one, other = (tokens.seal(KEY, KEY_ID, PLACE, plain) for _ in range(2))
    assert one != other
    assert len(one) == len(plain) + tokens.OVERHEAD
    assert tokens.open_token(KEY, PLACE, one) == tokens.open_token(KEY, PLACE, other) == plain


def refused(token, key=KEY, place=PLACE):
    with pytest.raises(Damaged):
        tokens.open_token(key, place, token)


def test_every_single_bit_counts():
    for bit in range(len(VECTOR) * 8):
        changed = bytearray(VECTOR)
        changed[bit // 8] ^= 1 << bit % 8
        refused(bytes(changed))


@pytest.mark.promise("P141")
def test_twenty_two_thousand_mutations_are_refused():
    chance = random.Random(1)
    for _ in range(22_000):
        changed = bytearray(tokens.seal(KEY, KEY_ID, PLACE, b"allergic to lidocaine"))
        before = bytes(changed)
        for _ in range(chance.randint(1, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if bytes(changed) == before:
            changed[chance.randrange(len(changed))] ^= 1
        refused(bytes(changed))


def test_cut_and_lengthened():
    for length in range(len(VECTOR)):
        refused(VECTOR[:length])
    refused(VECTOR + b"\x00")
    refused(b"")


def test_no_other_place_and_no_other_key():
    other = UUID(bytes=b"\x99" * 16)
    refused(VECTOR, place=Place(other, PLACE.tag, ROW))
    refused(VECTOR, place=Place(CLINIC, "photo.body/1", ROW))
    refused(VECTOR, place=Place(CLINIC, PLACE.tag, other))
    refused(VECTOR, key=bytes(reversed(KEY)))
    swapped = VECTOR[:2] + other.bytes + VECTOR[18:]
    refused(swapped)


def test_parts_never_run_together():
    assert lp(b"ab", b"c") != lp(b"a", b"bc")
    assert lp(b"ab") == b"\x00\x02ab"


def test_wrong_sizes_are_a_bug_of_ours():
    with pytest.raises(ValueError, match="32 bytes"):
        tokens.seal(b"short", KEY_ID, PLACE, b"hello")
