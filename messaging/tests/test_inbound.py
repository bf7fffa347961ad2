"""What people text to us: STOP stops at once and for good, HELP helps, nothing forged counts, nothing is lost."""

import threading

import pytest
from django.db import connections

from audit.actors import job
from core.clock import now
from core.problems import Unavailable
from messaging import consents, contacts, queries, sending, signals, tasks
from messaging.consents import Topic
from messaging.models import InboundMessage, Message, OptOutEvent
from messaging.tests.conftest import PAT, queue
from messaging.tests.moments import NOON
from tenants import due
from tenants.actions import suspend
from tenants.context import enter

SID = "SM" + "ab" * 16


@pytest.fixture
def our_answers(settings):
    """The provider's own handling of STOP is off."""
    settings.TWILIO_ANSWERS_OPT_OUT = False


def outgoing(kind: str) -> list[Message]:
    return list(Message.objects.outgoing().filter(kind=kind))


def send_all() -> None:
    for message in Message.objects.outgoing().waiting():
        sending.send(message.uid, at=now())


@pytest.mark.promise("P80")
@pytest.mark.parametrize(
    ("words", "tries"), [("STOP", 70), ("Stop texting me please", 3), ("no más mensajes", 3), ("S.T.O.P!", 3)]
)
def test_after_a_stop_nothing_is_sent_however_often_it_is_tried(
    glow, post, sandbox, our_answers, words, tries
):
    with enter(glow.clinic):
        earlier = queue()
    assert post.text(words).status_code == 200
    with enter(glow.clinic):
        assert contacts.is_stopped("sms", PAT)
        send_all()
        assert [row["body"] for row in sandbox.sent()] == [outgoing("stop_confirmation")[0].body]
        attempts = [queue(purpose=purpose) for purpose in ("transactional", "reminder", "marketing") * tries]
        for message in [earlier, *attempts]:
            tasks.process(message.uid, at=NOON)
        assert set(
            Message.objects.outgoing().exclude(kind="stop_confirmation").values_list("state", flat=True)
        ) <= {
            "suppressed",
            "queued",  # reminders wait for opening hours first
        }
        mail = queue("email")
        sending.send(mail.uid, at=NOON)
    assert len(sandbox.sent("sms")) == 1
    assert len(sandbox.sent("email")) == 1


@pytest.mark.promise("P80")
def test_the_stop_works_before_its_webhook_is_answered(glow, post, sandbox):
    assert post.text("STOP", OptOutType="STOP").status_code == 200
    with enter(glow.clinic):
        [event] = OptOutEvent.objects.all()
        assert (event.action, event.source) == ("stop", "keyword")
        assert InboundMessage.objects.get().applied_at is not None
        assert bytes(InboundMessage.objects.get().sealed) == b""


def test_the_provider_s_answer_is_the_only_one(glow, post, sandbox):
    post.text("STOP", OptOutType="STOP")
    post.text("HELP", OptOutType="HELP", sender="+15125550124")
    post.text("INFO", sender="+15125550124")
    post.text("START", OptOutType="START")
    with enter(glow.clinic):
        assert not Message.objects.outgoing().exists()
        assert not contacts.is_stopped("sms", PAT)


def test_what_the_provider_does_not_understand_we_answer(glow, post, sandbox):
    post.text("please stop texting me")
    post.text("please stop texting me")
    with enter(glow.clinic):
        send_all()
        [answer] = [one.body for one in outgoing("stop_confirmation")]
    assert [row["body"] for row in sandbox.sent()] == [answer]
    assert "START" in answer


def test_spanish_is_answered_in_spanish(glow, post, sandbox):
    post.text("ya no más mensajes por favor")
    with enter(glow.clinic):
        assert "Responda START" in outgoing("stop_confirmation")[0].body


@pytest.mark.promise("P81")
def test_help_names_the_clinic_and_how_to_reach_it(glow, post, sandbox, our_answers):
    post.text("Help!")
    with enter(glow.clinic):
        send_all()
    [sent] = sandbox.sent()
    assert sent["body"].startswith("Glow Aesthetics")
    assert "(512) 555-0142" in sent["body"]
    assert "hello@glow.example" in sent["body"]
    assert "STOP" in sent["body"]
    assert "Message and data rates may apply" in sent["body"]


