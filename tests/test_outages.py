"""A part is gone: what does not need it goes on, the rest says so by 503, nothing is stored half, and when the part is
back everything works without a restart.

The product runs behind doors: a database is shut away from it, while the test still counts the rows there.
"""

import json
import time
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

import pytest
from django.test import Client

from accounts import second_factor
from core.clock import now
from messaging import contacts
from messaging.models import InboundMessage, Message
from patients.models import Person
from scheduling.models import Appointment, Hold, ManageLink, Occupancy
from tenants import due
from tenants.context import enter
from tests.authenticator import enrol
from tests.running import Browser, Product, at_once, open_slots, patient, running
from vault.models import SubjectKey
from vault.store import AWAY_SECONDS

pytestmark = pytest.mark.own_clinic
HOLDS, BOOKINGS, PATIENTS = (f"/api/v1/{name}/" for name in ("holds", "bookings", "patients"))
COUNTED = (Person, Appointment, ManageLink, Occupancy, Hold, Message)


@pytest.fixture(scope="module")
def product(django_db_setup):
    with running(doors=True, PUBLIC_RATE_LIMIT="0") as product:
        product.connect()
        product.web(processes=1, threads=8)  # one memory for keys, so that it is known what it knows
        yield product


@pytest.fixture
def glow(product, new_clinic):
    """A clinic that the product's processes have not met: no key of it is in their memory."""
    house = new_clinic("glow")
    product.connect(house)
    return house


def counts(house: Any) -> dict[str, int]:
    with enter(house.clinic):
        found = {model.__name__: model.objects.count() for model in COUNTED}
    return found | {"keys": SubjectKey.objects.filter(clinic=house.clinic.uid).count()}


def whole(house: Any) -> None:
    """Every visit with its person, that one's key, its link and its messages; no person without a visit."""
    with enter(house.clinic):
        visits = list(Appointment.objects.select_related("person"))
        keyed = set(SubjectKey.objects.filter(clinic=house.clinic.uid).values_list("subject", flat=True))
        for visit in visits:
            assert visit.person.uid in keyed
            assert visit.person.last_name.startswith("Webb")
            assert ManageLink.objects.filter(appointment=visit).exists()
            assert Message.objects.filter(about=visit.uid).exists()
        named = {person.uid for person in house.cast.people.values()}
        alone = Person.objects.exclude(uid__in=named | {visit.person.uid for visit in visits})
        assert not alone.exists()


def readiness(product: Product) -> dict[str, bool]:
    found: dict[str, bool] = product.browser("localhost").get("/readyz").json
    return found


def back_again(product: Product) -> None:
    product.wait_until(lambda: readiness(product)["ready"], "all parts", seconds=40)
    time.sleep(AWAY_SECONDS)  # so long the process may still believe that the vault is away


def problem_of(answer: Any) -> tuple[int, str]:
    return answer.status, answer.problem


# --- Redis -------------------------------------------------------------------------------------------------


@pytest.mark.promise("P172")
@pytest.mark.promise("P177")
def test_redis_gone(product, glow):
    """Booking, desk and sign-in go on; messages wait in the outbox and leave when the queue is back."""
    browser = product.browser(glow)
    slots = open_slots(browser, glow, "consultation")
    product.redis.stop()
    try:
        assert readiness(product) == {"ready": False, "database": True, "vault": True, "redis": False}
        assert product.browser("localhost").get("/livez").status == 200
        booked = browser.post(BOOKINGS, {"slot": slots[0]["token"], "patient": patient()})
        assert booked.status == 201, booked.body
        desk = product.browser(glow)
        assert desk.sign_in(glow.cast.desk, glow.cast.password).status == 302
        assert desk.get("/desk/").status == 200
        assert product.api(glow).get(PATIENTS).status == 200
        whole(glow)
        with enter(glow.clinic):
            waiting = list(Message.objects.outgoing().waiting().values_list("uid", flat=True))
            assert waiting
            assert due.waiting("message", waiting) == set(waiting)
        assert product.sent() == []
    finally:
        product.redis.start()
    back_again(product)
    product.worker()
    product.sweep()
    product.wait_until(lambda: len(product.sent()) >= 1, "the confirmation", seconds=20)
    product.stop_child("worker")
    assert {row["to"] for row in product.sent()} == {patient()["email"]}


# --- The main database -------------------------------------------------------------------------------------


