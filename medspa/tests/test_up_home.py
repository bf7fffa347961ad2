"""What `up` writes down, and what each child is told of it."""

import base64
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from medspa.embedded.home import Home, check_replaced, files_digest
from medspa.embedded.process import AlreadyRunningError, ServerError
from medspa.management.welcome import welcome

RESET = Path(__file__).parents[1] / "embedded" / "reset.py"


def home(tmp_path: Path, **environ: str) -> Home:
    return Home(tmp_path, tmp_path / "var", environ)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    first = home(tmp_path)
    os.close(first.take())
    first.write_servers({"SECRET_KEY": first.secret("secret_key", 48)})
    assert mode(first.secrets) == 0o700
    assert mode(first.secrets / "secret_key") == 0o600
    assert mode(first.var / "servers.json") == 0o600
    assert mode(first.var) & 0o066 == 0
    assert len(first.secret("secret_key")) >= 50
    assert home(tmp_path).secret("secret_key") == first.secret("secret_key")


def test_a_second_up_is_told_who_runs(tmp_path: Path) -> None:
    lock = home(tmp_path).take()
    with pytest.raises(AlreadyRunningError, match=f"already running here \\(process {os.getpid()}\\)"):
        home(tmp_path).take()
    os.close(lock)
    os.close(home(tmp_path).take())


def test_only_those_who_may_are_told_the_owners_login(tmp_path: Path) -> None:
    values = {"OWNER_DATABASE_URL": "postgresql://app_owner@/x", "DATABASE_URL": "postgresql://app_login@/x"}
    place = home(tmp_path, OWNER_DATABASE_URL="postgresql://app_owner@/x")
    assert "OWNER_DATABASE_URL" not in place.child_environment(values, "web")
    assert "OWNER_DATABASE_URL" in place.child_environment(values, "provision", owner=True)
    assert place.child_environment(values, "web")["MEDSPA_PROCESS"] == "web"


def test_the_sandbox_stands_in_for_providers_without_a_key(tmp_path: Path) -> None:
    values = home(tmp_path, PORT="8100").providers()
    assert values["SANDBOX_URL"] == values["RESEND_API_URL"] == "http://127.0.0.1:8101"
    assert re.fullmatch("AC[0-9a-f]{32}", values["TWILIO_ACCOUNT_SID"])
    assert len(base64.b64decode(values["RESEND_SIGNING_SECRET"].removeprefix("whsec_"))) == 32
    live = home(tmp_path, TWILIO_AUTH_TOKEN="x", RESEND_API_KEY="y").providers()
    assert live == {}
    half = home(tmp_path, TWILIO_AUTH_TOKEN="x").providers()
    assert "TWILIO_API_BASE_URL" not in half
    assert half["RESEND_API_KEY"].startswith("re_")


@pytest.mark.parametrize(
    ("given", "missing"),
    [("DATABASE_URL", "OWNER_DATABASE_URL"), ("OWNER_DATABASE_URL", "DATABASE_URL")],
)
def test_the_main_database_is_brought_with_both_logins(given: str, missing: str) -> None:
    with pytest.raises(ServerError, match=f"{missing} is not"):
        check_replaced({given: "postgresql://somewhere"})
    check_replaced({"VAULT_DATABASE_URL": "postgresql://somewhere"})
    check_replaced({given: "postgresql://somewhere", missing: "postgresql://somewhere"})


def test_work_is_remembered_by_what_it_was_done_for(tmp_path: Path) -> None:
    place = home(tmp_path)
    os.close(place.take())
    sources = tmp_path / "static"
    sources.mkdir()
    (sources / "a.css").write_text("a")
    before = files_digest([sources, tmp_path / "absent"])
    assert place.changed("static", before)
    place.remember("static", before)
    assert not place.changed("static", before)
    (sources / "a.css").write_text("ab")
    assert place.changed("static", files_digest([sources, tmp_path / "absent"]))


def test_reset_refuses_while_something_runs(tmp_path: Path) -> None:
    place = home(tmp_path)
    lock = place.take()
    argv = [sys.executable, "-I", str(RESET), str(place.var)]
    refused = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "is running" in refused.stderr
    assert place.var.exists()
    os.close(lock)
    assert subprocess.run(argv, capture_output=True, check=False).returncode == 0
    assert not place.var.exists()


def test_the_welcome_names_places_and_people(tmp_path: Path) -> None:
    staff = {"role": "owner", "email": "olive@glow.example", "password": "a pass", "totp_secret": "JBSW"}
    clinic = {"name": "Glow", "url": "http://glow.localhost:8100", "timezone": "America/Chicago"}
    told = {
        "platform": {"url": "http://localhost:8100", "admin": None},
        "sandbox": {"url": "http://127.0.0.1:8101"},
        "clinics": [{**clinic, "slug": "glow", "staff": [staff], "patients": []}],
    }
    file = tmp_path / "demo.json"
    file.write_text(json.dumps(told))
    text = welcome(file, 8100, "http://127.0.0.1:8101")
    for expected in (
        "http://glow.localhost:8100/book/",
        "http://glow.localhost:8100/desk/",
        "http://127.0.0.1:8101/outbox/",
        "olive@glow.example",
        "TOTP JBSW",
    ):
        assert expected in text
