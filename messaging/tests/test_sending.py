"""Out of the outbox: once, from the clinic's own number, at a time that suits, and not where somebody said no."""

from typing import Any

import pytest
from django.db import transaction

from core.ids import uuid7
from messaging import consents, contacts, credentials, outbox, sending, tasks
from messaging.consents import Topic
from messaging.models import Message, OptOutEvent, State
from messaging.queries import state_labels
from messaging.tests.conftest import PAT, queue
from messaging.tests.moments import HOUR, MINUTE, MORNING, NIGHT, NOON
from tenants import due
from tenants.context import enter


def state(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def decide(granted: bool, *, topic: str = Topic.MARKETING, channel: str = "sms", to: str = PAT) -> None:
    consents.decide(
        contacts.index_of(channel, to),
        channel,
        topic=topic,
        granted=granted,
        text_version="1",
        text_shown="You may text me offers.",
        source="test",
        at=NOON,
    )


@pytest.mark.promise("P78")
def test_a_text_leaves_by_the_clinic_s_own_account(inside, sandbox, post):
    message = queue(subject=inside.cast.pat.uid)
    assert sending.send(message.uid, at=NOON) == "done"
    [sent] = sandbox.sent()
    assert (sent["to"], sent["from"], sent["account"]) == (PAT, post.number, post.sid)
    assert sent["status_callback"].endswith(f"/hooks/twilio/status/{message.uid}/")
    message.refresh_from_db()
    assert (message.state, message.provider_id, message.accepted_at) == ("accepted", sent["id"], NOON)
    assert due.waiting("message", [message.uid]) == set()


@pytest.mark.promise("P89", "P90")
def test_a_mail_leaves_in_the_clinic_s_name_with_its_attachment(inside, sandbox):
    entry = (
        "visit.ics",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "text/calendar; method=REQUEST; charset=utf-8",
    )
    message = queue(
        "email", subject=inside.cast.pat.uid, attachments=[entry], body="Hello.\n\nhttps://glow.example/x"
    )
    assert sending.send(message.uid, at=NOON) == "done"
    [sent] = sandbox.sent()
    assert sent["to"] == "pat@example.com"
    assert sent["from"].startswith("Glow Aesthetics <")
    assert sent["subject"] == "Your visit"
    assert '<a href="https://glow.example/x">' in sent["html"]
    [attached] = sent["attachments"]
    assert attached["filename"] == "visit.ics"
    assert attached["content_type"].startswith("text/calendar")
    assert state(message) == "accepted"


@pytest.mark.promise("P82", "P83")
def test_the_first_text_to_a_number_says_how_to_stop_and_what_it_costs(inside, sandbox):
    for _each in range(2):
        sending.send(queue().uid, at=NOON)
    first, second = (sent["body"] for sent in sandbox.sent())
    assert "Reply STOP to opt out, HELP for help." in first
    assert "Message and data rates may apply" in first
    assert "Message frequency varies based on appointment schedule" in first
    assert "STOP" not in second


def test_the_disclosure_is_in_the_language_of_the_message(inside, sandbox):
    sending.send(queue(language="es").uid, at=NOON)
    assert "Responda STOP" in sandbox.sent()[0]["body"]


def test_nothing_in_the_row_is_in_clear(inside):
    message = queue(subject=inside.cast.pat.uid, body="Canary text")
    row = Message.objects.filter(pk=message.pk).values("to", "content", "subject_line", "contact_index")[0]
    values: list[Any] = list(row.values())
    stored = b"".join(bytes(value) for value in values)
    assert b"Canary" not in stored
    assert PAT.encode() not in stored


def test_a_message_is_due_only_from_its_time_on(inside, sandbox):
    message = queue(send_after=NOON + HOUR)
    assert sending.send(message.uid, at=NOON) == "later"
    assert state(message) == "queued"
    assert sending.send(message.uid, at=NOON + HOUR) == "done"
    assert len(sandbox.sent()) == 1


def test_reminders_wait_out_the_quiet_hours_of_the_recipient(inside, sandbox):
    message = queue(purpose="reminder", send_after=NIGHT, zone="America/Chicago", region="TX")
    assert sending.send(message.uid, at=NIGHT) == "later"
    assert sandbox.sent() == []
    assert due.waiting("message", [message.uid])
    assert sending.send(message.uid, at=MORNING - MINUTE) == "later"
    assert sending.send(message.uid, at=MORNING) == "done"
    assert len(sandbox.sent()) == 1


def test_a_mailed_reminder_waits_too(inside, sandbox):
    message = queue("email", purpose="reminder", send_after=NIGHT, zone="America/Chicago", region="TX")
    assert sending.send(message.uid, at=NIGHT) == "later"
    assert sending.send(message.uid, at=MORNING) == "done"


def test_answers_go_at_once_even_at_night(inside, sandbox):
    assert sending.send(queue(send_after=NIGHT).uid, at=NIGHT) == "done"


def test_what_would_come_too_late_is_dropped(inside, sandbox):
    late = queue(purpose="reminder", send_before=NOON + HOUR)
    assert sending.send(late.uid, at=NOON + HOUR) == "done"
    held = queue(
        purpose="reminder", send_after=NIGHT, send_before=NIGHT + HOUR, zone="America/Chicago", region="TX"
    )
    assert sending.send(held.uid, at=NIGHT) == "done"
    assert (state(late), state(held)) == ("dropped", "dropped")
    assert sandbox.sent() == []


def test_consent_is_asked_again_when_a_held_message_is_released(inside, sandbox):
    decide(True)
    message = queue(purpose="marketing", send_after=NIGHT, zone="America/Chicago", region="TX")
    assert sending.send(message.uid, at=NIGHT) == "later"
    decide(False)
    assert sending.send(message.uid, at=MORNING) == "done"
    assert state(message) == "suppressed"
    assert sandbox.sent() == []


def test_at_most_three_unasked_texts_a_day(inside, sandbox):
    messages = [queue(purpose="reminder", zone="America/Chicago", region="TX") for _each in range(4)]
    for message in messages:
        sending.send(message.uid, at=NOON)
    assert [state(message) for message in messages] == ["accepted"] * 3 + ["queued"]
    assert sending.send(messages[3].uid, at=NOON + 24 * HOUR + MINUTE) == "done"
    assert len(sandbox.sent()) == 4


def test_a_newer_revision_makes_the_older_one_void(inside, sandbox):
    visit = uuid7()
    old = queue(about=visit, revision=0)
    new = queue(about=visit, revision=1)
    for message in (old, new):
        sending.send(message.uid, at=NOON)
    assert (state(old), state(new)) == ("void", "accepted")
    assert len(sandbox.sent()) == 1


@pytest.mark.promise("P66")
def test_offers_need_a_consent_and_name_it(inside, sandbox):
    refused = queue(purpose="marketing", zone="America/Chicago", region="TX")
    sending.send(refused.uid, at=NOON)
    decide(True)
    allowed = queue(purpose="marketing", zone="America/Chicago", region="TX")
    sending.send(allowed.uid, at=NOON)
    decide(False)
    again = queue(purpose="marketing", zone="America/Chicago", region="TX")
    sending.send(again.uid, at=NOON)
    assert [state(one) for one in (refused, allowed, again)] == ["suppressed", "accepted", "suppressed"]
    allowed.refresh_from_db()
    assert allowed.decision is not None
    flags = consents.preference("sms", PAT)
    assert flags is not None
    assert (flags.sms_marketing, flags.sms_consent, flags.email_consent) == (False, None, None)
    assert len(sandbox.sent()) == 1


@pytest.mark.promise("P66")
def test_a_refusal_holds_back_texts_but_not_the_mailed_confirmation(inside, sandbox):
    pat = inside.cast.pat.uid
    decide(False, topic=Topic.SERVICE)
    decide(False, topic=Topic.SERVICE, channel="email", to="pat@example.com")
    text, mail = queue(subject=pat), queue("email", subject=pat)
    reminder = queue("email", subject=pat, purpose="reminder", zone="America/Chicago", region="TX")
    for message in (text, mail, reminder):
        sending.send(message.uid, at=NOON)
    assert [state(one) for one in (text, mail, reminder)] == ["suppressed", "accepted", "suppressed"]
    flags = consents.preference("email", "pat@example.com")
    assert flags is not None
    assert flags.email_consent is False


def test_a_stop_known_only_to_the_provider_becomes_ours(inside, sandbox):
    number = "+15005550004"  # the provider's own number for trying this
    message = queue(to=number)
    assert sending.send(message.uid, at=NOON) == "done"
    assert state(message) == "suppressed"
    assert contacts.is_stopped("sms", number)
    assert OptOutEvent.objects.get().source == "21610"


def test_a_number_that_cannot_be_is_given_up(inside, sandbox):
    message = queue(to="+15005550009")
    sending.send(message.uid, at=NOON)
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "21614")


