"""What happens to a visit is written down with it: nothing for what was rolled back, nothing of a person."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from accounts.actors import actor_for
from scheduling import actions as visits
from scheduling.queries import desk_starts
from tenants import due
from tenants.context import enter
from webhooks import actions, outbox, sending
from webhooks.models import State, WebhookDelivery, WebhookEvent


def book(house, *, days=3, place=0):
    cast, at = house.cast, datetime.now(UTC)
    day = at.astimezone(cast.location.zone).date() + timedelta(days=days)
    start, provider = desk_starts(service=cast.services["botox"], location=cast.location, day=day, at=at)[
        place
    ]
    return visits.book_for(
        service=cast.services["botox"],
        provider=provider,
        location=cast.location,
        start=start,
        person=cast.pat,
        notes="allergic to kumquats",
        by=actor_for(cast.desk),
        user=cast.desk,
        at=at,
    ).appointment


def test_every_step_is_told_in_order(endpoint, glow):
    by, at = actor_for(glow.cast.desk), datetime.now(UTC)
    visit = book(glow)
    visit = visits.confirm(visit, by=by, at=at)
    visits.undo_last(visit, by=by, user=glow.cast.desk, at=at)
    visits.check_in(visit, by=by, at=at)
    visits.start(visit, by=by, at=at)
    visits.complete(visit, by=by, at=at)
    other = book(glow, days=5)
    visits.cancel(other, reason="does not like it", by=by, at=at)
    told = list(WebhookEvent.objects.order_by("pk"))
    assert [event.type.partition(".")[2] for event in told] == [
        "booked", "confirmed", "undone", "arrived", "in_room", "done", "booked", "cancelled",
    ]  # fmt: skip
    assert [event.data["status"] for event in told][:3] == ["booked", "confirmed", "booked"]
    assert told[-1].data["revision"] > told[-2].data["revision"]
    assert {event.about for event in told} == {visit.uid, other.uid}
    assert WebhookDelivery.objects.filter(state=State.QUEUED).count() == len(told)


def test_no_person_is_in_it(endpoint, glow):
    visits.cancel(book(glow), reason="moves to Peru", by=actor_for(glow.cast.desk), at=datetime.now(UTC))
    pat = glow.cast.pat
    hidden = [pat.first_name, pat.last_name, pat.email, pat.phone, str(pat.uid), "kumquats", "Peru", "Botox"]
    for event in WebhookEvent.objects.all():
        text = json.dumps(event.data)
        assert set(event.data) == {
            "id", "status", "revision", "start", "end", "timezone", "service", "provider", "location",
        }  # fmt: skip
        for word in hidden:
            assert word not in text


def test_only_what_was_subscribed(endpoint, glow):
    made, _secret = endpoint
    by, at = actor_for(glow.cast.owner), datetime.now(UTC)
    actions.change_endpoint(made, {"events": ["appointment.cancelled"]}, by=by, at=at)
    visit = book(glow)
    assert not WebhookEvent.objects.exists()
    visits.cancel(visit, reason="no longer wanted", by=by, at=at)
    assert [event.type for event in WebhookEvent.objects.all()] == ["appointment.cancelled"]


def test_nothing_is_left_of_what_was_rolled_back(endpoint, glow):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        book(glow)
        assert WebhookDelivery.objects.count() == 1
        raise Stop
    assert not WebhookDelivery.objects.exists()
    assert not WebhookEvent.objects.exists()


def test_an_event_needs_a_transaction_of_its_own_story(glow):
    with enter(glow.clinic), pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(RuntimeError):
            outbox.tell("appointment.booked", {}, about=None, at=datetime.now(UTC))


@pytest.mark.own_clinic
def test_the_clinic_next_door_hears_nothing(new_clinic, receiver):
    house, rival = new_clinic("glow"), new_clinic("rival")
    with enter(house.clinic):
        by, at = actor_for(house.cast.owner), datetime.now(UTC)
        actions.add_endpoint(
            url=receiver.url, events=["appointment.booked"], user=house.cast.owner, by=by, at=at
        )
    with enter(rival.clinic):
        book(rival)
        assert not WebhookEvent.objects.exists()
    with enter(house.clinic):
        assert not WebhookEvent.objects.exists()


@pytest.mark.own_clinic
def test_two_senders_at_once_send_it_once(new_clinic, receiver):
    house = new_clinic("glow")
    with enter(house.clinic):
        by, at = actor_for(house.cast.owner), datetime.now(UTC)
        made, _secret = actions.add_endpoint(
            url=receiver.url, events=["appointment.booked"], user=house.cast.owner, by=by, at=at
        )
        rows = [actions.send_test(made, by=by, at=at) for _ in range(5)]
        assert len(due.waiting(outbox.DUE, [row.uid for row in rows])) == 5
    gate = threading.Barrier(4)

    def work():
        gate.wait()
        with enter(house.clinic):
            for row in rows:
                sending.send(row.uid, at=datetime.now(UTC))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.calls) == len({call.id for call in receiver.calls}) == 5
    with enter(house.clinic):
        assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {State.DELIVERED}