@pytest.mark.promise("P177")
def test_main_database_gone(product, glow):
    """Pages and API answer 503 in their own form; after it is back the next request works."""
    browser = product.browser(glow)
    slots = open_slots(browser, glow, "consultation")
    before = counts(glow)
    browsers = [product.browser(glow, Accept=kind) for kind in ("text/html", "*/*", "*/*", "*/*", "*/*")]
    assert product.main is not None
    product.main.shut()
    try:
        calls = [
            lambda b: b.get("/book/"),
            lambda b: b.get(f"/api/v1/availability/?service={glow.cast.services['botox'].uid}&from=2030-01-01&to=2030-01-01"),
            lambda b: b.post(BOOKINGS, {"slot": slots[0]["token"], "patient": patient()}),
            lambda b: b.post(HOLDS, {"slot": slots[0]["token"]}),
            lambda b: b.post(BOOKINGS, {"slot": slots[0]["token"], "patient": patient()}, **{"Idempotency-Key": "k"}),
        ]  # fmt: skip
        page, *programs = at_once(len(calls), lambda n: calls[n](browsers[n]))
        assert page.status == 503, page
        assert page.headers["content-type"].startswith("text/html")
        assert [problem_of(one) for one in programs] == [(503, "unavailable")] * 4
        assert all("retry-after" in one.headers for one in programs)
        for answer in (page, *programs):
            assert b"psycopg" not in answer.body
            assert b"Traceback" not in answer.body
            assert answer.headers["x-frame-options"] == "DENY"
        assert readiness(product) == {"ready": False, "database": False, "vault": True, "redis": True}
        assert product.browser("localhost").get("/livez").status == 200
    finally:
        product.main.open()
    back_again(product)
    assert counts(glow) == before
    booked = browser.post(BOOKINGS, {"slot": slots[0]["token"], "patient": patient()})
    assert booked.status == 201, booked.body
    whole(glow)


def test_main_database_lost_in_the_middle(product, glow):
    """Cut off while eight clients book: what was answered 201 is there, the rest wholly or not at all."""
    slots = open_slots(product.browser(glow), glow, "consultation")
    free = {
        (slot["start"], slot["provider"]["id"]): slot
        for slot in slots
        if slot["start"][14:16] in ("00", "30")
    }
    tokens = [slot["token"] for slot in free.values()]
    browsers = [product.browser(glow) for _ in range(8)]
    assert product.main is not None

    def book(client: int) -> list[tuple[int, str]]:
        found = []
        for turn, token in enumerate(tokens[client::8][:12]):
            if client == 0 and turn == 4:
                product.main.shut()
                product.main.open()
            try:
                answer = browsers[client].post(
                    BOOKINGS, {"slot": token, "patient": patient(client * 100 + turn)}
                )
            except (OSError, HTTPException):
                continue
            found.append((answer.status, answer.json.get("id", "")))
        return found

    answers = [one for found in at_once(8, book) for one in found]
    assert {status for status, _ in answers} <= {201, 503}
    back_again(product)
    with enter(glow.clinic):
        there = {str(uid) for uid in Appointment.objects.values_list("uid", flat=True)}
    assert {uid for status, uid in answers if status == 201} <= there
    whole(glow)


# --- The vault ---------------------------------------------------------------------------------------------


@pytest.mark.promise("P145")
def test_vault_gone(product, glow):
    """Availability and sign-in work, the calendar shows times without names, bookings are refused and keep the hold."""
    body = {"slot": open_here(glow)[0]["token"], "patient": patient(1, last_name="Webb-Canary")}
    visit = (
        Client(HTTP_HOST=glow.host).post(BOOKINGS, json.dumps(body), content_type="application/json").json()
    )
    browser = product.browser(glow)
    slots = open_slots(browser, glow, "consultation")
    before = counts(glow)
    assert product.vault is not None
    product.vault.shut()
    try:
        assert readiness(product) == {"ready": False, "database": True, "vault": False, "redis": True}
        assert len(open_slots(browser, glow, "consultation")) == len(slots)
        assert browser.get("/book/").status == 200
        hold = browser.post(HOLDS, {"slot": slots[0]["token"]})
        assert hold.status == 201
        for body in ({"hold": hold.json["id"]}, {"slot": slots[9]["token"]}):
            refused = browser.post(BOOKINGS, body | {"patient": patient(2)})
            assert problem_of(refused) == (503, "unavailable")
        desk = product.browser(glow)
        assert desk.sign_in(glow.cast.desk, glow.cast.password).status == 302
        day = desk.get(f"/desk/day/{visit['start'][:10]}/")
        assert day.status == 200
        assert visit["id"] in day.text
        assert "Canary" not in day.text
        api = product.api(glow)
        assert problem_of(api.get(PATIENTS)) == (503, "unavailable")
        assert problem_of(api.post(PATIENTS, patient(3))) == (503, "unavailable")
        page = desk.get(f"/desk/patients/{glow.cast.pat.uid}/")
        assert page.status == 503
        assert "Peterson" not in page.text
        grown = {"Hold": 1, "Occupancy": 1}
        assert counts(glow) == {name: count + grown.get(name, 0) for name, count in before.items()}
    finally:
        product.vault.open()
    back_again(product)
    assert "Canary" in desk.get(f"/desk/day/{visit['start'][:10]}/").text
    booked = browser.post(BOOKINGS, {"hold": hold.json["id"], "patient": patient(2)})
    assert booked.status == 201, booked.body
    whole(glow)


