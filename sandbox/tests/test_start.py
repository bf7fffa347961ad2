"""How the process starts, refuses to start, stops, and what survives."""

from pathlib import Path

import pytest

from sandbox.tests.running import PATIENT, Sandbox, launch


def test_production_is_refused() -> None:
    process = launch(environ={"DJANGO_ENV": "production"})
    assert process.wait(10) == 2
    assert process.stderr
    assert "production" in process.stderr.read()


@pytest.mark.parametrize(
    ("arguments", "environ", "word"),
    [
        (["--webhook-base", "localhost:8000"], {}, "--webhook-base"),
        (["--webhook-base", "http://localhost:8000/hooks"], {}, "--webhook-base"),
        ([], {"TWILIO_ACCOUNT_SID": "nonsense"}, "TWILIO_ACCOUNT_SID"),
    ],
)
def test_nonsense_is_refused(arguments: list[str], environ: dict[str, str], word: str) -> None:
    process = launch(*arguments, environ=environ)
    assert process.wait(10) == 2
    assert process.stderr
    assert word in process.stderr.read()


def test_it_is_alive_and_ends_when_told() -> None:
    sandbox = Sandbox(9)
    assert sandbox.get("/livez").json == {"status": "ok"}
    assert sandbox.stop() == 0


def test_a_restart_keeps_what_was_there(tmp_path: Path) -> None:
    state = tmp_path / "var" / "sandbox.json"
    first = Sandbox(9, "--state", str(state))
    sids = [first.text(body=f"Text {number}").json["sid"] for number in range(3)]
    mail = first.mail(key="visit-1").json["id"]
    first.post("/simulate/sms", {"from": PATIENT, "to": "+13125550100", "body": "STOP"})
    first.process.kill()
    first.process.wait(10)
    with state.open("ab") as torn:
        torn.write(b'{"op": "add", "ent')
    assert state.stat().st_mode & 0o077 == 0

    second = Sandbox(9, "--state", str(state))
    try:
        rows = second.outbox()
        assert [row["id"] for row in rows][:4] == [*sids, mail]
        assert second.text().json["code"] == 21610
        assert second.mail(key="visit-1").json["id"] == mail
        second.text(to="+13125550177")
    finally:
        second.stop()

    third = Sandbox(9, "--state", str(state))
    try:
        assert len(third.outbox()) == len(rows) + 1
        third.post("/reset", {})
        assert third.outbox() == []
    finally:
        third.stop()

    fourth = Sandbox(9, "--state", str(state))
    try:
        assert fourth.outbox() == []
    finally:
        fourth.stop()
