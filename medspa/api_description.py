"""Completes the OpenAPI description: words, rights, refusals, examples and the webhooks that we send.

drf-spectacular derives shapes and parameters from the code; this hook adds what no code says.
"""

import re
from typing import Any, Final

from medspa.api_words import WORDS
from medspa.api_words.shared import PUBLIC, SERVICE, TAGS, VISIT, Words
from webhooks.events import EVENTS

ABOUT: Final = """
Everything a clinic's pages do, for programs. `docs/api.md` leads from a token to a booking; `examples/book.py` is a
program of one file that books, moves and cancels.

- **Address**: the clinic's own host, below `/api/v1/`.
- **Signing in**: `Authorization: Bearer msp_…`. The public part (tag Booking) needs none. A patient who signed in at
  `/portal/` reaches what is their own with that session; what says nothing of patients is refused to them.
- **Errors** are `application/problem+json` (RFC 9457), with every failure listed in `errors`.
- **Pages**: `{"results": […], "next": cursor}`; ask again with `?cursor=` until `next` is null.
- **Retries**: send `Idempotency-Key` with what changes something; the same key and body get the same answer for 24 hours.
- **Times** are ISO 8601 with the offset of the location; **money** is in minor units with its currency.
"""
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "errors"],
    "properties": {
        "type": {"type": "string", "description": "`/problems/` and a word that stays the same."},
        "title": {"type": "string", "description": "For people."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do next, for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Dotted path, such as patient.phone."},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
TITLES: Final = {
    400: "The request cannot be read",
    401: "No token, or one that is not good any more",
    403: "The token may not open this",
    404: "There is nothing here, or nothing for this token",
    409: "It no longer fits what is stored",
    410: "It was there, and cannot be given out any more",
    413: "More than one request may carry",
    415: "This media type is not read here",
    422: "Some details need another look",
    429: "Too many requests; Retry-After says when to come again",
    503: "Not available right now; nothing was lost",
}
USUAL_TYPE: Final = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    410: "photo-unreadable",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many-requests",
    503: "unavailable",
}
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 200},
    "description": "Up to 200 printable characters of your own, such as a UUID.",
}
CHANGES: Final = frozenset({"post", "put", "patch", "delete"})


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The hook that SPECTACULAR_SETTINGS names."""
    schemas = result["components"]["schemas"]
    schemas["Problem"] = PROBLEM
    result["info"]["description"] = ABOUT.strip()
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            words = WORDS.get(operation["operationId"])
            if words is not None:
                _describe(operation, words, method, path)
    result["webhooks"] = {name: _webhook(name, str(text)) for name, text in EVENTS.items()}
    schemas["WebhookEvent"] = _event_shape()
    return result


def _describe(operation: dict[str, Any], words: Words, method: str, path: str) -> None:
    operation["tags"], operation["summary"] = [words.tag], words.summary
    right = f"\n\nScope: `{words.needs}`." if "." in words.needs else ""
    operation["description"] = words.says + right
    operation["security"] = [] if words.needs == PUBLIC else [{"token": []}, {"session": []}]
    if words.patient:
        operation["description"] += f"\n\nA patient: {words.patient}"
        operation["security"] += [{"patient": []}]
    if method in CHANGES:
        operation["parameters"] = [*operation.get("parameters", []), KEY]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if words.example is not None:
            content["example"] = words.example
    for parameter in operation.get("parameters", []):
        parameter.setdefault("description", _parameter(parameter["name"]))
    for status in sorted(_statuses(words, method, path)):
        operation["responses"][str(status)] = _refusal(status, words.refusals.get(status, ()))
    for status, answer in operation["responses"].items():
        answer["description"] = answer.get("description") or (
            "Done" if int(status) < 300 else TITLES[int(status)]
        )


def _statuses(words: Words, method: str, path: str) -> set[int]:
    found = {503, *words.refusals}
    if words.needs == PUBLIC:
        found |= {429}
    else:
        found |= {401, 429}
        found |= {404} if "{uid}" in path else {403} if "." in words.needs else set()
    if method in CHANGES:
        found |= {400, 409, 415}
    return found


def _parameter(name: str) -> str:
    known = {
        "uid": "The id.",
        "token": "The last part of the booking's manage_url.",
        "service": "A service's id.",
        "provider": "Only this provider's, by id.",
        "location": "Only at this location, by id.",
        "state": "Only those in this state.",
        "verb": "Only events of this verb, such as appointment.booked.",
    }
    return known.get(name, name)


def _refusal(status: int, types: tuple[str, ...]) -> dict[str, Any]:
    kinds = types or (USUAL_TYPE.get(status, "conflict"),)
    example: dict[str, Any] = {"title": TITLES[status], "status": status, "errors": []}
    if status == 422:
        example["errors"] = [
            {"field": "patient.phone", "code": "missing", "message": "Enter a mobile number."}
        ]
    return {
        "description": f"{TITLES[status]}: {', '.join(f'`{kind}`' for kind in kinds)}",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind: {"value": {"type": f"/problems/{kind}", **example}} for kind in kinds},
            }
        },
    }


def _webhook(name: str, text: str) -> dict[str, Any]:
    headers = {
        "webhook-id": "The event's id, the same at every try. Do nothing twice for one id.",
        "webhook-timestamp": "Seconds since 1970, of this try. Refuse what is older than five minutes.",
        "webhook-signature": "One or two of `v1,` and base64 of HMAC-SHA256, separated by a blank.",
    }
    return {
        "post": {
            "operationId": re.sub(r"\W", "_", f"on_{name}"),
            "tags": ["Webhooks"],
            "summary": text,
            "description": "Sent to your endpoint; docs/webhooks.md says how to verify it.",
            "security": [],
            "parameters": [
                {
                    "name": key,
                    "in": "header",
                    "required": True,
                    "schema": {"type": "string"},
                    "description": says,
                }
                for key, says in headers.items()
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/WebhookEvent"},
                        "example": {**EVENT_EXAMPLE, "type": name},
                    }
                },
            },
            "responses": {
                "2XX": {"description": "Taken. Anything else is tried again, six times in a day and a half."},
                "410": {"description": "Gone for good: the endpoint is stopped and its owner told."},
            },
        }
    }


EVENT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "01930000-0000-7000-8000-00000000000e",
    "type": "appointment.booked",
    "timestamp": "2027-04-20T14:03:22.114Z",
    "sequence": 4711,
    "data": {
        "id": VISIT,
        "status": "booked",
        "revision": 0,
        "start": "2027-04-23T09:00:00-05:00",
        "end": "2027-04-23T09:30:00-05:00",
        "timezone": "America/Chicago",
        "service": SERVICE,
        "provider": "01920000-0000-7000-8000-000000000002",
        "location": "01920000-0000-7000-8000-000000000003",
    },
}


def _event_shape() -> dict[str, Any]:
    def shape(example: dict[str, Any]) -> dict[str, Any]:
        properties = {
            name: shape(value) if isinstance(value, dict) else {"type": kind_of(value)}
            for name, value in example.items()
        }
        return {"type": "object", "required": list(example), "properties": properties}

    def kind_of(value: object) -> str:
        return "integer" if isinstance(value, int) else "string"

    return shape(EVENT_EXAMPLE)