def test_what_surely_did_not_leave_is_tried_again_with_growing_pauses(inside, sandbox):
    sandbox.arm(provider="twilio", status=429, times=2)
    message = queue()
    assert sending.send(message.uid, at=NOON) == "trouble"
    assert state(message) == "queued"
    assert sending.send(message.uid, at=NOON + MINUTE) == "trouble"
    assert sending.send(message.uid, at=NOON + 2 * MINUTE) == "done"
    assert len(sandbox.sent()) == 1
    assert sending.pause_after(1) < sending.pause_after(2) < sending.pause_after(9) == HOUR


def test_after_many_refusals_it_is_given_up(inside, sandbox):
    sandbox.arm(provider="twilio", status=429, times=50)
    message = queue()
    for attempt in range(sending.MOST_ATTEMPTS):
        sending.send(message.uid, at=NOON + attempt * HOUR)
    assert state(message) == "failed"
    assert sandbox.sent() == []


@pytest.mark.own_clinic
def test_without_an_account_nothing_leaves(new_clinic, sandbox):
    house = new_clinic(cast=False)
    with enter(house.clinic):
        message = queue()
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "no_account")


def test_another_clinic_s_account_can_neither_be_seen_nor_used(glow, rival, connected):
    connected(glow)
    connected(rival)
    with enter(glow.clinic):
        theirs = credentials.own_account("twilio")
        assert theirs.token()
    with enter(rival.clinic):
        assert credentials.own_account("twilio").clinic == rival.clinic.uid
        with pytest.raises(credentials.ForeignAccount):
            theirs.token()
    with pytest.raises(credentials.ForeignAccount):
        credentials.connect(
            rival.clinic, provider="twilio", account_id=theirs.account_id, token="x", address="+15035550100"
        )


