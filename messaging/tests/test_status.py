"""News of what we sent: in any order, any number of times, and only from who may know."""

import itertools
import json
from datetime import UTC, datetime

import pytest
from svix.webhooks import Webhook

from messaging import consents, sending
from messaging.models import Message
from messaging.tests.conftest import SIGNING_SECRET, queue
from messaging.tests.moments import NOON
from tenants import due
from tenants.context import enter

SID = "SM" + "ab" * 16
NEWS = ["queued", "sent", "delivered"]


@pytest.mark.parametrize("order", list(itertools.permutations(NEWS)))
def test_news_of_a_text_in_any_order_ends_the_same(glow, post, sandbox, order):
    with enter(glow.clinic):
        message = queue()
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    for status in order * 2:
        assert post.status(message, status, sid=message.provider_id).status_code == 204
    with enter(glow.clinic):
        message.refresh_from_db()
    assert message.state == "delivered"
    assert message.delivered_at is not None


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "undelivered"])))
def test_a_failure_is_kept_with_its_code(glow, post, sandbox, order):
    with enter(glow.clinic):
        message = queue()
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    for status in order:
        post.status(message, status, sid=message.provider_id, ErrorCode="30005")
    with enter(glow.clinic):
        message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "30005")


def test_news_settles_what_was_unknown(glow, post, sandbox):
    with enter(glow.clinic):
        sandbox.arm(provider="twilio", reset=True)
        message = queue()
        sending.send(message.uid, at=NOON)
    sid = sandbox.sent()[0]["id"]
    post.status(message, "sent", sid=sid)
    with enter(glow.clinic):
        message.refresh_from_db()
        assert (message.state, message.provider_id) == ("accepted", sid)
        assert due.waiting("message", [message.uid]) == set()


def test_news_that_is_forged_or_of_another_clinic_s_message_changes_nothing(
    glow, rival, post, connected, sandbox
):
    theirs = connected(rival)
    with enter(glow.clinic):
        message = queue()
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    assert post.status(message, "delivered", sid=message.provider_id, token="0" * 32).status_code == 403
    assert theirs.status(message, "delivered", sid=message.provider_id).status_code == 404
    assert post.status(message, "delivered", sid=SID).status_code == 204  # another text than the one we know
    with enter(glow.clinic):
        message.refresh_from_db()
    assert message.state == "accepted"


def mail_event(client, kind: str, message: Message, clinic, *, secret: str = SIGNING_SECRET):
    tags = json.dumps([f"clinic:{clinic.uid}", f"message:{message.uid}"])
    body = json.dumps(
        {
            "type": f"email.{kind}",
            "created_at": datetime.now(UTC).isoformat(),
            "data": {"email_id": message.provider_id, "headers": [{"name": "X-Tags", "value": tags}]},
        }
    )
    at = datetime.now(UTC)
    headers = {
        "svix-id": f"msg_{kind}",
        "svix-timestamp": str(int(at.timestamp())),
        "svix-signature": Webhook(secret).sign(f"msg_{kind}", at, body),
        "Host": "localhost",
    }
    return client.post("/hooks/resend/", body, content_type="application/json", headers=headers)


@pytest.mark.promise("P89")
def test_news_of_a_mail_finds_its_clinic_and_row(glow, rival, post, sandbox, client):
    with enter(glow.clinic):
        message = queue("email")
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    assert (
        mail_event(client, "delivered", message, glow.clinic, secret="whsec_" + "A" * 44).status_code == 403
    )
    assert mail_event(client, "delivered", message, rival.clinic).status_code == 204
    with enter(glow.clinic):
        assert Message.objects.get(pk=message.pk).state == "accepted"
    for kind in ("delivered", "sent", "opened", "delivered"):
        assert mail_event(client, kind, message, glow.clinic).status_code == 204
    with enter(glow.clinic):
        assert Message.objects.get(pk=message.pk).state == "delivered"


def test_a_complaint_ends_unasked_mail(glow, post, sandbox, client):
    with enter(glow.clinic):
        message = queue("email")
        sending.send(message.uid, at=NOON)
        message.refresh_from_db()
    for _each in range(2):
        mail_event(client, "complained", message, glow.clinic)
    with enter(glow.clinic):
        flags = consents.preference("email", "pat@example.com")
    assert flags is not None
    assert (flags.email_consent, flags.email_marketing) == (False, False)
