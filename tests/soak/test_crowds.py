"""The large figures of races, of kills, and of two clinics on one pool."""

import pytest

from tests.running import running
from tests.test_isolation import mixed_requests
from tests.test_kills import kill_and_compare
from tests.test_races import one_provider, race, stays_right

pytestmark = [pytest.mark.soak, pytest.mark.own_clinic]
ROUNDS, REQUESTS, KILLS = 60, 100_000, 100


def test_sixty_rounds_of_fifty_on_one_slot(new_clinic):
    house = new_clinic("glow")
    with running(PUBLIC_RATE_LIMIT="0") as product:
        product.web()
        # Sixty rounds take longer than a token lives: each batch asks anew.
        for batch in range(0, ROUNDS, 10):
            slots = one_provider(product, house)
            race(product, house, slots, rounds=10, first=batch * 50)
        stays_right(house)


def test_a_hundred_thousand_mixed_requests(new_clinic):
    houses = [new_clinic("glow"), new_clinic("rival")]
    with running(PUBLIC_RATE_LIMIT="0") as product:
        product.web()
        assert mixed_requests(product, houses, REQUESTS) == {"answers": REQUESTS}


def test_a_hundred_kills_each(new_clinic, settings):
    house = new_clinic("glow")
    with running(PUBLIC_RATE_LIMIT="0") as product:
        kill_and_compare(product, house, settings, KILLS)
