"""Resend: send a mail through django-anymail under an idempotency key, check and read its webhooks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses
from typing import Any

import requests
from anymail.backends.resend import EmailBackend, ResendPayload
from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives
from svix.webhooks import Webhook, WebhookVerificationError

from providers.errors import BadWebhook, ProviderError, from_status, from_transport
from providers.transport import session_for

NAME = "resend"
KEY_LIMIT = 256
# Worth another try later: keys and domains get mended, quotas refill, a twin request ends.
PASSING_STATUSES = frozenset({401, 403, 404, 408, 425, 429})
PASSING_CODES = frozenset({"concurrent_idempotent_requests"})


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class SentMail:
    id: str


@dataclass(frozen=True)
class MailEvent:
    event_id: str  # the same on every retry of one event
    kind: str  # delivered, bounced, complained, delivery_delayed, …
    mail_id: str
    at: datetime


class _KeyedPayload(ResendPayload):
    """Anymail puts all extras into the body; the idempotency key is a header."""

    def set_esp_extra(self, extra: Mapping[str, Any]) -> None:
        extra = dict(extra)
        self.headers["Idempotency-Key"] = extra.pop("idempotency_key")
        super().set_esp_extra(extra)


class ResendBackend(EmailBackend):
    """Anymail's backend, set by ANYMAIL in the settings, with the key and without a proxy to loopback."""

    def build_message_payload(self, message: Any, defaults: Any) -> _KeyedPayload:
        return _KeyedPayload(message, defaults, self)

    def create_session(self) -> requests.Session:
        anymail_session = super().create_session()
        session = session_for(self.api_url)
        session.headers, session.hooks = anymail_session.headers, anymail_session.hooks
        return session


def send_mail(
    *,
    to: str,
    subject: str,
    body_text: str,
    from_email: str,
    idempotency_key: str,
    body_html: str = "",
    reply_to: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    tags: Sequence[str] = (),
) -> SentMail:
    """Hand one mail to Resend.

    The same key within a day gives the same mail, so an "unknown" may be repeated with its key.
    """
    if not 1 <= len(idempotency_key) <= KEY_LIMIT or not idempotency_key.isascii():
        raise ValueError("an idempotency key has 1 to 256 ASCII characters")
    _check_lines(to, subject, from_email, *reply_to)
    message = EmailMultiAlternatives(
        subject=subject,
        body=body_text,
        from_email=from_email,
        to=[to],
        reply_to=list(reply_to),
        connection=ResendBackend(),
    )
    if body_html:
        message.attach_alternative(body_html, "text/html")
    for item in attachments:
        message.attach(item.filename, item.content, item.content_type)
    extras: Any = message  # Anymail reads attributes that Django's message does not declare
    extras.esp_extra = {"idempotency_key": idempotency_key}
    if tags:
        extras.tags = list(tags)
    return SentMail(id=_handed_over(message))


def verify_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> dict[str, Any]:
    """The event, if Resend signed it with this secret within the last five minutes."""
    try:
        Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
        event = json.loads(body)
    except (WebhookVerificationError, ValueError) as error:
        raise BadWebhook("not signed by Resend, or too old") from error
    if not isinstance(event, dict):
        raise BadWebhook("not an event")
    return event


def parse_event(headers: Mapping[str, str], event: Mapping[str, Any]) -> MailEvent:
    """A verified event in our words."""
    lowered = {name.lower(): value for name, value in headers.items()}
    data = event.get("data")
    kind, mail_id = event.get("type"), data.get("email_id") if isinstance(data, dict) else None
    if not isinstance(kind, str) or not kind.startswith("email.") or not isinstance(mail_id, str):
        raise BadWebhook("not an event of a mail")
    try:
        at = datetime.fromisoformat(str(event.get("created_at")).replace("Z", "+00:00"))
    except ValueError as error:
        raise BadWebhook("an event without its time") from error
    return MailEvent(lowered.get("svix-id", ""), kind.removeprefix("email."), mail_id, at)


def _check_lines(to: str, *others: str) -> None:
    """One mail is for one person, and no line of a header holds another."""
    if any(sign in line for line in (to, *others) for sign in "\r\n\0"):
        raise ProviderError(NAME, "line_break", permanent=True, sent="no")
    if len(getaddresses([to])) != 1 or "@" not in to:
        raise ProviderError(NAME, "bad_address", permanent=True, sent="no")


def _handed_over(message: EmailMultiAlternatives) -> str:
    """The mail's id, or our error: raised outside the handler so that no address hangs on its context."""
    try:
        message.send()
        status: Any = message
        id_ = status.anymail_status.message_id
        if isinstance(id_, str):
            return id_
        problem = ProviderError(NAME, "unreadable_answer", permanent=False, sent="unknown")
    except AnymailRequestsAPIError as refused:
        problem = _refusal(refused)
    except AnymailError as never_left:
        problem = ProviderError(NAME, type(never_left).__name__, permanent=True, sent="no")
    except requests.RequestException as lost:
        problem = from_transport(NAME, lost)
    raise problem


def _refusal(refused: AnymailRequestsAPIError) -> ProviderError:
    if refused.response is None:
        cause = refused.__cause__
        lost = cause if isinstance(cause, requests.RequestException) else requests.ConnectionError()
        return from_transport(NAME, lost)
    status = refused.response.status_code
    if 200 <= status < 300:
        return ProviderError(NAME, "unreadable_answer", permanent=False, sent="unknown")
    code = _code(refused.response) or f"http_{status}"
    problem = from_status(NAME, status, code, passing=PASSING_STATUSES)
    if code in PASSING_CODES:
        problem.permanent = False
    return problem


def _code(response: requests.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return ""
    name = answer.get("name") if isinstance(answer, dict) else None
    return name if isinstance(name, str) and name.isidentifier() else ""
