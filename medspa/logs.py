"""JSON log lines that carry ids and never a person; the same scrubber stands before Sentry."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from audit.buffer import current
from core.context import current_clinic

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w-])\(?\+?\d[\d\s().-]{7,}\d(?![\w-])")
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")
DATE_OF_BIRTH = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b(?!T)")
KEPT = {"clinic", "request_id", "status", "method", "route", "task", "milliseconds"}


def scrub(text: str) -> str:
    """Addresses, numbers, dates of birth and tokens out of a text."""
    for pattern, word in (
        (EMAIL, "[mail]"),
        (TOKEN, "[token]"),
        (DATE_OF_BIRTH, "[date]"),
        (PHONE, "[number]"),
    ):
        text = pattern.sub(word, text)
    return text


class Scrub(logging.Filter):
    """Arguments of a record are formatted first, so that nothing slips past as an object."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple) and record.args:
            # Django ends such lines with the path, into which a caller may have typed anything.
            match = getattr(request, "resolver_match", None)
            record.args = (*record.args[:-1], f"/{match.route}" if match else "no known address")
        record.msg = scrub(record.getMessage())
        record.args = None
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        clinic, opened = current_clinic.get(), current.get()
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "clinic": clinic.schema if clinic else None,
            "request_id": str(opened.request_id) if opened else None,
        }
        line.update({key: value for key, value in record.__dict__.items() if key in KEPT})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps({key: value for key, value in line.items() if value is not None}, default=str)


def _where(trace: Any) -> list[str]:
    """File, line and function of each frame; never its values, never the exception's own text."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-12:]]


def before_send(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Sentry gets the kind of error and where it was; no body, cookie, header, variable or message."""
    kept: dict[str, Any] = {
        key: event[key]
        for key in ("event_id", "timestamp", "level", "platform", "release", "environment")
        if key in event
    }
    kept["exception"] = {
        "values": [
            {
                "type": value.get("type"),
                "value": scrub(str(value.get("value", "")))[:200]
                if value.get("type") == "Problem"
                else "[scrubbed]",
                "stacktrace": {"frames": [_frame(frame) for frame in _frames(value)]},
            }
            for value in event.get("exception", {}).get("values", [])
        ]
    }
    return kept


def _frames(value: dict[str, Any]) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = (value.get("stacktrace") or {}).get("frames", [])
    return frames


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    return {key: frame.get(key) for key in ("filename", "function", "lineno", "module", "in_app")}