def test_a_task_sends_its_slice_and_goes_round_one_that_is_broken(inside, sandbox, monkeypatch):
    messages = [queue() for _each in range(3)]
    real = sending.claim

    def stumble(uid, *, at):
        if uid == messages[1].uid:
            raise KeyError("a fault of ours")
        return real(uid, at=at)

    monkeypatch.setattr(sending, "claim", stumble)
    tasks.send_messages.run([str(one.uid) for one in messages] + [str(uuid7())])
    assert [state(one) for one in messages] == ["accepted", "queued", "accepted"]


def test_a_task_stops_asking_a_provider_that_does_not_answer(inside, sandbox):
    messages = [queue() for _each in range(8)]
    sandbox.arm(provider="twilio", status=503, times=8)
    tasks.send_messages.run([str(one.uid) for one in messages])
    states = [state(one) for one in messages]
    assert states == ["unknown"] * tasks.MOST_TROUBLE + ["queued"] * (8 - tasks.MOST_TROUBLE)
    assert due.waiting("message", [one.uid for one in messages]) == {one.uid for one in messages}


def test_with_the_vault_down_messages_wait(inside, sandbox, vault_down):
    message = queue()
    vault_down()
    tasks.send_messages.run([str(message.uid)])
    assert state(message) == "queued"
    assert due.waiting("message", [message.uid])


def test_void_takes_back_only_what_waits(inside, sandbox):
    visit = uuid7()
    gone = queue(about=visit, revision=0)
    sending.send(gone.uid, at=NOON)
    waiting = [
        queue(about=visit, revision=0, send_after=NOON + HOUR),
        queue(about=visit, kind="visit_moved", revision=1),
    ]
    assert outbox.void(visit, below_revision=1) == 1
    assert outbox.void(visit, kinds=["nothing"]) == 0
    assert [state(one) for one in (gone, *waiting)] == ["accepted", "void", "queued"]
    assert outbox.void(visit) == 1
    assert due.waiting("message", [one.uid for one in waiting]) == set()


def test_the_same_key_is_queued_once(inside, sandbox):
    first = queue(dedupe_key="visit:72h")
    second = queue(dedupe_key="visit:72h", body="Other words")
    assert first.uid == second.uid
    for _each in range(2):
        sending.send(first.uid, at=NOON)
    assert len(sandbox.sent()) == 1


@pytest.mark.own_clinic
def test_queueing_belongs_to_a_transaction_and_goes_with_it(new_clinic, sandbox):
    house = new_clinic(cast=False)
    with enter(house.clinic):
        with pytest.raises(RuntimeError):
            outbox.add("sms", "x", subject=None, to=PAT, body="x", dedupe_key="x", send_after=NOON)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            queue()
            raise ZeroDivisionError
        assert not Message.objects.exists()


def test_bad_addresses_and_empty_texts_are_refused(inside):
    for wrong in ({"to": "12"}, {"body": ""}, {"body": "x" * 2000}):
        with pytest.raises(ValueError):
            queue(**wrong)
    with pytest.raises(ValueError):
        queue("email", to="nobody")
    assert not Message.objects.exists()


def test_every_state_has_its_words():
    assert set(state_labels()) == set(State.values)
