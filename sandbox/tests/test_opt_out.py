"""STOP, START and HELP as the live service handles them, and with its handling off."""

from collections.abc import Iterator

import pytest

from sandbox.tests.running import CLINIC, PATIENT, Application, Sandbox, serve


def reply(sandbox: Sandbox, body: str) -> None:
    assert sandbox.post("/simulate/sms", {"from": PATIENT, "to": CLINIC, "body": body}).status == 200


def answers(sandbox: Sandbox) -> list[str]:
    return [row["body"] for row in sandbox.outbox() if row["source"] == "service"]


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop ", "STOPALL", "unsubscribe", "cancel", "END", "quit", "revoke", "optout"]
)
def test_stop_is_answered_once_and_lasts(sandbox: Sandbox, application: Application, word: str) -> None:
    assert sandbox.text().status == 201
    reply(sandbox, word)
    reply(sandbox, "STOP")
    assert [got.form["OptOutType"] for got in application.wait_for(2, "/hooks/twilio/sms/")] == ["STOP"] * 2
    (confirmation,) = answers(sandbox)
    assert "unsubscribed" in confirmation
    refused = sandbox.text()
    assert (refused.status, refused.json["code"]) == (400, 21610)
    assert len(sandbox.outbox()) == 2
    assert sandbox.text(to="+13125550177").status == 201
    assert sandbox.text(from_="+13125550101").status == 201  # a stop is between two numbers


@pytest.mark.parametrize("word", ["START", "unstop", "Yes"])
def test_start_lifts_a_stop(sandbox: Sandbox, application: Application, word: str) -> None:
    reply(sandbox, "STOP")
    reply(sandbox, word)
    assert application.wait_for(2, "/hooks/twilio/sms/")[-1].form["OptOutType"] == "START"
    assert "re-subscribed" in answers(sandbox)[-1]
    assert sandbox.text().status == 201


def test_help_is_answered_unless_stopped(sandbox: Sandbox) -> None:
    reply(sandbox, "help")
    assert len(answers(sandbox)) == 1
    reply(sandbox, "STOP")
    reply(sandbox, "INFO")
    assert len(answers(sandbox)) == 2


@pytest.mark.parametrize(
    "body", ["STOP PLEASE", "please stop", "cancel my 3 pm", "STOP.", "Yes", "C", "", "🛑"]
)
def test_anything_else_is_only_passed_on(sandbox: Sandbox, application: Application, body: str) -> None:
    reply(sandbox, body)
    (got,) = application.wait_for(1, "/hooks/twilio/sms/")
    assert "OptOutType" not in got.form
    assert got.form["Body"] == body
    assert sandbox.outbox() == []
    assert sandbox.text().status == 201


@pytest.fixture(params=["flag", "environment"])
def unhandled(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, Application]]:
    application = Application()
    server = serve(application)
    if request.param == "flag":
        sandbox = Sandbox(application.port, "--no-opt-out-handling")
    else:
        sandbox = Sandbox(application.port, environ={"SANDBOX_OPT_OUT_HANDLING": "0"})
    yield sandbox, application
    sandbox.stop()
    server.shutdown()
    server.server_close()


def test_with_the_handling_off_the_application_decides(unhandled: tuple[Sandbox, Application]) -> None:
    sandbox, application = unhandled
    reply(sandbox, "STOP")
    (got,) = application.wait_for(1)
    assert "OptOutType" not in got.form
    assert sandbox.outbox() == []
    assert sandbox.text().status == 201
