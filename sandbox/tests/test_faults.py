"""Trouble on order, and requests the sandbox cannot read."""

import http.client
import time

import pytest

from sandbox.tests.running import CLINIC, PATIENT, RESEND_KEY, SID, Sandbox


def arm(sandbox: Sandbox, **fault: object) -> None:
    assert sandbox.post("/simulate/fault", fault).status == 200


@pytest.mark.parametrize(("status", "code"), [(500, 20500), (503, 20503), (429, 20429), (401, 20003)])
def test_a_status_is_answered_so_often_and_nothing_is_taken(sandbox: Sandbox, status: int, code: int) -> None:
    arm(sandbox, provider="twilio", status=status, times=2)
    answers = [sandbox.text() for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 201]
    assert answers[0].json["code"] == code
    assert len(sandbox.outbox()) == 1


def test_a_status_can_hide_a_message_that_was_taken(sandbox: Sandbox) -> None:
    arm(sandbox, provider="twilio", status=502, accepted=True)
    assert sandbox.text().status == 502
    assert len(sandbox.outbox()) == 1


def test_a_reset_cuts_the_connection_after_the_message_was_taken(sandbox: Sandbox) -> None:
    arm(sandbox, provider="twilio", reset=True)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        sandbox.text()
    assert len(sandbox.outbox()) == 1
    assert sandbox.text().status == 201


def test_a_hang_answers_late_and_stops_nobody_else(sandbox: Sandbox) -> None:
    arm(sandbox, provider="resend", hang_seconds=0.5)
    began = time.monotonic()
    assert sandbox.mail().status == 200
    assert time.monotonic() - began >= 0.5


def test_resends_faults_have_its_form(sandbox: Sandbox) -> None:
    arm(sandbox, provider="resend", status=429)
    answer = sandbox.mail()
    assert (answer.status, answer.json["name"]) == (429, "rate_limit_exceeded")
    assert answer.headers["retry-after"] == "1"


def test_only_sending_fails_unless_all_calls_are_meant(sandbox: Sandbox) -> None:
    path = f"/Accounts/{SID}/Messages.json"
    arm(sandbox, provider="twilio", status=500)
    assert sandbox.twilio(path).status == 200
    arm(sandbox, provider="twilio", times=0)
    assert sandbox.text().status == 201
    arm(sandbox, provider="twilio", status=500, calls="all")
    assert sandbox.twilio(path).status == 500
    assert sandbox.mail().status == 200


def test_reset_disarms(sandbox: Sandbox) -> None:
    arm(sandbox, provider="twilio", status=500, times=9)
    sandbox.post("/reset", {})
    assert sandbox.text().status == 201


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"provider": "stripe", "status": 500}, "provider"),
        ({"provider": "twilio"}, "status, hang_seconds, reset"),
        ({"provider": "twilio", "status": 200}, "status"),
        ({"provider": "twilio", "status": "500"}, "status"),
        ({"provider": "twilio", "hang_seconds": 0}, "hang_seconds"),
        ({"provider": "twilio", "hang_seconds": 1e9}, "hang_seconds"),
        ({"provider": "twilio", "reset": "yes"}, "reset"),
        ({"provider": "twilio", "status": 500, "times": -1}, "times"),
        ({"provider": "twilio", "status": 500, "times": True}, "times"),
        ({"provider": "twilio", "status": 500, "colour": "red"}, "colour"),
        ({"provider": "twilio", "status": 500, "calls": "some"}, "calls"),
        ([], "object"),
    ],
)
def test_bad_orders_are_named_and_arm_nothing(sandbox: Sandbox, order: object, word: str) -> None:
    answer = sandbox.post("/simulate/fault", order)
    assert answer.status == 400
    assert word in answer.json["error"]
    assert sandbox.text().status == 201


def test_every_problem_of_an_order_is_listed(sandbox: Sandbox) -> None:
    answer = sandbox.post("/simulate/fault", {"provider": "x", "status": 1, "times": -1})
    assert len(answer.json["problems"]) == 3


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"[" * 100_000, b"7"])
def test_bad_json_is_a_clear_400(sandbox: Sandbox, body: bytes) -> None:
    answer = sandbox.ask("POST", "/simulate/sms", body)
    assert answer.status == 400
    assert "JSON" in answer.json["error"]
    mail = sandbox.ask("POST", "/emails", body, {"Authorization": f"Bearer {RESEND_KEY}"})
    assert mail.status in {400, 422}
    assert mail.json["name"] == "validation_error"


def test_a_bad_form_is_a_clear_400(sandbox: Sandbox) -> None:
    answer = sandbox.twilio(f"/Accounts/{SID}/Messages.json", {})
    assert answer.json["code"] == 21604
    credentials = {"Authorization": "Basic !!!"}
    assert (
        sandbox.ask("POST", f"/2010-04-01/Accounts/{SID}/Messages.json", b"\xff", credentials).status == 401
    )


def test_a_body_over_1_mib_is_refused_unread(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/emails")
    connection.putheader("Content-Length", str(1_048_577))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"1048576" in answer.read()
    connection.close()


def test_unknown_paths_and_methods(sandbox: Sandbox) -> None:
    assert sandbox.get("/nothing").status == 404
    assert sandbox.get("/reset").status == 405
    assert sandbox.ask("DELETE", "/outbox.json").status == 405


def test_a_page_of_another_site_may_not_act(sandbox: Sandbox) -> None:
    order = {"from": PATIENT, "to": CLINIC, "body": "STOP"}
    for origin in ("https://evil.example", "null"):
        assert sandbox.post("/simulate/sms", order, {"Origin": origin}).status == 400
    assert sandbox.text().status == 201
    assert sandbox.post("/simulate/sms", order, {"Origin": sandbox.url}).status == 200
