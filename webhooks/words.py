"""Endpoints and deliveries in people's words, ready for a template."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.clock import Zone, local
from webhooks.events import EVENTS, NAMES, body_of
from webhooks.models import State, Stopped, WebhookDelivery, WebhookEndpoint

Text = str | Promise
TONES: Final = {
    State.QUEUED: ("info", "clock"),
    State.SENDING: ("info", "send"),
    State.DELIVERED: ("success", "check"),
    State.DEAD: ("danger", "circle-alert"),
    State.DROPPED: ("", "circle-slash"),
}
ERRORS: Final[dict[str, Text]] = {
    "timeout": _("No answer in time"),
    "refused": _("Nobody listens there"),
    "broken": _("The connection broke"),
    "tls": _("No secure connection"),
    "certificate": _("Its certificate is not valid"),
    "redirect": _("It answered with a redirect, which is not followed"),
    "unknown_host": _("Its name was not found"),
    "not_public": _("Its name leads into a private network"),
    "not_https": _("It is not https"),
    "stopped": _("The endpoint was stopped"),
    "gone": _("It answered that it is gone for good"),
}


def endpoint_line(endpoint: WebhookEndpoint, at: datetime) -> dict[str, Any]:
    tone, icon = ("success", "check")
    text: Text = Stopped.NO.label
    if endpoint.stopped:
        tone, icon = (
            ("", "circle-slash") if endpoint.stopped == Stopped.BY_HAND else ("danger", "circle-alert")
        )
        text = endpoint.get_stopped_display()
    elif endpoint.failing_since:
        tone, icon, text = "warning", "triangle-alert", _("Failing")
    return {"uid": endpoint.uid, "endpoint": endpoint, "tone": tone, "icon": icon, "text": text}


def wanted(endpoint: WebhookEndpoint) -> list[tuple[str, Text]]:
    return [(name, EVENTS[name]) for name in endpoint.events if name in EVENTS]


def delivery_line(row: WebhookDelivery, zone: Zone) -> dict[str, Any]:
    state = State(row.state)
    tone, icon = TONES[state]
    retrying = state == State.QUEUED and row.attempts > 0
    return {
        "uid": row.uid,
        "type": row.event.type,
        "meaning": NAMES.get(row.event.type, row.event.type),
        "at": when(row.event.happened_at, zone),
        "tone": "warning" if retrying else tone,
        "icon": "refresh-cw" if retrying else icon,
        "state": _("Will be tried again") if retrying else state.label,
        "attempts": row.attempts,
        "answer": answer(row.response_code, row.error),
        "next": when(row.next_try_at, zone) if retrying and row.next_try_at else "",
    }


def answer(code: int | None, error: str) -> Text:
    if error and error in ERRORS and (code is None or not 200 <= code < 300):
        return f"{code} · {ERRORS[error]}" if code else ERRORS[error]
    return str(code) if code else error


def tries(row: WebhookDelivery, zone: Zone) -> list[dict[str, Any]]:
    return [
        {
            "at": when(datetime.fromisoformat(one["at"]), zone),
            "answer": answer(one["code"], one["error"]),
            "ok": one["code"] is not None and 200 <= one["code"] < 300,
            "ms": one["ms"],
        }
        for one in reversed(row.tries)
    ]


def states(chosen: str) -> list[dict[str, Any]]:
    every: list[tuple[str, Text]] = [("", _("All")), *((str(one), one.label) for one in State)]
    return [{"value": value, "label": label, "current": value == chosen} for value, label in every]


def pretty_body(row: WebhookDelivery) -> str:
    return json.dumps(json.loads(body_of(row.event)), indent=2, ensure_ascii=False)


def when(moment: datetime, zone: Zone) -> str:
    return date_format(local(moment, zone), "j M, g:i:s a")


def read_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
