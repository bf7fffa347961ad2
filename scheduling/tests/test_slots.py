"""Slot tokens: good here, for a quarter of an hour, and for nothing else."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from core.context import ClinicRef, current_clinic
from scheduling import slots
from scheduling.problems import SlotExpired, SlotInvalid
from scheduling.slots import Slot

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SLOT = Slot(3, 1 << 40, 2, datetime(2026, 3, 9, 15, 30, tzinfo=UTC))


@pytest.fixture(autouse=True)
def clinic():
    token = current_clinic.set(ClinicRef(uuid4(), "c_one", "one"))
    yield
    current_clinic.reset(token)


def test_a_token_says_what_was_offered():
    token = slots.issue(SLOT, at=AT)
    assert slots.read(token, at=AT + timedelta(minutes=14)) == SLOT
    assert len(token) < 100


def test_a_token_runs_out():
    token = slots.issue(SLOT, at=AT)
    with pytest.raises(SlotExpired) as caught:
        slots.read(token, at=AT + slots.LIFETIME)
    assert (caught.value.status, caught.value.type) == (409, "slot-expired")


def test_every_changed_character_is_noticed():
    token = slots.issue(SLOT, at=AT)
    for place, character in enumerate(token):
        changed = token[:place] + ("0" if character != "0" else "1") + token[place + 1 :]
        with pytest.raises(SlotInvalid) as caught:
            slots.read(changed, at=AT)
        assert (caught.value.status, caught.value.type) == (422, "slot-invalid")


@pytest.mark.parametrize(
    "text", ["", ".", "1.2.3", "x" * 5000, "ü" * 20, "\0", slots.VERSION + ".1.1.1.1.1."]
)
def test_nonsense_is_invalid(text):
    with pytest.raises(SlotInvalid):
        slots.read(text, at=AT)


def test_a_token_of_another_clinic_is_as_good_as_forged():
    token = slots.issue(SLOT, at=AT)
    current_clinic.set(ClinicRef(uuid4(), "c_two", "two"))
    with pytest.raises(SlotInvalid):
        slots.read(token, at=AT)


def test_a_token_of_another_secret_is_forged():
    token = slots.issue(SLOT, at=AT)
    with override_settings(SECRET_KEY="another" * 10), pytest.raises(SlotInvalid):
        slots.read(token, at=AT)


def test_striking_is_cheap():
    mint = slots.signer(1, 1, at=AT)(1)
    best = min(_microseconds(mint) for _ in range(5))
    assert best < 8  # about 1 on a quiet machine


def _microseconds(mint):
    begin = time.perf_counter()
    for minute in range(2000):
        mint.strike(29_000_000 + minute)
    return (time.perf_counter() - begin) / 2000 * 1e6
