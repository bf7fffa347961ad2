"""Many clients at one moment, over real HTTP: one winner, exact counters, and never a fault."""

from collections import Counter
from itertools import pairwise

import pytest

from accounts import throttle
from accounts.models import Throttle
from core.clock import now
from scheduling.models import Appointment, Day, Hold
from tenants.context import enter
from tests.running import TOKEN_FIELD, Browser, Product, at_once, open_slots, patient, running
from vault.models import SubjectKey

pytestmark = pytest.mark.own_clinic
SIGN_IN = "/desk/sign-in/"
CLIENTS = 50
BOOKINGS = "/api/v1/bookings/"


@pytest.fixture(scope="module")
def product(django_db_setup):
    """Two processes of four threads, behind a proxy of ours, without the public limits."""
    with running(PUBLIC_RATE_LIMIT="0", TRUSTED_PROXIES="1") as product:
        product.web()
        yield product


# --- One slot ----------------------------------------------------------------------------------------------


def race(product: Product, house, slots: list[dict], rounds: int, first: int = 0) -> None:
    """So many rounds of fifty on one slot, half of them through another slot that overlaps it."""
    browsers = [product.browser(house) for _ in range(CLIENTS)]
    pairs = [(slot, clash) for slot in slots if (clash := next((e for e in slots if clashes(e, slot)), None))]
    used: list[dict] = []
    for number in range(rounds):
        # The same provider a quarter of an hour later: another token for the same time.
        slot, clash = next(
            pair for pair in pairs if not any(overlaps(one, seen) for one in pair for seen in used)
        )
        used += [slot, clash]
        before = counts(house)

        def book(client: int, slot: dict = slot, clash: dict = clash, number: int = number):
            token = (slot, clash)[client % 2]["token"]
            body = {"slot": token, "patient": patient(first + number * CLIENTS + client)}
            return browsers[client].post(BOOKINGS, body)

        answers = at_once(CLIENTS, book)
        assert Counter((one.status, one.problem) for one in answers) == {
            (201, ""): 1,
            (409, "slot-taken"): 49,
        }
        assert counts(house) == {name: count + 1 for name, count in before.items()}
    for browser in browsers:
        browser.close()


def overlaps(one: dict, other: dict) -> bool:
    same = one["provider"]["id"] == other["provider"]["id"]
    return same and one["start"] < other["end"] and other["start"] < one["end"]


def clashes(one: dict, other: dict) -> bool:
    return overlaps(one, other) and one["start"] != other["start"]


def counts(house) -> dict[str, int]:
    from patients.models import Person

    with enter(house.clinic):
        return {
            "appointments": Appointment.objects.count(),
            "people": Person.objects.count(),
            "keys": SubjectKey.objects.filter(clinic=house.clinic.uid).count(),
        }


def stays_right(house) -> None:
    """No two visits of one resource at one time, and the days' bits say what the tables say."""
    from scheduling.days import wrong_days

    with enter(house.clinic):
        visits = list(Appointment.objects.order_by("provider_id", "starts_at"))
        for one, following in pairwise(visits):
            assert one.provider_id != following.provider_id or one.ends_at <= following.starts_at
        dates = list(Day.objects.order_by("date").values_list("date", flat=True))
        assert wrong_days(dates[0], dates[-1]) == []


@pytest.mark.promise("P40")
def test_fifty_on_one_slot(product, new_clinic):
    house = new_clinic("glow")
    slots = one_provider(product, house)
    race(product, house, slots, rounds=8)
    stays_right(house)


def one_provider(product: Product, house) -> list[dict]:
    """The starts of one provider's half hour, the days of two weeks."""
    uid = str(house.cast.providers["ines"].uid)
    since = open_slots(product.browser(house), house, "consultation", provider=uid)
    assert len(since) > 100
    return since


def test_fifty_hold_one_slot(product, new_clinic):
    """One hold; it is booked by its id while forty-nine try by the slot."""
    house = new_clinic("glow")
    slot = one_provider(product, house)[0]["token"]
    answers = at_once(CLIENTS, lambda n: product.browser(house).post("/api/v1/holds/", {"slot": slot}))
    assert Counter(one.status for one in answers) == {201: 1, 409: 49}
    (hold,) = [one.json["id"] for one in answers if one.status == 201]

    def book(client: int):
        by = {"hold": hold} if client == 7 else {"slot": slot}
        return product.browser(house).post(BOOKINGS, by | {"patient": patient(client)})

    answers = at_once(CLIENTS, book)
    assert answers[7].status == 201, answers[7].body
    assert Counter(one.status for one in answers) == {201: 1, 409: 49}
    with enter(house.clinic):
        assert Hold.objects.count() == Appointment.objects.count() == 1
    stays_right(house)


# --- One key -----------------------------------------------------------------------------------------------


def test_fifty_with_one_idempotency_key(product, new_clinic):
    house = new_clinic("glow")
    slots = one_provider(product, house)
    body = {"slot": slots[0]["token"], "patient": patient()}
    key = {"Idempotency-Key": "wanda-books-once"}
    answers = at_once(CLIENTS, lambda n: product.browser(house).post(BOOKINGS, body, **key))
    assert Counter(one.status for one in answers) == {201: CLIENTS}
    assert len({one.body for one in answers}) == 1
    assert counts(house)["appointments"] == 1
    other = product.browser(house).post(BOOKINGS, body | {"slot": slots[9]["token"]}, **key)
    assert (other.status, other.problem) == (409, "idempotency-key-reused")
    assert counts(house)["appointments"] == 1


# --- One password ------------------------------------------------------------------------------------------


@pytest.mark.promise("P153")
def test_fifty_wrong_passwords(product, new_clinic):
    """The counter is fifty; from the eleventh on the answer is 429, for the right one too, and word for word the same."""
    glow, rival = new_clinic("glow"), new_clinic("rival")
    desk, owner = glow.cast.desk, glow.cast.owner
    browsers = [knocking(product, glow, "198.51.100.7") for _ in range(CLIENTS)]
    answers = at_once(CLIENTS, lambda n: enter_password(browsers[n], desk.email, "not the password"))
    assert Counter(one.status for one in answers) == {422: 10, 429: 40}
    with enter(glow.clinic):
        row = Throttle.objects.get(key=throttle.key_of(throttle.PASSWORD, desk.email))
        assert row.count == CLIENTS
        assert row.locked_until is not None
        assert row.locked_until > now()
    refusals = {plain(one.body) for one in answers if one.status == 429}
    for address in ("198.51.100.7", "198.51.100.8"):
        browser = knocking(product, glow, address)
        right = enter_password(browser, desk.email, glow.cast.password)
        assert right.status == 429
        assert int(right.headers["retry-after"]) > 0
        assert {plain(right.body)} == refusals
    elsewhere = knocking(product, glow, "198.51.100.8")
    assert enter_password(elsewhere, owner.email, glow.cast.password).status == 302
    next_door = knocking(product, rival, "198.51.100.7")
    assert enter_password(next_door, rival.cast.desk.email, rival.cast.password).status == 302


def knocking(product: Product, house, address: str) -> Browser:
    """A browser behind our proxy, the sign-in page open."""
    browser = product.browser(house, X_Forwarded_For=address, X_Forwarded_Proto="http")
    browser.open(SIGN_IN)
    return browser


def enter_password(browser: Browser, email: str, password: str):
    return browser.submit(SIGN_IN, email=email, password=password)


def plain(body: bytes) -> str:
    """Without what differs from page to page for everybody: the token of the form."""
    return TOKEN_FIELD.sub("", body.decode())
