"""To a real receiver: signed, tried again, given up, never twice under two ids, and never to where it must not go."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from django.db import transaction

from accounts.actors import actor_for
from audit.models import Event
from messaging.models import Message
from tenants import due
from webhooks import actions, addresses, outbox, posting, sending
from webhooks.models import State, Stopped, WebhookDelivery, WebhookEndpoint, WebhookEvent
from webhooks.tests.conftest import AT
from webhooks.tests.receiver import is_genuine

MINUTE = timedelta(minutes=1)
DATA = {"id": "x", "status": "booked"}


def tell(at=AT, kind="appointment.booked"):
    with transaction.atomic():
        outbox.tell(kind, DATA, about=None, at=at)
    return WebhookDelivery.objects.order_by("-id").first()


def fresh(row):
    row.refresh_from_db()
    return row


def test_a_delivery_is_signed_and_says_what_happened(endpoint, receiver):
    _endpoint, secret = endpoint
    delivery = tell(at=datetime.now(UTC))
    sending.send(delivery.uid, at=datetime.now(UTC))
    (call,) = receiver.calls
    assert is_genuine(call, secret)
    assert not is_genuine(call, "whsec_" + "A" * 43 + "=")
    assert not is_genuine(call, secret, now=datetime.now(UTC).timestamp() + 600)
    event = WebhookEvent.objects.get()
    assert call.id == call.json["id"] == str(event.uid)
    assert event.uid.version == 7
    assert call.json["type"] == "appointment.booked"
    assert call.json["data"] == DATA
    assert call.path == "/hook?key=1"
    assert call.headers["content-type"] == "application/json"
    assert fresh(delivery).state == State.DELIVERED
    assert delivery.response_code == 204
    assert due.waiting(outbox.DUE, [delivery.uid]) == set()


def test_a_changed_body_or_id_is_not_genuine(endpoint, receiver):
    delivery = tell(at=datetime.now(UTC))
    sending.send(delivery.uid, at=datetime.now(UTC))
    (call,) = receiver.calls
    call.body = call.body.replace(b"booked", b"done")
    assert not is_genuine(call, endpoint[1])


def test_it_is_tried_seven_times_then_given_up(endpoint, receiver):
    receiver.answers = [500]
    delivery, at = tell(), AT
    for pause in sending.PAUSES:
        sending.send(delivery.uid, at=at)
        assert fresh(delivery).state == State.QUEUED
        assert delivery.next_try_at == at + pause
        assert sending.send(delivery.uid, at=at + pause - timedelta(seconds=1)) == sending.Outcome.LATER
        at += pause
    sending.send(delivery.uid, at=at)
    assert fresh(delivery).state == State.DEAD
    assert (delivery.response_code, len(delivery.tries), delivery.attempts) == (500, 7, 7)
    assert len(receiver.calls) == 7
    assert len({call.id for call in receiver.calls}) == 1
    assert due.waiting(outbox.DUE, [delivery.uid]) == set()


def test_success_ends_the_failing(endpoint, receiver):
    receiver.answers = [503, 200]
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    assert WebhookEndpoint.objects.get().failing_since == AT
    sending.send(delivery.uid, at=AT + MINUTE)
    assert fresh(delivery).state == State.DELIVERED
    assert WebhookEndpoint.objects.get().failing_since is None


def test_410_stops_the_endpoint_and_tells_the_owner(endpoint, receiver, glow):
    receiver.answers = [410]
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    stopped = WebhookEndpoint.objects.get()
    assert stopped.stopped == Stopped.GONE
    assert fresh(delivery).state == State.DEAD
    mail = Message.objects.get(kind="webhook_stopped")
    assert mail.to == glow.cast.owner.email
    assert "127.0.0.1" in mail.subject_line
    assert "key=1" not in mail.content["text"]
    assert "gone for good" in mail.content["text"]
    assert Event.objects.filter(verb="webhook.stopped", actor_kind="job").count() == 1


def test_days_of_failures_stop_it_once(endpoint, receiver):
    receiver.answers = [500]
    first = tell()
    sending.send(first.uid, at=AT)
    later = AT + sending.GIVEN_UP_AFTER
    second, third = tell(at=later), tell(at=later)
    sending.send(second.uid, at=later)
    assert WebhookEndpoint.objects.get().stopped == Stopped.FAILING
    sending.send(third.uid, at=later)
    assert fresh(third).state == State.DROPPED
    assert Message.objects.filter(kind="webhook_stopped").count() == 1
    assert len(receiver.calls) == 2


def test_a_dead_sender_is_followed_by_another_with_the_same_id(endpoint, receiver):
    delivery = tell()
    claimed, letter = sending.claim(delivery.uid, at=AT)
    sending.deliver(letter, at=AT)  # … and here the worker was killed, before it wrote the answer
    assert sending.send(delivery.uid, at=AT + MINUTE) == sending.Outcome.LATER
    assert len(receiver.calls) == 1
    sending.send(delivery.uid, at=AT + sending.LEASE)
    assert fresh(delivery).state == State.DELIVERED
    assert len(receiver.calls) == 2
    assert receiver.calls[0].id == receiver.calls[1].id
    # The first was not dead but slow: its answer comes too late to count.
    assert sending.settle(claimed, posting.Answer(500), at=AT, ms=1) == sending.Outcome.LATER
    assert fresh(delivery).state == State.DELIVERED


def test_redirects_are_not_followed(endpoint, receiver):
    receiver.answers, receiver.extra = [302], {"Location": "http://127.0.0.1:1/other"}
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    assert fresh(delivery).error == "redirect"
    assert delivery.state == State.QUEUED
    assert len(receiver.calls) == 1


def test_a_name_that_leads_inside_by_now_gets_nothing(endpoint, receiver, settings, monkeypatch):
    settings.WEBHOOKS_TO_LOOPBACK = False
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    assert fresh(delivery).error == "not_https"
    monkeypatch.setattr(addresses, "resolve", lambda host, port: [ip_address("169.254.169.254")])
    WebhookEndpoint.objects.update(resting_until=None)
    one = WebhookEndpoint.objects.get()
    one.url = "https://rebound.example/"
    one.save()
    sending.send(delivery.uid, at=AT + MINUTE)
    assert fresh(delivery).error == "not_public"
    assert receiver.calls == []


def test_the_address_that_was_judged_is_the_one_that_is_dialled(endpoint, receiver, monkeypatch):
    """The name resolves to loopback when it is judged; whatever it resolves to afterwards is never asked."""
    asked = []

    def resolve(host, port):
        asked.append(host)
        return [ip_address("127.0.0.1")]

    monkeypatch.setattr(addresses, "resolve", resolve)
    one = WebhookEndpoint.objects.get()
    one.url = receiver.url.replace("127.0.0.1", "rebind.invalid")
    one.save()
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    assert fresh(delivery).state == State.DELIVERED
    assert asked == ["rebind.invalid"]
    assert receiver.calls[0].headers["host"].startswith("rebind.invalid:")


@pytest.mark.parametrize("seconds", [0.3])
def test_silence_costs_so_long_and_lets_the_endpoint_rest(endpoint, receiver, monkeypatch, seconds):
    monkeypatch.setattr(posting, "READ_SECONDS", seconds)
    receiver.answers = [2.0]
    first, second = tell(), tell()
    sending.send(first.uid, at=AT)
    assert fresh(first).error == "timeout"
    assert sending.send(second.uid, at=AT) == sending.Outcome.LATER
    assert fresh(second).attempts == 0
    assert len(receiver.calls) == 1


def test_a_huge_answer_is_not_read(endpoint, receiver):
    receiver.answers, receiver.body = [200], b"x" * 5_000_000
    delivery = tell()
    sending.send(delivery.uid, at=AT)
    assert fresh(delivery).state == State.DELIVERED


def test_nobody_listens(endpoint, receiver):
    delivery = tell()
    receiver.close()
    receiver.close = lambda: None
    sending.send(delivery.uid, at=AT)
    assert fresh(delivery).error == "refused"


def test_while_a_secret_is_replaced_both_sign(endpoint, receiver, glow):
    made, old = endpoint
    at = datetime.now(UTC)
    new = actions.replace_secret(made, by=actor_for(glow.cast.owner), at=at)
    sending.send(tell(at=at).uid, at=at)
    assert is_genuine(receiver.calls[0], old)
    assert is_genuine(receiver.calls[0], new)
    later = at + timedelta(hours=25)
    sending.send(tell(at=later).uid, at=later)
    assert not is_genuine(receiver.calls[1], old, now=later.timestamp())
    assert is_genuine(receiver.calls[1], new, now=later.timestamp())


def test_what_is_stored_is_sealed(endpoint, receiver):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT url, secret FROM webhooks_webhookendpoint")
        stored = b"".join(bytes(one) for one in cursor.fetchone())
    assert b"127.0.0.1" not in stored
    assert endpoint[1].encode() not in stored


def test_replay_one_and_a_range(endpoint, receiver, glow):
    made, _secret = endpoint
    by = actor_for(glow.cast.owner)
    first = tell()
    sending.send(first.uid, at=AT)
    actions.replay(first, by=by, at=AT + MINUTE)
    sending.send(first.uid, at=AT + MINUTE)
    assert [call.id for call in receiver.calls] == [receiver.calls[0].id] * 2
    actions.stop(made, by=by, at=AT)
    tell(at=AT + MINUTE)  # written down, though nobody is told
    assert WebhookDelivery.objects.count() == 1
    actions.start(made, by=by, at=AT + 2 * MINUTE)
    span = {"since": AT - MINUTE, "until": AT + 2 * MINUTE, "by": by, "at": AT + 3 * MINUTE}
    assert actions.replay_range(made, everything=False, **span) == 1
    assert actions.replay_range(made, everything=True, **span) == 2
    missed = WebhookDelivery.objects.order_by("-id").first()
    sending.send(missed.uid, at=AT + 3 * MINUTE)
    assert receiver.calls[-1].id == str(missed.event.uid)


def test_old_ones_are_forgotten(endpoint, receiver):
    old, young = tell(at=AT - timedelta(days=31)), tell()
    actions.forget_old(at=AT)
    assert list(WebhookDelivery.objects.values_list("uid", flat=True)) == [young.uid]
    assert old.uid != young.uid


def test_a_lost_place_in_the_queue_is_found(endpoint, receiver):
    from webhooks.tasks import reconcile

    delivery = tell(at=datetime.now(UTC))
    due.cancel(outbox.DUE, [delivery.uid])
    assert reconcile.run() == 1
    assert due.waiting(outbox.DUE, [delivery.uid]) == {delivery.uid}


def test_the_worker_goes_on_with_the_others(endpoint, receiver, glow, monkeypatch):
    from webhooks.tasks import send_deliveries

    first, second = tell(at=datetime.now(UTC)), tell(at=datetime.now(UTC))
    real = sending.body_of
    monkeypatch.setattr(
        sending, "body_of", lambda event: real(event) if event.pk != first.event_id else 1 / 0
    )
    send_deliveries.run([str(first.uid), str(second.uid)])
    assert (fresh(first).state, fresh(second).state) == (State.QUEUED, State.DELIVERED)
