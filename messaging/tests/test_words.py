"""The words: in both languages, without treatments, safe in HTML; notices to staff; staff's own words to a person."""

import pytest
from django.db import transaction

from accounts import signals
from accounts.actors import actor_for
from audit.models import Event
from core.problems import Forbidden, Invalid
from messaging import actions, contacts, credentials, queries, sending, texts
from messaging.models import ConsentDecision, Message, OptOutEvent
from messaging.notices import ALERTS
from messaging.tests.conftest import PAT, queue
from messaging.tests.moments import NOON
from tenants import due
from tenants.context import enter

CLINIC = {"clinic": "Glow's <b>", "contact": "(512) 555-0142"}
TEXTS = ["help", "stop_confirmation", "start_confirmation", "cancel_intent"]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_texts_are_plain_short_and_name_the_clinic(kind, language):
    text = texts.render(kind, "sms", {**CLINIC, "service": "Botox"}, language)
    assert text.body.startswith("Glow's <b>") or language == "es"
    assert "Glow's <b>" in text.body
    assert "&" not in text.body
    assert "\n" not in text.body
    assert len(text.body) <= 320
    assert "Botox" not in text.body


@pytest.mark.parametrize("kind", TEXTS)
def test_spanish_is_not_english(kind):
    assert texts.render(kind, "sms", CLINIC, "es").body != texts.render(kind, "sms", CLINIC, "en").body


def test_html_has_the_same_words_escaped_and_links_to_tap():
    html = texts.as_html(
        "Hi <x>", "Hello <script>\n\nMove it: https://glow.example/a?b=1&c=2\n", clinic="Glow & Co"
    )
    assert "<script>" not in html
    assert "Hi &lt;x&gt;" in html
    assert "Glow &amp; Co" in html
    assert 'Move it: <a href="https://glow.example/a?b=1&amp;c=2">' in html
    assert "style" not in html


def test_the_disclosure_is_added_once():
    once = texts.with_disclosure("Hello")
    assert texts.with_disclosure(once) == once


def test_a_sign_in_code_goes_out_by_mail(inside, sandbox):
    olive = inside.cast.owner
    with transaction.atomic():
        signals.notice_wanted.send(
            sender=type(olive), kind=signals.SIGN_IN_CODE, user=olive, context={"code": "K7PQ4M", "minutes": 10}, at=NOON
        )  # fmt: skip
    message = Message.objects.get()
    assert message.subject is None
    assert sending.send(message.uid, at=NOON) == "done"
    [sent] = sandbox.sent()
    assert sent["to"] == "olive@glow.example"
    assert "K7PQ4M" in sent["body"]
    assert "K7PQ4M" not in sent["subject"]
    assert sending.send(queue("email").uid, at=NOON) == "done"


def test_a_code_that_ran_out_is_not_sent(inside, sandbox):
    olive = inside.cast.owner
    with transaction.atomic():
        signals.notice_wanted.send(
            sender=type(olive), kind=signals.SIGN_IN_CODE, user=olive, context={"code": "K7PQ4M", "minutes": 10}, at=NOON
        )  # fmt: skip
    message = Message.objects.get()
    assert message.send_before is not None
    sending.send(message.uid, at=message.send_before)
    assert sandbox.sent() == []


@pytest.mark.parametrize("event", signals.ALERTS)
def test_every_security_alert_has_its_words(inside, event):
    olive = inside.cast.owner
    with transaction.atomic():
        signals.notice_wanted.send(
            sender=type(olive),
            kind=signals.SECURITY_ALERT,
            user=olive,
            context={"event": event, "about": "Fran"},
            at=NOON,
        )
    message = Message.objects.get()
    assert message.subject_line.startswith("Security notice: ")
    assert str(ALERTS[event][1]) in message.body
    assert "Fran" in message.body
    assert "CDT" in message.body  # by the clinic's clock


