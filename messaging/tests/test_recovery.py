"""Kills, lost answers and twins: nothing is sent twice, and what nobody knows is asked for."""

import threading

import pytest
from django.db import connections

from core.clock import now
from core.ids import uuid7
from messaging import channels, queries, recovery, sending, tasks
from messaging.models import SEND_LEASE, Message
from messaging.tests.conftest import queue
from messaging.tests.moments import HOUR, MINUTE, NOON
from tenants import due
from tenants.context import enter

LATER = NOON + SEND_LEASE + MINUTE


class Killed(BaseException):
    """A kill -9, as far as one process can play it to itself."""


ARRIVED = ("accepted", "delivered")  # the sandbox's news of the delivery comes when it comes


def state(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def kill_before(*args, **kwargs):
    raise Killed


def kill_after(message: Message) -> str:
    channels.sms.deliver(message) if message.is_text else channels.mail.deliver(message)
    raise Killed


@pytest.mark.own_clinic
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("death", [kill_before, kill_after], ids=["before", "after"])
def test_a_sender_killed_before_or_after_the_post(
    new_clinic, connected, sandbox, monkeypatch, channel, death
):
    house = new_clinic()
    connected(house)
    with enter(house.clinic):
        message = queue(channel)
        with monkeypatch.context() as patch:
            patch.setattr(channels, "deliver", death)
            with pytest.raises(Killed):
                sending.send(message.uid, at=NOON)
        assert state(message) == "sending"
        assert tasks.process(message.uid, at=NOON + MINUTE) == "later"  # the lease has not run out
        for step in range(3):
            tasks.process(message.uid, at=LATER + step * MINUTE)
        assert state(message) in ARRIVED
        assert due.waiting("message", [message.uid]) == set()
    assert len(sandbox.sent()) == 1


@pytest.mark.parametrize("fault", [{"reset": True}, {"status": 500, "accepted": True}])
def test_an_answer_that_got_lost_is_found_in_the_provider_s_list(inside, sandbox, fault):
    sandbox.arm(provider="twilio", **fault)
    message = queue()
    assert sending.send(message.uid, at=NOON) == "trouble"
    assert state(message) == "unknown"
    assert recovery.settle(message.uid, at=NOON + MINUTE) == "later"
    assert recovery.settle(message.uid, at=LATER) == "done"
    message.refresh_from_db()
    assert message.state in ARRIVED
    assert message.provider_id == sandbox.sent()[0]["id"]
    assert len(sandbox.sent()) == 1


def test_a_failed_post_that_left_no_trace_is_sent_again_once(inside, sandbox):
    sandbox.arm(provider="twilio", status=503)
    message = queue()
    sending.send(message.uid, at=NOON)
    assert state(message) == "unknown"
    for step in range(4):
        tasks.process(message.uid, at=LATER + step * MINUTE)
    assert state(message) in ARRIVED
    assert len(sandbox.sent()) == 1


def test_while_the_provider_cannot_be_asked_it_stays_unknown_and_is_shown(inside, sandbox):
    visit = uuid7()
    sandbox.arm(provider="twilio", reset=True)
    message = queue(about=visit)
    sending.send(message.uid, at=NOON)
    sandbox.arm(provider="twilio", status=503, calls="all", times=9)
    for step in range(3):
        assert recovery.settle(message.uid, at=LATER + step * HOUR) == "later"
    assert state(message) == "unknown"
    assert queries.doubtful(visit)
    assert queries.states_for([visit]) == {visit: ["unknown"]}
    assert recovery.settle(message.uid, at=NOON + 25 * HOUR) == "done"
    assert state(message) == "unknown"
    assert due.waiting("message", [message.uid]) == set()
    assert len(sandbox.sent()) == 1


def test_two_equal_texts_with_lost_answers_are_told_apart_by_count(inside, sandbox):
    sandbox.arm(provider="twilio", reset=True, times=1)
    sandbox.arm(provider="twilio", status=503, times=1)
    sending.send(queue(kind="first", body="Same words.").uid, at=NOON)
    both = list(Message.objects.order_by("id"))
    second = queue(kind="second", body=both[0].body)
    sending.send(second.uid, at=NOON)
    for step in range(3):
        for uid in (both[0].uid, second.uid):
            tasks.process(uid, at=LATER + step * MINUTE)
    assert {state(both[0]), state(second)} <= set(ARRIVED)
    ids = {one.provider_id for one in Message.objects.all()}
    assert ids == {row["id"] for row in sandbox.sent()}
    assert len(ids) == 2


def test_a_late_one_is_not_sent_after_all(inside, sandbox):
    sandbox.arm(provider="twilio", status=503)
    message = queue(send_before=NOON + MINUTE)
    sending.send(message.uid, at=NOON)
    recovery.settle(message.uid, at=LATER)
    assert state(message) == "dropped"
    assert sandbox.sent() == []


def test_a_mail_with_a_lost_answer_is_repeated_under_its_key(inside, sandbox):
    sandbox.arm(provider="resend", reset=True)
    message = queue("email", body="Hello")
    sending.send(message.uid, at=NOON)
    assert state(message) == "unknown"
    assert tasks.process(message.uid, at=LATER) == "done"
    assert state(message) in ARRIVED
    assert len(sandbox.sent()) == 1


def test_a_mail_older_than_its_key_is_not_repeated(inside, sandbox):
    sandbox.arm(provider="resend", status=500)
    message = queue("email")
    sending.send(message.uid, at=NOON)
    created = Message.objects.get(pk=message.pk).created_at
    Message.objects.filter(pk=message.pk).update(claimed_at=created)
    assert recovery.settle(message.uid, at=created + 24 * HOUR) == "done"
    assert state(message) == "unknown"
    assert sandbox.sent() == []


@pytest.mark.own_clinic
def test_many_workers_with_the_same_slice_send_each_message_once(new_clinic, connected, sandbox):
    house = new_clinic()
    connected(house)
    with enter(house.clinic):
        uids = [queue(kind=f"k{n}", to=f"+1512555{1000 + n}").uid for n in range(40)]

    def work():
        try:
            with enter(house.clinic):
                for uid in uids:
                    tasks.process(uid, at=NOON)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = [row["to"] for row in sandbox.sent()]
    assert len(sent) == len(set(sent)) == 40
    with enter(house.clinic):
        assert set(Message.objects.values_list("state", flat=True)) <= set(ARRIVED)


@pytest.mark.own_clinic
def test_a_sender_that_only_sleeps_is_not_taken_for_dead(new_clinic, connected, sandbox, monkeypatch):
    house = new_clinic()
    connected(house)
    handing_over, go_on = threading.Event(), threading.Event()
    real = channels.deliver

    def slowly(message):
        handing_over.set()
        assert go_on.wait(20)
        return real(message)

    monkeypatch.setattr(channels, "deliver", slowly)
    with enter(house.clinic):
        message = queue()

    def work():
        try:
            with enter(house.clinic):
                sending.send(message.uid, at=NOON)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert handing_over.wait(20)
    with enter(house.clinic):
        assert tasks.process(message.uid, at=NOON + 10 * HOUR) == "later"
    go_on.set()
    worker.join()
    with enter(house.clinic):
        assert state(message) in ARRIVED
    assert len(sandbox.sent()) == 1


def test_lost_places_in_the_due_queue_are_given_again(inside, sandbox):
    waiting, future = queue(), queue(send_after=NOON + HOUR)
    sandbox.arm(provider="twilio", reset=True)
    unsure = queue()
    sending.send(unsure.uid, at=NOON)
    done = queue()
    sending.send(done.uid, at=NOON)
    Message.objects.filter(pk=unsure.pk).update(claimed_at=now())
    everybody = [waiting.uid, future.uid, unsure.uid, done.uid]
    due.cancel("message", everybody)
    assert tasks.reconcile.run() == 3
    assert due.waiting("message", everybody) == {waiting.uid, future.uid, unsure.uid}
    assert tasks.reconcile.run() == 0
