"""Many at once on one code: every try is counted, and a right code opens one session."""

import threading

import pytest
from django.db import connections

from core.clock import now
from portal import codes
from portal.codes import Contact, Verdict
from portal.models import OneTimeCode, Purpose
from portal.tests.helpers import digits_of
from tenants.context import enter
from tests.cast import PEOPLE

pytestmark = pytest.mark.own_clinic


def at_once(house, tries: list[str], nonce: str) -> list[Verdict]:
    """All of them together, each on a connection of its own."""
    gate, found = threading.Barrier(len(tries)), []

    def one(digits: str) -> None:
        try:
            with enter(house.clinic):
                gate.wait()
                found.append(codes.spend(nonce, Purpose.SIGN_IN, digits, at=now())[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(digits,)) for digits in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def asked(house) -> tuple[str, str]:
    from messaging.models import Message

    with enter(house.clinic):
        nonce = codes.ask(Contact("email", PEOPLE["glow"]["pat"].email), purpose=Purpose.SIGN_IN, at=now())
        codes.send(OneTimeCode.objects.get().uid, site="http://clinic.test", at=now())
        return nonce, digits_of(Message.objects.get(kind=codes.KIND))


@pytest.mark.promise("P153")
def test_parallel_guesses_are_all_counted(new_clinic):
    house = new_clinic("glow")
    nonce, right = asked(house)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    verdicts = at_once(house, [wrong] * 4, nonce)
    assert verdicts == [Verdict.WRONG] * 4
    verdicts = at_once(house, [wrong] * 4 + [wrong] * 4, nonce)
    assert set(verdicts) == {Verdict.GONE}
    with enter(house.clinic):
        assert OneTimeCode.objects.get().tries == codes.MOST_TRIES
        assert codes.spend(nonce, Purpose.SIGN_IN, right, at=now())[0] is Verdict.GONE


def test_a_right_code_entered_many_times_at_once_is_right_once(new_clinic):
    house = new_clinic("glow")
    nonce, right = asked(house)
    verdicts = at_once(house, [right] * 4, nonce)
    assert sorted(one.value for one in verdicts) == ["gone", "gone", "gone", "right"]


def test_a_worker_that_comes_twice_sends_one_code(new_clinic):
    from messaging.models import Message

    house = new_clinic("glow")
    asked(house)
    with enter(house.clinic):
        uid = OneTimeCode.objects.get().uid
        codes.send(uid, site="http://clinic.test", at=now())
        assert Message.objects.filter(kind=codes.KIND).count() == 1