@pytest.mark.promise("P78")
def test_staff_write_to_a_person_in_their_own_words(inside, sandbox):
    pat = inside.cast.pat.uid
    message = actions.send_to_subject(
        inside.cast.desk, subject=pat, channel="sms", to=PAT, body="Please come 10 minutes early.", at=NOON
    )
    sending.send(message.uid, at=NOON)
    assert sandbox.sent()[0]["body"].startswith("Please come 10 minutes early.")
    assert [one.uid for one in queries.for_subject(pat)] == [message.uid]
    [event] = Event.objects.filter(verb="message.written")
    assert (event.patient_id, event.actor_id) == (pat, str(inside.cast.desk.pk))


def test_staff_mail_needs_a_subject_and_every_failure_is_listed(inside):
    with pytest.raises(Invalid) as caught:
        actions.send_to_subject(
            inside.cast.desk,
            subject=inside.cast.pat.uid,
            channel="email",
            to="pat@example.com",
            body="Hi",
            at=NOON,
        )
    assert [one["field"] for one in caught.value.errors] == ["subject_line"]
    with pytest.raises(Invalid) as caught:
        actions.send_to_subject(
            inside.cast.desk,
            subject=inside.cast.pat.uid,
            channel="sms",
            to=PAT,
            body="x" * 2000,
            subject_line="a\x00b",
            at=NOON,
        )
    assert [one["field"] for one in caught.value.errors] == ["body", "subject_line"]
    assert not Message.objects.exists()


def test_who_may_not_write_does_not(inside):
    with pytest.raises(Forbidden):
        actions.send_to_subject(
            inside.cast.users["marketer"],
            subject=inside.cast.pat.uid,
            channel="sms",
            to=PAT,
            body="Hi",
            at=NOON,
        )


def test_staff_stop_a_number_and_then_cannot_text_it(inside):
    actions.stop_contact(inside.cast.desk, to="(512) 555-0123", at=NOON, subject=inside.cast.pat.uid)
    assert contacts.is_stopped("sms", PAT)
    assert OptOutEvent.objects.get().source == "staff"
    with pytest.raises(actions.OptedOut):
        actions.send_to_subject(
            inside.cast.desk, subject=inside.cast.pat.uid, channel="sms", to=PAT, body="Hi", at=NOON
        )


@pytest.mark.promise("P66")
def test_a_consent_keeps_the_text_that_was_shown(inside):
    decision = actions.record_consent(
        "sms",
        PAT,
        granted=True,
        text_version="2026-01",
        text_shown="You may text me.",
        by=actor_for(inside.cast.desk),
        subject=inside.cast.pat.uid,
        at=NOON,
    )
    kept = ConsentDecision.objects.get(pk=decision.pk)
    assert (kept.text_version, kept.text_shown, kept.granted) == ("2026-01", "You may text me.", True)
    with pytest.raises(ValueError):
        actions.record_consent(
            "sms", PAT, granted=True, text_version="", by=actor_for(inside.cast.desk), at=NOON
        )


def test_the_thread_is_opened_in_few_queries(inside, django_assert_max_num_queries):
    pat = inside.cast.pat.uid
    for n in range(20):
        queue(subject=pat, kind=f"k{n}")
    with django_assert_max_num_queries(1):
        assert len([one.body for one in queries.for_subject(pat)]) == 20


@pytest.mark.own_clinic
def test_a_queue_that_is_gone_fails_nobody(new_clinic, monkeypatch):
    """What the poke loses the due-queue finds."""
    house = new_clinic(cast=False)
    monkeypatch.setattr("messaging.outbox.send_to", lambda *args: (_ for _ in ()).throw(OSError("no queue")))
    with enter(house.clinic):
        message = queue()
        assert due.waiting("message", [message.uid])


@pytest.mark.own_clinic
def test_one_transaction_pokes_once(new_clinic, monkeypatch):
    house = new_clinic(cast=False)
    poked = []
    monkeypatch.setattr("messaging.outbox.send_to", lambda *args: poked.append(args))
    with enter(house.clinic):
        with transaction.atomic():
            uids = [str(queue(kind=f"k{n}").uid) for n in range(3)]
            queue(kind="tomorrow", send_after=NOON.replace(year=2036))
        assert poked == [(house.clinic.schema_name, "messaging.tasks.send_messages", uids)]


def test_the_secret_of_an_account_is_not_shown(inside):
    assert "sealed" not in repr(credentials.own_account("twilio"))
