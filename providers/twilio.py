"""Twilio: send a text, find one that may have been sent, check and read what Twilio posts to us."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from providers.errors import BadWebhook, ProviderError, from_status, from_transport
from providers.transport import TIMEOUTS, session_for

NAME = "twilio"
OPTED_OUT = "21610"
# Worth another try later: wrong credentials may be mended, a full queue empties.
PASSING_STATUSES = frozenset({401, 403, 404, 408, 425, 429})
PASSING_CODES = frozenset({"20003", "20429", "21611", "63017"})
LIST_LIMIT = 200
Answer = TypeVar("Answer")
OptOut = Literal["STOP", "START", "HELP", ""]

_silent = logging.getLogger("providers.twilio.wire")  # the SDK logs queries with numbers in them
_silent.propagate = False
_silent.disabled = True


@dataclass(frozen=True)
class SentMessage:
    sid: str
    status: str


@dataclass(frozen=True)
class FoundMessage:
    sid: str
    status: str
    to: str
    from_: str
    body: str
    created_at: datetime
    error_code: str


@dataclass(frozen=True)
class Subaccount:
    sid: str
    auth_token: str


@dataclass(frozen=True)
class InboundSms:
    account_sid: str
    message_sid: str
    from_: str
    to: str
    body: str
    opt_out: OptOut  # what the service has recognised and answered itself; empty: nothing
    num_media: int


@dataclass(frozen=True)
class SmsStatus:
    account_sid: str
    message_sid: str
    status: str
    error_code: str


class TwilioClient:
    """One account's door to the real SDK; `base_url` empty means Twilio itself."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str = "") -> None:
        http = TwilioHttpClient(logger=_silent)
        http.timeout = TIMEOUTS
        http.session = session_for(base_url)
        self._client = Client(account_sid, auth_token, http_client=http)
        if base_url:
            self._client.api.base_url = base_url.rstrip("/")

    def send_sms(
        self,
        *,
        to: str,
        from_: str,
        body: str,
        status_callback: str,
        messaging_service_sid: str | None = None,
    ) -> SentMessage:
        """Hand one text to Twilio; there is no idempotency key, so an "unknown" is never repeated."""
        sender = (
            {"messaging_service_sid": messaging_service_sid} if messaging_service_sid else {"from_": from_}
        )

        def send() -> SentMessage:
            message = self._client.messages.create(
                to=to, body=body, status_callback=status_callback, **sender
            )
            return SentMessage(sid=_text(message.sid), status=_text(message.status))

        return _asked(send)

    def find_sent(self, *, to: str, since: datetime) -> list[FoundMessage]:
        """What this account sent to the number since then, newest first: for an "unknown" to be matched.

        Asks by number only: a message still queued has no sending date that Twilio could filter by.
        """
        earliest = since - timedelta(seconds=1)  # Twilio's times have whole seconds

        def find() -> list[FoundMessage]:
            found = []
            for message in self._client.messages.stream(to=to, limit=LIST_LIMIT, page_size=LIST_LIMIT):
                if message.date_created < earliest:
                    break
                if message.direction == "outbound-api":
                    found.append(_found(message))
            return found

        return _asked(find)

    def get_sent(self, sid: str) -> FoundMessage:
        return _asked(lambda: _found(self._client.messages(sid).fetch()))

    def create_subaccount(self, name: str) -> Subaccount:
        """A clinic's own account under the platform's; its webhooks are signed with its own token."""

        def create() -> Subaccount:
            account = self._client.api.accounts.create(friendly_name=name)
            return Subaccount(sid=_text(account.sid), auth_token=_text(account.auth_token))

        return _asked(create)

    def buy_number(self, number: str) -> None:
        _asked(lambda: self._client.incoming_phone_numbers.create(phone_number=number))


def verify_signature(url: str, params: Mapping[str, Any], signature: str, auth_token: str) -> bool:
    """Whether Twilio, knowing this token, posted these parameters to this public URL."""
    return bool(auth_token and signature) and bool(
        RequestValidator(auth_token).validate(url, params, signature)
    )


def parse_inbound(params: Mapping[str, str]) -> InboundSms:
    kind = params.get("OptOutType", "").upper()
    return InboundSms(
        account_sid=_sid(params, "AccountSid", "AC"),
        message_sid=_sid(params, "MessageSid", "SM|MM"),
        from_=_needed(params, "From"),
        to=_needed(params, "To"),
        body=params.get("Body", ""),
        opt_out="STOP"
        if kind == "STOP"
        else "START"
        if kind == "START"
        else "HELP"
        if kind == "HELP"
        else "",
        num_media=int(media) if (media := params.get("NumMedia", "0")).isdecimal() else 0,
    )


def parse_status(params: Mapping[str, str]) -> SmsStatus:
    return SmsStatus(
        account_sid=_sid(params, "AccountSid", "AC"),
        message_sid=_sid(params, "MessageSid", "SM|MM"),
        status=_needed(params, "MessageStatus"),
        error_code=params.get("ErrorCode", ""),
    )


def account_sid_of(params: Mapping[str, str]) -> str:
    """Whose webhook it says it is: read before the signature can be checked, so believe nothing else yet."""
    return _sid(params, "AccountSid", "AC")


def _asked(ask: Callable[[], Answer]) -> Answer:
    """The answer, or our error: raised outside the handler so that no number hangs on its context."""
    try:
        return ask()
    except TwilioRestException as refused:
        problem = _refusal(refused.status, str(refused.code))
    except requests.RequestException as lost:
        problem = from_transport(NAME, lost)
    except (
        TwilioException,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
    ):  # what the SDK makes of garbage
        problem = ProviderError(NAME, "unreadable_answer", permanent=False, sent="unknown")
    raise problem


def _refusal(status: int, code: str) -> ProviderError:
    problem = from_status(NAME, status, code, passing=PASSING_STATUSES)
    problem.opted_out = code == OPTED_OUT
    if code in PASSING_CODES:
        problem.permanent = False
    return problem


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("an answer without what it must have")
    return value


def _found(message: Any) -> FoundMessage:
    return FoundMessage(
        sid=message.sid,
        status=str(message.status),
        to=message.to,
        from_=message.from_ or "",
        body=message.body or "",
        created_at=message.date_created,
        error_code=str(message.error_code or ""),
    )


def _needed(params: Mapping[str, str], name: str) -> str:
    value = params.get(name, "")
    if not value:
        raise BadWebhook(f"{name} is missing")
    return value


def _sid(params: Mapping[str, str], name: str, kinds: str) -> str:
    value = params.get(name, "")
    if not re.fullmatch(f"(?:{kinds})[0-9a-fA-F]{{32}}", value):
        raise BadWebhook(f"{name} is not a sid")
    return value
