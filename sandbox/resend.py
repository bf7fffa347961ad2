"""Resend's API, the part the product uses: send, send a batch, look one up; all else is 501."""

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable
from email.utils import parseaddr
from functools import partial
from typing import Any

from sandbox.config import Config
from sandbox.courier import Courier
from sandbox.store import Entry, Store, stamp
from sandbox.wire import BadRequest, Request, Response, json_response

ROOTS = (
    "/emails", "/domains", "/api-keys", "/audiences", "/contacts", "/broadcasts", "/webhooks",
    "/segments", "/topics", "/templates", "/contact-properties",
)  # fmt: skip
MAILBOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
RECIPIENT_LIMIT, BATCH_LIMIT, KEY_LIMIT = 50, 100, 256
DELIVERED_AFTER = 0.2
RETRY_PAUSES = (1, 5, 25, 60)
BOUNCE = {
    "message": "The recipient's email provider sent a hard bounce message, but didn't specify the reason.",
    "subType": "General",
    "type": "Permanent",
}


class Refused(Exception):
    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message


def refusal(status: int, name: str, message: str) -> Response:
    headers = {"Retry-After": "1"} if status == 429 else None
    return json_response(status, {"statusCode": status, "name": name, "message": message}, headers)


def fault(status: int, code: str) -> Response:
    known = {401: "missing_api_key", 403: "invalid_api_key", 429: "rate_limit_exceeded"}
    name = code or known.get(status, "internal_server_error" if status >= 500 else "validation_error")
    return refusal(status, name, f"Sandbox fault, status {status}")


