"""Twilio's client against the sandbox: what is sent, found again, refused, lost."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from providers import transport, twilio
from providers.errors import BadWebhook, ProviderError
from providers.tests.conftest import SID, TOKEN, Sandbox
from providers.twilio import SentMessage, TwilioClient

CLINIC, PATIENT = "+13125550100", "+13125550142"
CALLBACK = "http://localhost:9/hooks/twilio/status/?m=018f"


def send(client: TwilioClient, to: str = PATIENT, body: str = "Hello") -> SentMessage:
    return client.send_sms(to=to, from_=CLINIC, body=body, status_callback=CALLBACK)


def failing(client: TwilioClient, to: str = PATIENT) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        send(client, to=to)
    return caught.value


def outcome(problem: ProviderError) -> tuple[str, bool, str]:
    return problem.code, problem.permanent, problem.sent


@contextmanager
def raw_answer(answer: bytes) -> Iterator[str]:
    """A server that says exactly this, whatever is asked, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(65_536)
        connection.sendall(answer)
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_a_text_is_sent(client: TwilioClient, sandbox: Sandbox) -> None:
    sent = send(client, body="Your visit is tomorrow")
    assert sent.status == "queued"
    (row,) = sandbox.outbox()
    assert (row["id"], row["to"], row["from"]) == (sent.sid, PATIENT, CLINIC)
    assert (row["body"], row["status_callback"]) == ("Your visit is tomorrow", CALLBACK)


def test_a_messaging_service_sends_instead_of_a_number(client: TwilioClient, sandbox: Sandbox) -> None:
    service = "MG" + "0" * 32
    client.send_sms(to=PATIENT, from_="", body="Hi", status_callback=CALLBACK, messaging_service_sid=service)
    assert sandbox.outbox()[0]["messaging_service"] == service


def test_200_texts_from_many_threads_are_each_sent_once(client: TwilioClient, sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(lambda number: send(client, body=f"Number {number}"), range(200)))
    assert {row["id"] for row in sandbox.outbox()} == {one.sid for one in sent}
    assert len({one.sid for one in sent}) == 200


def test_a_stopped_number_is_opted_out_until_it_starts(client: TwilioClient, sandbox: Sandbox) -> None:
    send(client)
    stop(sandbox, "STOP")
    problem = failing(client)
    assert outcome(problem) == ("21610", True, "no")
    assert problem.opted_out
    stop(sandbox, "START")
    assert send(client).sid


def stop(sandbox: Sandbox, word: str) -> None:
    with suppress(HTTPError):  # 502: no application is listening here
        sandbox.post("/simulate/sms", {"from": PATIENT, "to": CLINIC, "body": word})


@pytest.mark.parametrize(
    ("to", "code"), [("+1555", "21211"), ("+15005550009", "21614"), ("+15005550003", "21408")]
)
def test_a_bad_number_is_permanent(client: TwilioClient, to: str, code: str) -> None:
    problem = failing(client, to=to)
    assert outcome(problem) == (code, True, "no")
    assert not problem.opted_out


def test_wrong_credentials_are_surely_not_sent_and_may_be_mended(sandbox: Sandbox) -> None:
    assert outcome(failing(TwilioClient(SID, "wrong", sandbox.url))) == ("20003", False, "no")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, ("20429", False, "no")),
        (500, ("20500", False, "unknown")),
        (503, ("20503", False, "unknown")),
    ],
)
def test_errors_say_whether_anything_left(
    client: TwilioClient, sandbox: Sandbox, status: int, expected: tuple[str, bool, str]
) -> None:
    sandbox.arm(provider="twilio", status=status)
    assert outcome(failing(client)) == expected
    assert send(client).sid


def test_an_answer_cut_off_is_unknown_and_found_again(client: TwilioClient, sandbox: Sandbox) -> None:
    before = datetime.now(UTC)
    sandbox.arm(provider="twilio", reset=True)
    assert outcome(failing(client)) == ("connection_lost", False, "unknown")
    (found,) = client.find_sent(to=PATIENT, since=before)
    assert (found.to, found.from_, found.body) == (PATIENT, CLINIC, "Hello")
    assert client.get_sent(found.sid).status in {"queued", "sent", "delivered"}


def test_an_answer_too_late_is_unknown(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio, "TIMEOUTS", (2, 0.2))
    sandbox.arm(provider="twilio", hang_seconds=1)
    assert outcome(failing(TwilioClient(SID, TOKEN, sandbox.url))) == ("timeout", False, "unknown")


def test_nobody_there_is_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    problem = failing(TwilioClient(SID, TOKEN, f"http://127.0.0.1:{port}"))
    assert outcome(problem) == ("no_connection", False, "no")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n{garbag",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops",
        b"no HTTP at all",
        b"",
    ],
)
def test_garbage_is_unknown(answer: bytes) -> None:
    with raw_answer(answer) as url:
        problem = failing(TwilioClient(SID, TOKEN, url))
    assert (problem.permanent, problem.sent) == (False, "unknown")


