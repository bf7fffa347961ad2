"""Processes are killed outright while patients book and messages leave: what was answered 201 is there, nothing is sent
twice, and what nobody can know is at most one message a kill.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from http.client import HTTPException
from typing import Any

import pytest

from core.clock import now
from messaging import tasks
from messaging.models import SEND_LEASE, Message
from patients.models import Person
from scheduling.models import Appointment, ManageLink, Occupancy
from tenants.context import enter
from tests.running import Product, open_slots, patient, running
from vault.models import SubjectKey

pytestmark = pytest.mark.own_clinic
KILLS = 20
CLIENTS = 3
BOOKINGS = "/api/v1/bookings/"


@pytest.mark.promise("P40")
@pytest.mark.promise("P47")
def test_killed_while_booking_and_sending(new_clinic, settings):
    house = new_clinic("glow")
    with running(PUBLIC_RATE_LIMIT="0") as product:
        kill_and_compare(product, house, settings, KILLS)


def kill_and_compare(product: Product, house: Any, settings: Any, kills: int) -> None:
    product.connect(house)
    for name, value in product.sandbox_settings().items():
        setattr(settings, name, value)  # for `settle`, in this process
    product.web()
    product.worker()
    booked = book_while_killing(product, house, kills)
    assert len(booked) > kills
    product.stop_child("worker")
    settle(house)
    product.stop_child("web")
    compare(product, house, booked, kills)


def book_while_killing(product: Product, house: Any, kills: int) -> dict[str, dict]:
    """Clients book one start after the other; every 201 they got, by id."""
    texts = product.browser(house).get("/api/v1/booking-texts/").json
    version = texts["service_sms"]["version"]
    starts = iter_of_tokens(product, house)
    booked: dict[str, dict] = {}
    over = threading.Event()
    lock = threading.Lock()

    def book(client: int) -> None:
        browser = product.browser(house)
        while not over.is_set():
            with lock:
                number, token = next(starts)
            person = patient(number)
            consents = {"service_sms": True, "text_version": version}
            try:
                answer = browser.post(BOOKINGS, {"slot": token, "patient": person, "consents": consents})
            except (OSError, HTTPException):
                continue  # killed in the middle: nobody was promised anything
            assert answer.status in (201, 503), answer.body
            if answer.status == 201:
                booked[answer.json["id"]] = person

    threads = [threading.Thread(target=book, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        kill(product, kills, booked)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return booked


def iter_of_tokens(product: Product, house: Any):
    """Half hours of all three providers that do not touch each other, farther and farther away."""
    number = 0
    browser = product.browser(house)
    for first in range(3, 150, 14):
        for provider in house.cast.providers.values():
            for slot in open_slots(browser, house, "consultation", first=first, provider=str(provider.uid)):
                if slot["start"][14:16] in ("00", "30"):
                    number += 1
                    yield number, slot["token"]


def kill(product: Product, kills: int, booked: dict) -> None:
    """One of web's processes and the worker, each so many times, whatever they are doing."""
    dice = random.Random(20)
    victims = ["web", "worker"] * kills
    dice.shuffle(victims)
    killed = 0
    for victim in victims:
        before, waits = len(booked), dice.random() / 5
        product.wait_until(lambda before=before: len(booked) > before, "a booking")
        time.sleep(waits)
        if victim == "web":
            product.wait_until(product.web_workers, "a process of web")
            os.kill(dice.choice(product.web_workers()), signal.SIGKILL)
        else:
            # One that has begun to work: how often a worker said that it was ready.
            product.wait_until(
                lambda killed=killed: product.log("worker").count("ready.") > killed, "a worker"
            )
            killed = product.log("worker").count("ready.")
            os.kill(product.worker_pid(), signal.SIGKILL)


def settle(house: Any) -> None:
    """What recovery would do in the minutes to come: leases run out, the provider is asked, the rest is sent."""
    at = now()
    with enter(house.clinic):
        for step in range(1, 5):
            for uid in Message.objects.filter(state__in=("queued", "sending", "unknown")).values_list(
                "uid", flat=True
            ):
                tasks.process(uid, at=at + step * SEND_LEASE)


def compare(product: Product, house: Any, booked: dict[str, dict], kills: int) -> None:
    with enter(house.clinic):
        visits = {str(visit.uid): visit for visit in Appointment.objects.select_related("person")}
        assert booked.keys() <= visits.keys()
        subjects = SubjectKey.objects.filter(clinic=house.clinic.uid)
        keyed = set(subjects.values_list("subject", flat=True))
        named = {person.uid for person in house.cast.people.values()}
        assert {visit.person.uid for visit in visits.values()} == set(
            Person.objects.exclude(uid__in=named).values_list("uid", flat=True)
        )
        for uid, visit in visits.items():
            assert visit.person.uid in keyed
            assert ManageLink.objects.filter(appointment=visit).exists()
            assert Occupancy.objects.filter(appointment=visit).exists()
            if uid in booked:
                assert visit.person.email == booked[uid]["email"]
                assert visit.person.phone == booked[uid]["phone"]
        now_due = Message.objects.outgoing().filter(kind="visit_booked")
        states = Counter(now_due.values_list("state", flat=True))
        expected = {(message.channel, message.to) for message in now_due}
    assert states["unknown"] <= kills
    assert set(states) <= {"accepted", "delivered", "unknown"}, states
    assert len(expected) == states.total() == 2 * len(visits)
    sent = Counter((row["kind"], row["to"], row["body"]) for row in product.sent())
    assert [message for message, times in sent.items() if times > 1] == []
    gone = {(kind, to) for kind, to, _ in sent}
    assert len(gone) >= len(expected) - states["unknown"]
