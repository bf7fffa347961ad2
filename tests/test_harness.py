"""What every test stands on: a cast of its own, though the rows of it are made once a process."""

from datetime import UTC, datetime

import pytest

AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_to_the_cast_is_gone_with_it(glow, turn):
    assert glow.cast.pat.archived_at is None
    glow.cast.pat.archived_at = AT


def test_the_houses_of_one_test_are_the_same(glow, rival, clinics):
    assert clinics.glow is glow
    assert clinics.rival is rival
    assert glow.cast.people["pat"] is glow.cast.pat
