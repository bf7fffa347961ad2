"""Inside a page the same question is asked once; outside, and on the next page, every time."""

from uuid import uuid4

import pytest

from core.context import ClinicRef, current_clinic
from core.reading import once, one_page


@pytest.fixture
def asked():
    return []


@pytest.fixture
def reader(asked):
    @once
    def read(of, *, at=0):
        asked.append((of, at))
        return [of, at]

    return read


def test_outside_a_page_nothing_is_kept(reader, asked):
    reader("pat")
    reader("pat")
    assert len(asked) == 2


def test_inside_a_page_the_same_question_is_asked_once(reader, asked):
    with one_page():
        assert reader("pat") is reader("pat")
        reader("quinn")
        reader("pat", at=1)
        with one_page():
            reader("quinn")
    assert asked == [("pat", 0), ("quinn", 0), ("pat", 1)]


def test_what_was_asked_already_can_be_had_without_asking(reader, asked):
    assert reader.kept("pat") is None
    with one_page():
        assert reader.kept("pat") is None
        found = reader("pat")
        assert reader.kept("pat") is found
    assert asked == [("pat", 0)]


def test_the_next_page_asks_again_even_after_one_that_failed(reader, asked):
    with pytest.raises(ZeroDivisionError), one_page():
        reader("pat")
        raise ZeroDivisionError
    reader("pat")
    with one_page():
        reader("pat")
    assert len(asked) == 3


def test_two_clinics_in_one_page_never_share_an_answer(reader, asked):
    """Rows of two clinics with the same number are equal to Django, and so to a dictionary."""
    with one_page():
        for slug in ("glow", "rival"):
            before = current_clinic.set(ClinicRef(uuid4(), slug, slug))
            try:
                reader("pat")
            finally:
                current_clinic.reset(before)
    assert len(asked) == 2
