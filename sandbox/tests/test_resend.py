"""Resend's wire format: mails, keys that hold an answer, signed events."""

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from svix.webhooks import Webhook, WebhookVerificationError

from sandbox.tests.running import RESEND_KEY, SIGNING_SECRET, Application, Sandbox


def test_a_mail_lands_in_the_outbox(sandbox: Sandbox) -> None:
    ics = base64.b64encode(b"BEGIN:VCALENDAR").decode()
    answer = sandbox.mail(
        to=["Pat <Pat@example.com>"],
        html="<p>Hi</p>",
        reply_to="desk@glow.example",
        attachments=[{"filename": "visit.ics", "content": ics, "content_type": "text/calendar"}],
    )
    assert answer.status == 200
    (row,) = sandbox.outbox()
    assert (row["provider"], row["kind"], row["to"]) == ("resend", "email", "Pat@example.com")
    assert (row["from"], row["subject"], row["body"]) == ("Glow <hi@glow.example>", "Hello", "Hi")
    assert row["attachments"] == [
        {"filename": "visit.ics", "content_type": "text/calendar", "size": 15, "content": ics}
    ]
    headers = {"Authorization": f"Bearer {RESEND_KEY}"}
    found = sandbox.ask("GET", f"/emails/{answer.json['id']}", headers=headers).json
    assert (found["subject"], found["reply_to"]) == ("Hello", ["desk@glow.example"])
    assert sandbox.ask("GET", f"/emails/{uuid.uuid4()}", headers=headers).status == 404


def test_one_key_is_one_mail(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: sandbox.mail(key="visit/1"), range(40)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(sandbox.outbox()) == 1
    other = sandbox.mail(key="visit/1", text="Something else")
    assert (other.status, other.json["name"]) == (409, "invalid_idempotent_request")
    assert sandbox.mail(key="visit/2").json["id"] != answers[0].json["id"]
    assert sandbox.mail(key="k" * 257).json["name"] == "invalid_idempotency_key"


def test_a_batch_is_many_mails(sandbox: Sandbox) -> None:
    mails = [
        {"from": "a@b.example", "to": f"p{n}@example.com", "subject": "S", "text": "T"} for n in range(3)
    ]
    headers = {"Authorization": f"Bearer {RESEND_KEY}", "Idempotency-Key": "batch"}
    first = sandbox.post("/emails/batch", mails, headers).json
    assert first == sandbox.post("/emails/batch", mails, headers).json
    assert [row["id"] for row in sandbox.outbox()] == [item["id"] for item in first["data"]]
    assert sandbox.post("/emails/batch", [], headers).status == 422


@pytest.mark.parametrize(
    ("fields", "status", "name"),
    [
        ({"to": []}, 422, "missing_required_field"),
        ({"to": ["nobody"]}, 422, "validation_error"),
        ({"to": [7]}, 422, "validation_error"),
        ({"to": [f"p{n}@example.com" for n in range(51)]}, 422, "validation_error"),
        ({"from": "Glow"}, 422, "validation_error"),
        ({"subject": ""}, 422, "missing_required_field"),
        ({"text": ""}, 422, "validation_error"),
        ({"text": {"a": 1}}, 422, "validation_error"),
        ({"attachments": [{"filename": "x"}]}, 422, "invalid_attachment"),
    ],
)
def test_refusals_have_resends_form(sandbox: Sandbox, fields: dict, status: int, name: str) -> None:
    answer = sandbox.mail(**fields)
    assert answer.status == status
    assert answer.json | {"message": ""} == {"statusCode": status, "name": name, "message": ""}
    assert sandbox.outbox() == []


def test_keys_are_checked(sandbox: Sandbox) -> None:
    assert sandbox.post("/emails", {}).json["name"] == "missing_api_key"
    assert sandbox.post("/emails", {}, {"Authorization": "Bearer re_other"}).json["name"] == "invalid_api_key"


@pytest.mark.parametrize("path", ["/domains", "/emails/1/cancel", "/contacts/1"])
def test_what_is_not_spoken_is_501(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.mail(path=path)
    assert answer.json | {"message": ""} == {"statusCode": 501, "name": "not_implemented", "message": ""}


@pytest.mark.parametrize(
    ("to", "kinds"),
    [
        ("pat@example.com", ["email.delivered"]),
        ("bounced@resend.dev", ["email.bounced"]),
        ("complained+x@resend.dev", ["email.delivered", "email.complained"]),
    ],
)
def test_events_are_signed_as_svix_does(
    sandbox: Sandbox, application: Application, to: str, kinds: list[str]
) -> None:
    id_ = sandbox.mail(to=[to]).json["id"]
    got = application.wait_for(len(kinds), "/hooks/resend/")
    assert [json.loads(one.body)["type"] for one in got] == kinds
    for one in got:
        Webhook(SIGNING_SECRET).verify(one.body, one.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(SIGNING_SECRET).verify(one.body + b" ", one.headers)
        assert json.loads(one.body)["data"]["email_id"] == id_
    assert sandbox.outbox()[0]["status"] == kinds[-1].removeprefix("email.")


def test_an_event_comes_again_until_it_is_taken(sandbox: Sandbox, application: Application) -> None:
    application.answers = lambda got: (503 if len(application.got) < 2 else 200, "text/plain", "")
    sandbox.mail()
    first, second = application.wait_for(2, "/hooks/resend/")
    assert first.headers["svix-id"] == second.headers["svix-id"]
    assert first.body == second.body
    Webhook(SIGNING_SECRET).verify(second.body, second.headers)