def test_a_stopped_number_is_not_even_helped(glow, post, sandbox, our_answers):
    post.text("STOP")
    post.text("HELP")
    with enter(glow.clinic):
        assert outgoing("help") == []


def test_start_lifts_the_stop(glow, post, sandbox, our_answers):
    for words in ("STOP", "START"):
        post.text(words)
    with enter(glow.clinic):
        assert not contacts.is_stopped("sms", PAT)
        sending.send(queue().uid, at=NOON)
        assert [one.action for one in OptOutEvent.objects.order_by("id")] == ["stop", "start"]
    assert len(sandbox.sent()) == 1


def test_a_visit_cancelled_is_not_a_stop_but_ends_offers(glow, post, sandbox):
    with enter(glow.clinic):
        consents.decide(
            contacts.index_of("sms", PAT), "sms", topic=Topic.MARKETING, granted=True, text_version="1",
            source="test", at=NOON,
        )  # fmt: skip
    post.text("cancel my 3 pm")
    with enter(glow.clinic):
        assert not contacts.is_stopped("sms", PAT)
        flags = consents.preference("sms", PAT)
        assert flags is not None
        assert flags.sms_marketing is False
        send_all()
        assert Message.objects.get(direction="in").body == "cancel my 3 pm"
    [sent] = sandbox.sent()
    assert "not cancelled yet" in sent["body"]


def test_an_ordinary_text_joins_the_thread_of_whom_we_wrote_to_last(glow, post, sandbox):
    pat, quinn = glow.cast.pat.uid, glow.cast.people["quinn"].uid
    heard = []
    signals.message_received.connect(listener := lambda **news: heard.append(news))
    with enter(glow.clinic):
        queue(subject=quinn)
        queue(subject=pat)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda call, **kwargs: call())
        post.text("Running late, sorry")
    signals.message_received.disconnect(listener)
    with enter(glow.clinic):
        thread = queries.for_subject(pat)
        assert (thread[0].body, thread[0].to) == ("Running late, sorry", PAT)
    assert heard[0]["subjects"] == [pat, quinn]
    assert heard[0]["message"].subject == pat
    assert heard[0]["intent"] is None


def test_a_number_nobody_knows_is_kept_for_the_clinic(glow, post, sandbox):
    post.text("Do you do peels?", sender="+13125550188")
    post.text("Your code is 1234", sender="72975")
    assert post.text("Stop texting this number", sender="72975").status_code == 200
    with enter(glow.clinic):
        assert [one.body for one in Message.objects.order_by("id")] == [
            "Do you do peels?",
            "Your code is 1234",
            "Stop texting this number",
        ]
        assert not Message.objects.outgoing().exists()
        assert set(Message.objects.values_list("subject", flat=True)) == {None}


def test_replays_change_nothing(glow, post, sandbox, our_answers):
    for _each in range(5):
        assert post.text("STOP", sid=SID).status_code == 200
    with enter(glow.clinic):
        assert OptOutEvent.objects.count() == 1
        assert len(outgoing("stop_confirmation")) == 1
        assert Message.objects.filter(direction="in").count() == 1
    post.text("START")
    post.text("STOP", sid=SID)  # ten minutes late
    with enter(glow.clinic):
        assert not contacts.is_stopped("sms", PAT)


