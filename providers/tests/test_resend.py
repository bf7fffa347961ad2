"""Resend's client against the sandbox: mails under keys, errors, signed events."""

import base64
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from svix.webhooks import Webhook

from providers import resend
from providers.errors import BadWebhook, ProviderError
from providers.resend import Attachment, SentMail
from providers.tests.conftest import SIGNING_SECRET, Sandbox
from providers.tests.test_twilio import outcome, raw_answer

MAIL: dict[str, Any] = {
    "to": "Pat Doe <pat@example.com>",
    "subject": "Your visit is booked",
    "body_text": "Tue 3 Mar, 2:30 pm",
    "from_email": "Glow <notices@glow.example>",
}


def send(key: str = "message/1", **more: Any) -> SentMail:
    return resend.send_mail(**MAIL | {"idempotency_key": key} | more)


def failing(**more: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        send(**more)
    return caught.value


def test_a_mail_is_sent_with_all_its_parts(sandbox: Sandbox) -> None:
    ics = Attachment("visit.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar")
    sent = send(
        body_html="<p>Tue 3 Mar</p>", reply_to=["desk@glow.example"], attachments=[ics], tags=["booked"]
    )
    (row,) = sandbox.outbox()
    assert row["id"] == sent.id
    assert (row["to"], row["subject"], row["body"]) == ("pat@example.com", MAIL["subject"], MAIL["body_text"])
    assert (row["html"], row["reply_to"]) == ("<p>Tue 3 Mar</p>", ["desk@glow.example"])
    assert json.loads(row["headers"]["X-Tags"]) == ["booked"]
    assert "idempotency_key" not in json.dumps(row)
    (file,) = row["attachments"]
    assert (file["filename"], base64.b64decode(file["content"])) == ("visit.ics", ics.content)
    assert file["content_type"].startswith("text/calendar")


def test_the_same_key_is_the_same_mail(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = set(pool.map(lambda _: send("message/2"), range(16)))
    assert len(sent) == 1
    assert len(sandbox.outbox()) == 1
    assert send("message/3") not in sent


def test_a_key_with_another_mail_is_refused(sandbox: Sandbox) -> None:
    send("message/4")
    problem = failing(key="message/4", subject="Something else")
    assert outcome(problem) == ("invalid_idempotent_request", True, "no")


@pytest.mark.parametrize("key", ["", "k" * 257, "ключ"])
def test_a_bad_key_is_our_own_mistake(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        send(key)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, ("rate_limit_exceeded", False, "no")),
        (500, ("internal_server_error", False, "unknown")),
        (422, ("validation_error", True, "no")),
        (403, ("invalid_api_key", False, "no")),
    ],
)
def test_errors_say_whether_anything_left(
    sandbox: Sandbox, status: int, expected: tuple[str, bool, str]
) -> None:
    sandbox.arm(provider="resend", status=status)
    assert outcome(failing()) == expected
    assert send().id


def test_an_unknown_is_settled_by_the_same_key(sandbox: Sandbox) -> None:
    sandbox.arm(provider="resend", reset=True)
    assert outcome(failing()) == ("connection_lost", False, "unknown")
    sandbox.arm(provider="resend", hang_seconds=1.5)
    assert outcome(failing()) == ("timeout", False, "unknown")
    sent = send()
    assert [row["id"] for row in sandbox.outbox()] == [sent.id]


def test_nobody_there_is_surely_not_sent(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_API_URL": f"http://127.0.0.1:{port}"}
    assert outcome(failing()) == ("no_connection", False, "no")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{garbag",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"id":7}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops",
        b"",
    ],
)
def test_garbage_is_unknown(settings: Any, answer: bytes) -> None:
    with raw_answer(answer) as url:
        settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_API_URL": url}
        problem = failing()
    assert (problem.permanent, problem.sent) == (False, "unknown")


@pytest.mark.parametrize(
    "change",
    [
        {"to": ""},
        {"to": "nobody"},
        {"to": "pat@example.com, all@example.com"},
        {"to": "pat@ex..ample.com"},
        {"to": "pat@example.com\nBcc: all@example.com"},
        {"subject": "a\nBcc: b@c.de"},
    ],
)
def test_a_mail_that_cannot_be_built_is_permanent(sandbox: Sandbox, change: dict[str, str]) -> None:
    problem = failing(**change)
    assert (problem.permanent, problem.sent) == (True, "no")
    assert sandbox.outbox() == []


def test_nothing_of_the_person_is_in_an_error(sandbox: Sandbox) -> None:
    sandbox.arm(provider="resend", status=422)
    problem = failing()
    assert "pat" not in f"{problem}{problem!r}".lower()
    assert problem.__cause__ is None
    assert problem.__context__ is None


# --- webhooks ------------------------------------------------------------------------------------


def signed(event: object, at: datetime | None = None) -> tuple[dict[str, str], bytes]:
    at, body = at or datetime.now(UTC), json.dumps(event)
    headers = {
        "Svix-Id": "msg_1",
        "Svix-Timestamp": str(int(at.timestamp())),
        "Svix-Signature": Webhook(SIGNING_SECRET).sign("msg_1", at, body),
    }
    return headers, body.encode()


MAIL_ID = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"
EVENT = {
    "type": "email.bounced",
    "created_at": "2026-03-01T09:00:00.000Z",
    "data": {"email_id": MAIL_ID},
}


def test_a_signed_event_is_read() -> None:
    headers, body = signed(EVENT)
    event = resend.verify_webhook(headers, body, SIGNING_SECRET)
    parsed = resend.parse_event(headers, event)
    assert (parsed.event_id, parsed.kind, parsed.mail_id) == ("msg_1", "bounced", MAIL_ID)
    assert parsed.at == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_what_is_not_signed_or_old_is_refused() -> None:
    headers, body = signed(EVENT)
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    old, old_body = signed(EVENT, datetime.now(UTC) - timedelta(minutes=10))
    for attempt in (
        (headers, body + b" ", SIGNING_SECRET),
        (headers, body, other),
        ({}, body, SIGNING_SECRET),
        (headers | {"Svix-Id": "msg_2"}, body, SIGNING_SECRET),
        (headers | {"Svix-Signature": "v1"}, body, SIGNING_SECRET),
        (headers | {"Svix-Signature": "v1,!!"}, body, SIGNING_SECRET),
        (headers | {"Svix-Timestamp": "soon"}, body, SIGNING_SECRET),
        (headers, b"\xff", SIGNING_SECRET),
        (old, old_body, SIGNING_SECRET),
    ):
        with pytest.raises(BadWebhook):
            resend.verify_webhook(*attempt)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "domain.created", "data": {}},
        EVENT | {"data": None},
        EVENT | {"created_at": "soon"},
        EVENT | {"type": 7},
    ],
)
def test_other_events_are_not_read(event: dict[str, Any]) -> None:
    headers, body = signed(event)
    with pytest.raises(BadWebhook):
        resend.parse_event(headers, resend.verify_webhook(headers, body, SIGNING_SECRET))
    with pytest.raises(BadWebhook):
        resend.verify_webhook(*signed([event]), SIGNING_SECRET)
