"""Two clinics on one pool, in one worker: nobody ever gets an answer of the clinic next door."""

import contextlib
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import redis

from tenants.context import enter
from tests.cast import LOOKS
from tests.running import Product, at_once, running

PREFIX = "probe:"

pytestmark = [pytest.mark.own_clinic, pytest.mark.promise("P157"), pytest.mark.promise("P158")]
REQUESTS = 10_000
CALLERS = 8


# --- Tasks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_tasks_of_both_clinics_alternate_on_one_worker(new_clinic, pool):
    """Plain, retried, with an ETA, in chords and chains, after one that failed: each runs in its own clinic; one
    that names none is refused."""
    houses = [new_clinic("glow"), new_clinic("rival")]
    names = {house.clinic.schema_name: profile_name(house) for house in houses}
    with running() as product:
        client = redis.Redis.from_url(product.redis.url)
        product.worker(pool=pool, module="tests.probes")
        product.run("import sys; from tests import probes; probes.send(sys.argv[1:], 20)", *names)
        expected = {"plain": 40, "retried": 24, "later": 8, "part": 24, "whole": 8, "chain": 16}
        expected |= {"linked": 8, "link": 8, "outside": 1}

        def count() -> dict[str, int]:
            return {kind: client.llen(PREFIX + kind) for kind in expected}

        def all_done() -> bool:
            seen = count()
            assert all(seen[kind] <= expected[kind] for kind in expected), seen
            return seen == expected

        with contextlib.suppress(AssertionError):
            product.wait_until(all_done, "tasks", seconds=25)
        assert count() == expected, product.log("worker")[-3000:]
        assert client.llen(PREFIX + "homeless") == 0
        assert "came without a clinic" in product.log("worker") or "NoClinic" in product.log("worker")
        assert client.lrange(PREFIX + "outside", 0, -1) == [b"app_public|public"]
        for kind in expected.keys() - {"outside"}:
            for row in client.lrange(PREFIX + kind, 0, -1):
                wanted, *seen = row.decode().split("|")
                assert seen == [f"t_{wanted}", wanted, names[wanted], wanted], kind


def profile_name(house) -> str:
    from practice.models import ClinicProfile

    with enter(house.clinic):
        return ClinicProfile.objects.get().name


# --- Requests ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ask:
    """One kind of request: what the answer must be, and a mark of the own clinic that must stand in it."""

    path: str
    role: str = ""
    status: int = 200
    mark: str = ""
    body: dict | None = None
    often: int = 1  # cheap ones come more often, so that the run does not take for ever


def asks_of(house, other) -> list[Ask]:
    """Public pages, pages and lists of staff, the other clinic's ids, and writes."""
    cast, foreign = house.cast, other.cast
    consultation, abroad = (
        f"/api/v1/availability/?service={each.services['consultation'].uid}" for each in (cast, foreign)
    )
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    dates, ines = f"&from={day}&to={day}", str(cast.providers["ines"].uid)
    return [
        Ask("/api/v1/services/", mark=str(cast.services["botox"].uid)),
        Ask(f"{consultation}{dates}&provider={ines}", mark=ines, often=16),
        Ask(f"{abroad}{dates}", status=404, often=8),
        Ask("/book/", mark=profile_name(house)),
        Ask("/brand.css", mark=LOOKS[cast_name(house)]["accent"], often=12),
        Ask("/desk/sign-in/", mark=profile_name(house)),
        Ask("/api/v1/patients/", "owner", mark=str(cast.pat.uid)),
        Ask(f"/api/v1/patients/{cast.pat.uid}/", "provider", mark=str(cast.pat.uid)),
        Ask(f"/api/v1/patients/{foreign.pat.uid}/", "provider", status=404),
        Ask("/api/v1/patients/?q=pa", "front_desk", mark=str(cast.pat.uid)),
        Ask("/api/v1/patients/?q=quinn", "front_desk"),
        Ask(f"/api/v1/patients/{foreign.pat.uid}/messages/", "owner", status=404),
        Ask(f"/api/v1/appointments/?{dates}", "front_desk"),
        Ask("/api/v1/bookings/", status=422, body={"slot": "forged", "patient": {}}, often=8),
        Ask("/api/v1/holds/", status=422, body={"slot": "1.1.1.1.ffffffff.1.00"}, often=8),
    ]  # fmt: skip


def cast_name(house) -> str:
    return house.clinic.slug.partition("-")[0]


def marks_of(house) -> list[bytes]:
    """What only this clinic's answers may hold."""
    cast = house.cast
    rows = [*cast.people.values(), *cast.providers.values(), *cast.services.values(), cast.location]
    words = [str(row.uid) for row in rows] + [user.email for user in cast.users.values()]
    words += [LOOKS[cast_name(house)]["accent"], profile_name(house), house.clinic.schema_name]
    words += [person.last_name for person in cast.people.values() if person.last_name != "Stranger"]
    return [word.encode() for word in words]


def mixed_requests(product: Product, houses, count: int) -> Counter:
    """Eight callers, each choosing anew for every request; how many answers were wrong, and how."""
    asks = {house.host: asks_of(house, other) for house, other in permutations(houses, 2)}
    with_names = {}
    for house, other in permutations(houses, 2):
        with enter(other.clinic):
            with_names[house.host] = marks_of(other)
    found: Counter = Counter()

    def call(caller: int) -> None:
        dice, mine = random.Random(caller), Counter()
        browser = product.browser(houses[0])
        for _ in range(count // CALLERS):
            house = dice.choice(houses)
            (ask,) = dice.choices(asks[house.host], [each.often for each in asks[house.host]])
            browser.host = house.host  # over the same connection, as behind a proxy
            browser.headers = bearer(house, ask.role)
            answer = browser.post(ask.path, ask.body) if ask.body else browser.get(ask.path)
            mine["answers"] += 1
            if answer.status != ask.status or ask.mark.encode() not in answer.body:
                mine[f"{answer.status} for {ask.path.partition('?')[0]}"] += 1
            if any(mark in answer.body for mark in with_names[house.host]):
                mine["of the other clinic"] += 1
        browser.close()
        found.update(mine)

    problems = [one for one in at_once(CALLERS, call) if one is not None]
    assert problems == []
    return found


def bearer(house, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.cast.tokens[role]}"} if role else {}


def test_ten_thousand_mixed_requests(new_clinic):
    houses = [new_clinic("glow"), new_clinic("rival")]
    with running(PUBLIC_RATE_LIMIT="0") as product:
        product.web()
        assert mixed_requests(product, houses, REQUESTS) == {"answers": REQUESTS}