class Resend:
    EVENTS = ("sent", "delivered", "delivery_delayed", "bounced", "complained", "opened", "clicked")

    def __init__(self, config: Config, store: Store, courier: Courier) -> None:
        self._config, self._store, self._courier = config, store, courier

    def sends(self, request: Request) -> bool:
        return request.method == "POST" and request.path in {"/emails", "/emails/batch"}

    def answer(self, request: Request) -> Response:
        try:
            return self._route(request)
        except Refused as refused:
            return refusal(refused.status, refused.name, refused.message)
        except BadRequest as problem:
            return refusal(400, "validation_error", str(problem))

    def _route(self, request: Request) -> Response:
        self._check_key(request)
        if (request.method, request.path) == ("POST", "/emails"):
            mail = _checked(request.json())
            return self._once(request, mail, lambda: {"id": self._accept(mail)})
        if (request.method, request.path) == ("POST", "/emails/batch"):
            mails = _checked_batch(request.json())
            return self._once(
                request, mails, lambda: {"data": [{"id": self._accept(mail)} for mail in mails]}
            )
        found = re.fullmatch(r"/emails/([0-9a-f-]{36})", request.path)
        if found and request.method == "GET":
            return self._look_up(found[1])
        raise Refused(501, "not_implemented", "The sandbox does not speak this part of the API.")

    def _check_key(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Refused(401, "missing_api_key", "Missing API key in the authorization header.")
        if not hmac.compare_digest(key.encode(), self._config.resend_key.encode()):
            raise Refused(403, "invalid_api_key", "API key is invalid.")

    def _once(self, request: Request, content: object, make: Callable[[], dict[str, Any]]) -> Response:
        key = request.headers.get("idempotency-key")
        if key is None:
            return json_response(200, make())
        if not 1 <= len(key) <= KEY_LIMIT:
            raise Refused(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        same, answer = self._store.once(f"{request.path} {key}", digest, make)
        if not same:
            message = "Same idempotency key used with a different request payload."
            raise Refused(409, "invalid_idempotent_request", message)
        return json_response(200, answer)

    def _accept(self, mail: dict[str, Any]) -> str:
        to = _list(mail["to"])
        entry = Entry(
            provider="resend",
            kind="email",
            id=str(uuid.uuid4()),
            at=stamp(),
            to=_bare(to[0]),
            sender=mail["from"],
            body=mail.get("text") or mail.get("html") or "",
            status="queued",
            details={
                "subject": mail["subject"],
                "attachments": [_attachment(item) for item in mail.get("attachments") or []],
                "recipients": [_bare(address) for address in to],
                "cc": _list(mail.get("cc")),
                "bcc": _list(mail.get("bcc")),
                "reply_to": _list(mail.get("reply_to")),
                "html": mail.get("html") or "",
                "headers": mail.get("headers") or {},
            },
        )
        self._store.add(entry)
        self._courier.after(DELIVERED_AFTER, partial(self._settle, entry))
        return entry.id

    def resume(self) -> None:
        """Carry on with what was under way when the process ended."""
        for entry in self._store.entries():
            if entry.provider == "resend" and entry.status == "queued":
                self._courier.after(DELIVERED_AFTER, partial(self._settle, entry))

    def _settle(self, entry: Entry) -> None:
        """Resend's documented addresses bounce or complain; all others get their mail."""
        mailbox = entry.to.partition("@")[0].partition("+")[0] if entry.to.endswith("@resend.dev") else ""
        self.report(entry.id, "bounced" if mailbox == "bounced" else "delivered")
        if mailbox == "complained":
            self.report(entry.id, "complained")

    def report(self, id_: str, event: str) -> None:
        """Move a mail on and tell the application's webhook."""
        entry = self._store.set_status(id_, event, sent_at=stamp())
        if entry is None:
            return
        data: dict[str, Any] = {
            "email_id": entry.id,
            "created_at": entry.at,
            "from": entry.sender,
            "to": entry.details["recipients"],
            "subject": entry.details["subject"],
            "headers": [{"name": name, "value": text} for name, text in entry.details["headers"].items()],
        }
        if event == "bounced":
            data["bounce"] = BOUNCE
        body = json.dumps({"type": f"email.{event}", "created_at": stamp(), "data": data}).encode()
        url, event_id = self._courier.hook("/hooks/resend/"), f"msg_{uuid.uuid4().hex[:27]}"
        self._courier.insist(lambda: self._courier.post_svix(url, body, event_id), pauses=RETRY_PAUSES)

    def _look_up(self, id_: str) -> Response:
        entry = self._store.get(id_)
        if entry is None or entry.provider != "resend":
            raise Refused(404, "not_found", "Email not found")
        mail = {
            "object": "email",
            "id": entry.id,
            "created_at": entry.at,
            "from": entry.sender,
            "to": entry.details["recipients"],
            "text": entry.body if entry.body != entry.details["html"] else None,
            "last_event": entry.status,
            "scheduled_at": None,
        }
        return json_response(
            200, mail | {k: entry.details[k] for k in ("subject", "html", "cc", "bcc", "reply_to")}
        )


def _checked_batch(mails: object) -> list[dict[str, Any]]:
    if not isinstance(mails, list) or not 1 <= len(mails) <= BATCH_LIMIT:
        raise Refused(422, "validation_error", "A batch is a list of 1 to 100 emails.")
    return [_checked(mail) for mail in mails]


def _checked(mail: object) -> dict[str, Any]:
    if not isinstance(mail, dict):
        raise Refused(422, "validation_error", "The email must be an object.")
    for name in ("from", "to", "subject"):
        if not mail.get(name):
            raise Refused(422, "missing_required_field", f"Missing `{name}` field.")
    if not isinstance(mail["subject"], str):
        raise Refused(422, "validation_error", "Invalid `subject` field.")
    if not all(isinstance(mail.get(name) or "", str) for name in ("from", "text", "html")):
        raise Refused(422, "validation_error", "`from`, `text` and `html` must be texts.")
    if not mail.get("text") and not mail.get("html"):
        raise Refused(422, "validation_error", "Missing `html` or `text` field.")
    for name in ("from", "to", "cc", "bcc", "reply_to"):
        _check_addresses(name, mail.get(name))
    for item in mail.get("attachments") or []:
        if not isinstance(item, dict) or not isinstance(item.get("content"), str) or not item.get("filename"):
            raise Refused(422, "invalid_attachment", "Attachment must have a `content` and a `filename`.")
    return mail


def _check_addresses(name: str, value: object) -> None:
    addresses = _list(value)
    fine = len(addresses) <= RECIPIENT_LIMIT and all(
        isinstance(address, str) and MAILBOX.fullmatch(_bare(address)) for address in addresses
    )
    if not fine:
        wanted = (
            "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."
        )
        raise Refused(422, "validation_error", f"Invalid `{name}` field. {wanted}")


def _attachment(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "filename": str(item["filename"]),
        "content_type": str(item.get("content_type") or "application/octet-stream"),
        "size": len(item["content"].rstrip("=")) * 3 // 4,
        "content": item["content"],  # base64, as it was sent
    }


def _list(value: Any) -> list[Any]:
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _bare(address: str) -> str:
    return parseaddr(address)[1] or address