def test_forged_unknown_and_foreign_posts_get_nothing(glow, rival, post, connected, sandbox):
    theirs = connected(rival)
    refused = [
        post.text("STOP", token="0" * 32),
        post.text("STOP", token=theirs.token),
        post.text("STOP", AccountSid="AC" + "9" * 32),
        post.text("STOP", AccountSid="nonsense"),
        post.text("STOP", MessageSid="nonsense"),
        theirs.text("STOP", AccountSid=post.sid),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert {answer.content for answer in refused} == {b""}
    for house in (glow, rival):
        with enter(house.clinic):
            assert not InboundMessage.objects.exists()
            assert not OptOutEvent.objects.exists()


def test_only_posts_are_taken(glow, post, client):
    for path in ("/hooks/twilio/sms/", "/hooks/resend/"):
        assert client.get(path, headers={"Host": "localhost"}).status_code == 405


def test_a_stop_at_one_clinic_says_nothing_at_another(glow, rival, post, connected, sandbox):
    connected(rival)
    post.text("STOP", OptOutType="STOP")
    with enter(rival.clinic):
        assert not contacts.is_stopped("sms", PAT)
        assert sending.send(queue().uid, at=NOON) == "done"
    assert len(sandbox.sent()) == 1


@pytest.mark.parametrize("forged", [False, True])
def test_with_the_vault_down_a_stop_is_kept_and_applied_before_any_text(
    glow, post, sandbox, vault_down, forged
):
    with enter(glow.clinic):
        waiting = queue()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("clinic_key", "index_key", "subject_key", "key_by_id"):
            patch.setattr(f"vault.keys.{name}", unavailable)
        answer = post.text("STOP", OptOutType="STOP", token="0" * 32 if forged else None)
        assert answer.status_code == 200
        with enter(glow.clinic):
            row = InboundMessage.objects.get()
            assert (row.verified, row.index, row.applied_at) == (False, None, None)
            assert b"STOP" not in bytes(row.sealed)
            assert due.waiting("inbound", [row.uid])
            tasks.apply_inbound.run([str(row.uid)])
            tasks.send_messages.run([str(waiting.uid)])
            assert Message.objects.get().state == "queued"
    with enter(glow.clinic):
        tasks.send_messages.run([str(waiting.uid)])
        waiting.refresh_from_db()
        assert waiting.state == ("accepted" if forged else "suppressed")
        assert InboundMessage.objects.filter(applied_at__isnull=True).count() == 0
        assert contacts.is_stopped("sms", PAT) is not forged
    assert len(sandbox.sent()) == (1 if forged else 0)


def unavailable(*args, **kwargs):
    raise Unavailable


@pytest.mark.own_clinic
def test_a_stop_among_many_senders_no_send_begins_after_it(new_clinic, connected, sandbox):
    """One STOP while four workers text the same number a hundred times: what came after it was not sent."""
    house = new_clinic()
    post = connected(house)
    with enter(house.clinic):
        uids = [queue(kind=f"k{n}").uid for n in range(100)]
    stopped = threading.Event()
    late: list[str] = []

    def work(mine):
        try:
            with enter(house.clinic):
                for uid in mine:
                    after = stopped.is_set()
                    tasks.process(uid, at=NOON)
                    if after and Message.objects.get(uid=uid).state != "suppressed":
                        late.append(str(uid))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(uids[start::4],)) for start in range(4)]
    for worker in workers:
        worker.start()
    assert post.text("STOP", OptOutType="STOP").status_code == 200
    stopped.set()
    count = len(sandbox.sent())
    for worker in workers:
        worker.join()
    assert late == []
    assert len(sandbox.sent()) == count


@pytest.mark.own_clinic
def test_the_same_text_posted_at_once_counts_once(new_clinic, connected, sandbox, settings):
    settings.TWILIO_ANSWERS_OPT_OUT = False
    house = new_clinic()
    post = connected(house)
    answers = []

    def work():
        try:
            answers.append(post.text("STOP", sid=SID).status_code)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert answers == [200] * 6
    with enter(house.clinic):
        assert OptOutEvent.objects.count() == 1
        assert len(outgoing("stop_confirmation")) == 1


@pytest.mark.promise("P80")
def test_a_stop_counts_while_the_clinic_is_suspended(new_clinic, connected):
    house = new_clinic("glow")
    post = connected(house)
    with enter(house.clinic):
        assert not contacts.is_stopped("sms", PAT)
    suspend(house.clinic, "unpaid", job("test"))
    assert post.text("STOP").status_code == 200
    with enter(house.clinic):
        assert contacts.is_stopped("sms", PAT)
