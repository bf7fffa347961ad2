"""A patient texts, writes or calls: what the application gets, and what its answer becomes."""

import pytest
from twilio.request_validator import RequestValidator

from sandbox.tests.running import CLINIC, PATIENT, SID, TOKEN, Application, Got, Sandbox

TEXT = {"from": PATIENT, "to": CLINIC, "body": "C"}


def test_a_text_comes_signed_to_the_platforms_host(sandbox: Sandbox, application: Application) -> None:
    application.answers = lambda got: (202, "text/plain", "thanks")
    answer = sandbox.post("/simulate/sms", TEXT)
    assert answer.json | {"id": ""} == {
        "id": "",
        "status": 202,
        "body": "thanks",
        "content_type": "text/plain",
    }
    (got,) = application.got
    assert got.path == "/hooks/twilio/sms/"
    assert got.headers["host"] == f"localhost:{application.port}"
    url = f"http://localhost:{application.port}/hooks/twilio/sms/"
    assert RequestValidator(TOKEN).validate(url, got.form, got.headers["x-twilio-signature"])
    expected = {"AccountSid": SID, "From": PATIENT, "To": CLINIC, "Body": "C", "NumMedia": "0"}
    assert got.form | expected == got.form
    assert got.form["MessageSid"] == answer.json["id"]


def test_a_text_to_a_clinics_number_comes_from_its_account(
    sandbox: Sandbox, application: Application
) -> None:
    account = sandbox.twilio("/Accounts.json", {"FriendlyName": "Glow"}).json
    form = {"To": PATIENT, "From": "+13125550199", "Body": "Hello"}
    sandbox.twilio(f"/Accounts/{account['sid']}/Messages.json", form)
    sandbox.post("/simulate/sms", TEXT | {"to": "+13125550199"})
    (got,) = application.wait_for(1, "/hooks/twilio/sms/")
    assert got.form["AccountSid"] == account["sid"]
    url = f"http://localhost:{application.port}/hooks/twilio/sms/"
    signature = got.headers["x-twilio-signature"]
    assert RequestValidator(account["auth_token"]).validate(url, got.form, signature)
    assert not RequestValidator(TOKEN).validate(url, got.form, signature)


def test_an_account_can_be_named(sandbox: Sandbox, application: Application) -> None:
    other = "AC" + "7" * 32
    sandbox.post("/simulate/sms", TEXT | {"account_sid": other})
    assert application.got[0].form["AccountSid"] == other


def test_the_same_sid_is_a_replay(sandbox: Sandbox, application: Application) -> None:
    sid = sandbox.post("/simulate/sms", TEXT).json["id"]
    assert sandbox.post("/simulate/sms", TEXT | {"sid": sid}).json["id"] == sid
    first, second = (got.form for got in application.got)
    assert first == second
    assert len(sandbox.outbox(direction="in")) == 1


def test_the_applications_refusal_is_reported(sandbox: Sandbox, application: Application) -> None:
    application.answers = lambda got: (403, "application/problem+json", '{"type": "x"}')
    answer = sandbox.post("/simulate/sms", TEXT).json
    assert (answer["status"], answer["body"]) == (403, '{"type": "x"}')


def test_an_application_that_is_away_is_reported() -> None:
    sandbox = Sandbox(9)
    try:
        answer = sandbox.post("/simulate/sms", TEXT)
        assert answer.status == 502
        assert "did not answer" in answer.json["error"]
    finally:
        sandbox.stop()


def test_messages_in_twiml_are_sent_unless_stopped(sandbox: Sandbox, application: Application) -> None:
    twiml = "<Response><Message>See you &amp; yours</Message><Message><Body>Soon</Body></Message></Response>"
    application.answers = lambda got: (200, "text/xml", twiml)
    sandbox.post("/simulate/sms", TEXT)
    assert [(row["to"], row["body"]) for row in sandbox.outbox()] == [
        (PATIENT, "See you & yours"),
        (PATIENT, "Soon"),
    ]
    sandbox.post("/simulate/sms", TEXT | {"body": "STOP"})
    assert len(sandbox.outbox()) == 3  # only the service's own confirmation came


@pytest.mark.parametrize("twiml", ["<Response><Message>", "<!DOCTYPE x><Response/>", "", "<html></html>"])
def test_other_answers_are_no_messages(sandbox: Sandbox, application: Application, twiml: str) -> None:
    application.answers = lambda got: (200, "text/xml", twiml)
    assert sandbox.post("/simulate/sms", TEXT).status == 200
    assert sandbox.outbox() == []


def test_whatsapp_and_calls_go_to_hooks_of_their_own(sandbox: Sandbox, application: Application) -> None:
    def answer(got: Got) -> tuple[int, str, str]:
        return (404, "text/plain", "no such hook")

    application.answers = answer
    assert sandbox.post("/simulate/whatsapp", TEXT).json["status"] == 404
    assert (
        sandbox.post("/simulate/call", {"from": PATIENT, "to": CLINIC, "speech": "A visit"}).json["status"]
        == 404
    )
    chat, call = application.got
    assert (chat.path, chat.form["From"]) == ("/hooks/twilio/whatsapp/", f"whatsapp:{PATIENT}")
    assert (call.path, call.form["CallStatus"]) == ("/hooks/twilio/voice/", "ringing")
    assert call.form["CallSid"].startswith("CA")
    for got in (chat, call):
        url = f"http://localhost:{application.port}{got.path}"
        assert RequestValidator(TOKEN).validate(url, got.form, got.headers["x-twilio-signature"])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"from": "nobody"}, "from"),
        ({"to": None}, "to"),
        ({"body": 7}, "body"),
        ({"account_sid": "AC1"}, "account_sid"),
        ({"sid": "SM1"}, "sid"),
    ],
)
def test_bad_orders_are_named(sandbox: Sandbox, application: Application, change: dict, word: str) -> None:
    answer = sandbox.post("/simulate/sms", TEXT | change)
    assert answer.status == 400
    assert word in answer.json["error"]
    assert application.got == []
    assert sandbox.outbox(direction="all") == []


def test_odd_texts_pass_through(sandbox: Sandbox, application: Application) -> None:
    for body in ["\x00", "שלום ‮", "a" * 10_000, "half \ud83d", "a&b=c+d\r\n"]:
        assert sandbox.post("/simulate/sms", TEXT | {"body": body}).status == 200
    assert [got.form["Body"] for got in application.got][-1] == "a&b=c+d\r\n"