def open_here(house: Any) -> list[dict]:
    """Open slots asked of this process, so that the product stays a stranger to the clinic's keys."""
    day = datetime.now(UTC).date().replace(day=1)
    day = day.replace(year=day.year + (day.month == 12), month=day.month % 12 + 1)
    query = {
        "service": str(house.cast.services["consultation"].uid),
        "from": day.isoformat(),
        "to": day.isoformat(),
    }
    slots: list[dict] = Client(HTTP_HOST=house.host).get("/api/v1/availability/", query).json()["slots"]
    return slots


@pytest.mark.promise("P80")
def test_stop_while_the_vault_is_gone(product, glow):
    """Stored sealed and unverified, the same text twice only once; applied before anything else may leave."""
    phone = "+15125550123"  # Pat's
    assert product.vault is not None
    product.vault.shut()
    try:
        with enter(glow.clinic):
            assert InboundMessage.objects.count() == 0
        assert product.text_in(glow, phone, "STOP")["status"] == 200
        with enter(glow.clinic):
            row = InboundMessage.objects.get()
            assert (row.verified, row.index, row.applied_at) == (False, None, None)
            for clear in (b"STOP", phone.encode(), phone[2:].encode()):
                assert clear not in bytes(row.sealed)
            assert due.waiting("inbound", [row.uid]) == {row.uid}
    finally:
        product.vault.open()
    back_again(product)
    with enter(glow.clinic):
        message = queue_text(glow)
    product.worker()
    product.sweep()

    def settled() -> bool:
        with enter(glow.clinic):
            message.refresh_from_db()
            return message.state not in ("queued", "sending")

    product.wait_until(settled, "the text", seconds=20)
    product.stop_child("worker")
    with enter(glow.clinic):
        assert message.state == "suppressed"
        assert contacts.is_stopped("sms", phone)
        row.refresh_from_db()
        assert row.verified
        assert row.applied_at is not None
        assert bytes(row.sealed) == b""
    assert not [one for one in product.sent(kind="sms") if "A text that must not leave" in one["body"]]


def queue_text(house: Any) -> Message:
    from django.db import transaction

    from messaging import outbox

    with transaction.atomic():
        return outbox.add(
            "sms",
            "test",
            subject=house.cast.pat.uid,
            to=house.cast.pat.phone,
            body="A text that must not leave",
            dedupe_key="must-not-leave",
            send_after=now(),
        )


def test_second_factor_while_the_vault_is_gone(product, new_clinic):
    """Staff of a clinic that demands it sign in too, even where a process has not met the clinic yet."""
    rival = new_clinic("rival")
    product.connect(rival)
    device, _row = enrol(rival, rival.cast.desk)
    product.stop_child("web")
    product.web(processes=1, threads=8)
    assert readiness(product)["vault"]
    assert product.vault is not None
    product.vault.shut()
    try:
        browser = product.browser(rival)
        assert enter_desk(browser, rival, "owner").status == 302
        assert browser.get("/desk/").status == 200
        other = product.browser(rival)
        assert other.sign_in(rival.cast.desk, rival.cast.password).status == 302
        other.open("/desk/two-factor/")
        options = json.loads(other.submit("/desk/two-factor/passkey/challenge/").text)
        assert other.submit("/desk/two-factor/", passkey=device.show(options)).status == 302
        assert other.get("/desk/").status == 200
    finally:
        product.vault.open()
    back_again(product)


def enter_desk(browser: Browser, house: Any, role: str = "front_desk") -> Any:
    answer = browser.sign_in(house.cast.users[role], house.cast.password)
    assert answer.headers["location"].startswith("/desk/two-factor/"), answer.headers
    browser.open("/desk/two-factor/")
    return browser.submit("/desk/two-factor/", code=second_factor.code_at(house.cast.totp[role], now()))
