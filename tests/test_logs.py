"""Logs and error reports carry no person."""

import json
import logging

import pytest

from medspa.logs import JsonFormatter, Scrub, before_send, scrub

SECRETS = ["pat@example.com", "+1 512 555 0172", "(512) 555-0172", "1988-06-14", "tok_" + "a1B2" * 12]


@pytest.mark.promise("P171")
@pytest.mark.parametrize("secret", SECRETS)
def test_a_log_line_is_scrubbed(secret):
    record = logging.LogRecord("x", logging.INFO, "f", 1, "call %s now", (secret,), None)
    assert Scrub().filter(record)
    line = JsonFormatter().format(record)
    assert secret not in line
    assert json.loads(line)["message"].startswith("call [")


def test_a_traceback_shows_places_and_no_values():
    try:
        raise ValueError("Pat Smith pat@example.com")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, info)
    line = JsonFormatter().format(record)
    assert "Pat" not in line
    assert json.loads(line)["error"] == "ValueError"


@pytest.mark.promise("P171")
@pytest.mark.promise("P173")
def test_sentry_gets_kind_and_place_only():
    event = {
        "event_id": "1",
        "level": "error",
        "request": {
            "data": {"first_name": "Pat"},
            "cookies": {"session": "s"},
            "url": "https://glow.example/x",
        },
        "user": {"email": "pat@example.com"},
        "breadcrumbs": {"values": [{"message": "Pat Smith"}]},
        "extra": {"note": "Pat"},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": "Pat Smith, +15125550172",
                    "stacktrace": {
                        "frames": [{"filename": "a.py", "function": "f", "lineno": 3, "vars": {"n": "Pat"}}]
                    },
                }
            ]
        },
    }
    sent = json.dumps(before_send(event, {}))
    for secret in ("Pat", "pat@example.com", "+15125550172", "glow.example", "session"):
        assert secret not in sent
    assert "a.py" in sent


def test_scrub_keeps_ids_and_plain_words():
    text = "visit 019a2b3c-0000-7000-8000-000000000000 booked"
    assert scrub(text) == text
