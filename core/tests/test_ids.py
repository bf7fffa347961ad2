"""UUIDv7, and the clinic that must not be guessed."""

import time
from uuid import UUID, uuid4

import pytest

from core.context import ClinicRef, NoClinic, current_clinic, require_clinic
from core.ids import uuid7


def test_version_variant_and_time():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == UUID(int=uuid4().int).variant
    assert before <= made.int >> 80 <= after


def test_no_two_alike():
    assert len({uuid7() for _ in range(20_000)}) == 20_000


def test_a_clinic_is_required():
    with pytest.raises(NoClinic):
        require_clinic()
    here = ClinicRef(uuid7(), "c_glow", "glow")
    token = current_clinic.set(here)
    try:
        assert require_clinic() is here
    finally:
        current_clinic.reset(token)
