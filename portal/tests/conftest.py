"""A Friday on which the portal's tests take place, and Pat's browser on it."""

import pytest
import time_machine

from scheduling import limits
from scheduling.tests.browsing import AT, Browser


class Patient(Browser):
    """A browser in which somebody has signed in."""

    def __init__(self, house, person, *, kind: str = "email") -> None:
        super().__init__(house)
        self.client = house.portal(person, kind=kind)


@pytest.fixture
def friday():
    limits.forget()
    with time_machine.travel(AT, tick=False) as clock:
        yield clock
    limits.forget()


@pytest.fixture
def pat(glow, friday):
    return Patient(glow, glow.cast.pat)


@pytest.fixture
def quinn(glow, friday):
    return Patient(glow, glow.cast.people["quinn"])