def test_nothing_of_the_person_is_in_an_error(client: TwilioClient) -> None:
    problem = failing(client, to="+1999")
    assert "999" not in f"{problem}{problem!r}{problem.message}"
    assert problem.__cause__ is None
    assert problem.__context__ is None


def test_nothing_of_the_person_is_logged(client: TwilioClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    send(client)
    client.find_sent(to=PATIENT, since=datetime.now(UTC))
    assert PATIENT not in caplog.text
    assert "5550142" not in caplog.text


def test_only_what_was_sent_since_is_found(client: TwilioClient, sandbox: Sandbox) -> None:
    send(client, body="First")
    send(client, to="+13125550177")
    sandbox_reply_counts_not = datetime.now(UTC) - timedelta(minutes=1)
    stop(sandbox, "HELP")
    found = client.find_sent(to=PATIENT, since=sandbox_reply_counts_not)
    assert [one.body for one in found] == ["First"]
    assert client.find_sent(to=PATIENT, since=datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_subaccount_sends_with_its_own_credentials(client: TwilioClient, sandbox: Sandbox) -> None:
    account = client.create_subaccount("Glow")
    glow = TwilioClient(account.sid, account.auth_token, sandbox.url)
    glow.buy_number("+13125550155")
    glow.send_sms(to=PATIENT, from_="+13125550155", body="Hi", status_callback=CALLBACK)
    assert sandbox.outbox()[0]["account"] == account.sid
    with pytest.raises(ProviderError) as caught:
        client.send_sms(to=PATIENT, from_="+13125550155", body="Hi", status_callback=CALLBACK)
    assert caught.value.code == "21606"


def test_a_proxy_of_the_environment_is_not_used_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert not transport.session_for("http://127.0.0.1:8001").trust_env
    assert transport.session_for("https://api.twilio.com").trust_env
    assert transport.session_for("").trust_env


# --- webhooks ------------------------------------------------------------------------------------

URL = "http://localhost:8000/hooks/twilio/sms/"
INBOUND = {"AccountSid": SID, "MessageSid": "SM" + "c" * 32, "From": PATIENT, "To": CLINIC, "Body": "Stop"}


def test_a_signature_is_bound_to_url_parameters_and_token() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, INBOUND)
    posted = QueryDict(mutable=True)
    posted.update(INBOUND)
    assert twilio.verify_signature(URL, INBOUND, signature, TOKEN)
    assert twilio.verify_signature(URL, posted, signature, TOKEN)
    assert not twilio.verify_signature(URL.replace("localhost", "rival.localhost"), INBOUND, signature, TOKEN)
    assert not twilio.verify_signature(URL, INBOUND | {"Body": "Start"}, signature, TOKEN)
    assert not twilio.verify_signature(URL, INBOUND, signature, "2c" * 16)
    assert not twilio.verify_signature(URL, INBOUND, "", TOKEN)
    assert not twilio.verify_signature(URL, INBOUND, signature, "")
    assert not twilio.verify_signature(URL, INBOUND, "é" * 28, TOKEN)


def test_an_inbound_text_is_read() -> None:
    sms = twilio.parse_inbound(INBOUND | {"OptOutType": "STOP", "NumMedia": "2"})
    assert (sms.account_sid, sms.message_sid) == (SID, "SM" + "c" * 32)
    assert (sms.from_, sms.to, sms.body) == (PATIENT, CLINIC, "Stop")
    assert (sms.opt_out, sms.num_media) == ("STOP", 2)
    assert twilio.parse_inbound(INBOUND).opt_out == ""
    odd = twilio.parse_inbound(INBOUND | {"OptOutType": "OTHER", "NumMedia": "many", "Body": ""})
    assert (odd.opt_out, odd.num_media, odd.body) == ("", 0, "")


@pytest.mark.parametrize("name", ["AccountSid", "MessageSid", "From", "To"])
def test_an_inbound_text_without_its_parts_is_refused(name: str) -> None:
    with pytest.raises(BadWebhook, match=name):
        twilio.parse_inbound({key: value for key, value in INBOUND.items() if key != name})
    if name.endswith("Sid"):
        with pytest.raises(BadWebhook, match=name):
            twilio.parse_inbound(INBOUND | {name: f"{INBOUND[name]}\n"})


def test_a_status_report_is_read() -> None:
    report = dict(
        parse_qsl(f"AccountSid={SID}&MessageSid=SM{'d' * 32}&MessageStatus=undelivered&ErrorCode=30003")
    )
    status = twilio.parse_status(report)
    assert (status.status, status.error_code) == ("undelivered", "30003")
    assert twilio.account_sid_of(report) == SID
    with pytest.raises(BadWebhook):
        twilio.parse_status({**report, "MessageStatus": ""})
