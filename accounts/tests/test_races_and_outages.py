"""What happens at the same moment, and what still works when a part of the house is down."""

import threading

import pytest
from django.db import connections

from accounts import actions, second_factor, signals
from accounts.tests.helpers import code_now, fresh
from audit.actors import job
from core.clock import now
from core.problems import Problem, Unavailable
from tenants.context import enter


def at_once(count, work):
    """Run `work(n)` in that many threads, released together; their answers in no order."""
    gate, answers = threading.Barrier(count), []

    def run(number):
        gate.wait()
        try:
            answers.append(work(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.own_clinic
@pytest.mark.promise("P146")
def test_of_many_tries_with_one_code_one_gets_through(new_clinic):
    house = new_clinic("rival")
    with enter(house.clinic):
        recovery = second_factor.renew_codes(fresh(house))[0]
    for code in (code_now(house.cast.totp["front_desk"]), recovery):

        def spend(_, code=code):
            with enter(house.clinic):
                return second_factor.spend(house.cast.desk, code, at=now()) is not None

        assert sorted(at_once(8, spend)) == [False] * 7 + [True]


@pytest.mark.own_clinic
def test_two_owners_cannot_leave_together(new_clinic):
    house = new_clinic("glow")
    by = job("tests")
    with enter(house.clinic):
        actions.change_role(fresh(house, "admin"), "owner", by=by, at=now())

    def leave(number):
        with enter(house.clinic):
            try:
                actions.end_access(fresh(house, ("owner", "admin")[number]), by=by, at=now())
            except Problem as problem:
                return problem.status
            return 200

    assert sorted(at_once(2, leave)) == [200, 409]


@pytest.fixture
def vault_down():
    """Nothing can be sealed, so no notice can be queued."""

    def refuse(**kwargs):
        raise Unavailable

    signals.notice_wanted.connect(refuse)
    yield
    signals.notice_wanted.disconnect(refuse)


def test_staff_get_in_with_the_vault_down(glow, vault_down):
    client, desk = glow.client(), glow.cast.desk
    login = {"email": desk.email, "password": glow.cast.password}
    assert client.post("/desk/sign-in/", login).status_code == 302
    assert client.get("/desk/profile/").status_code == 200
    assert glow.client().post("/desk/sign-in/", login).status_code == 302


def test_wrong_passwords_are_refused_the_same_with_the_vault_down(glow, vault_down):
    wrong = {"email": glow.cast.desk.email, "password": "wrong"}
    answers = [glow.client().post("/desk/sign-in/", wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_change_that_must_be_told_waits_for_the_vault(glow, vault_down):
    client = glow.client(glow.cast.desk)
    new = {"current": glow.cast.password, "new": "zebra wagon lamp", "repeated": "zebra wagon lamp"}
    assert client.post("/desk/password/", new).status_code == 503
    with enter(glow.clinic):
        assert fresh(glow).password == glow.cast.desk.password
