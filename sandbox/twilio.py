"""Twilio's REST API, the part the product uses: messages, subaccounts, numbers; all else is 501."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sandbox.config import Config
from sandbox.courier import Courier
from sandbox.store import Entry, Store, stamp
from sandbox.wire import BadRequest, Request, Response, json_response

ROOT = "/2010-04-01"
ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
SENDER = re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11}")
BODY_LIMIT = 1600
PAGE_LIMIT = 1000
SENT_AFTER, DELIVERED_AFTER = 0.05, 0.2
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
# Twilio's documented numbers for trying out failures.
MAGIC = {
    "+15005550001": (21211, "Invalid 'To' Phone Number"),
    "+15005550002": (21612, "The 'To' phone number is not currently reachable via SMS"),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region"),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number is not a valid mobile number"),
}


class Refused(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refusal(status: int, code: int, message: str) -> Response:
    url = f"https://www.twilio.com/docs/errors/{code}"
    headers = {"Retry-After": "1"} if status == 429 else None
    form = {"code": code, "message": message, "more_info": url, "status": status}
    return json_response(status, form, headers)


def fault(status: int, code: str) -> Response:
    number = int(code) if code.isdigit() else {400: 20001, 401: 20003}.get(status, 20000 + status)
    return refusal(status, number, f"Sandbox fault, status {status}")


class Twilio:
    def __init__(self, config: Config, store: Store, courier: Courier) -> None:
        self._config, self._store, self._courier = config, store, courier

    def token_of(self, sid: str) -> str:
        """A subaccount's token follows from its sid, so credentials outlive a lost state file."""
        if sid == self._config.account_sid:
            return self._config.auth_token
        return hmac.new(self._config.auth_token.encode(), sid.encode(), hashlib.sha256).hexdigest()[:32]

    def sends(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith("/Messages.json")

    def answer(self, request: Request) -> Response:
        try:
            return self._route(request)
        except Refused as refused:
            return refusal(refused.status, refused.code, refused.message)
        except BadRequest as problem:
            return refusal(400, 20001, str(problem))

    def _route(self, request: Request) -> Response:
        who = self._caller(request)
        path = request.path.removeprefix(ROOT)
        if path == "/Accounts.json" and request.method == "POST":
            return self._create_account(who, request.form())
        found = re.fullmatch(r"/Accounts/(?P<account>AC[0-9a-f]{32})(?P<rest>\.json|/.+)", path)
        if found:
            account, rest = found["account"], found["rest"]
            if who not in {account, self._config.account_sid}:
                raise Refused(401, 20003, "Authenticate")
            rooms: dict[tuple[str, str], Callable[[str, Request], Response]] = {
                ("GET", ".json"): lambda sid, _: json_response(200, self._account(sid)),
                ("POST", "/Messages.json"): self._create_message,
                ("GET", "/Messages.json"): self._list_messages,
                ("POST", "/IncomingPhoneNumbers.json"): self._create_number,
                ("GET", "/IncomingPhoneNumbers.json"): self._list_numbers,
            }
            room = rooms.get((request.method, rest))
            if room:
                return room(account, request)
            message = re.fullmatch(r"/Messages/((?:SM|MM)[0-9a-f]{32})\.json", rest)
            if message and request.method == "GET":
                return self._fetch_message(account, message[1])
        raise Refused(501, 20501, "The sandbox does not speak this part of the API")

    def _caller(self, request: Request) -> str:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            sid, _, token = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            sid, token = "", ""
        known = scheme.lower() == "basic" and ACCOUNT.fullmatch(sid)
        if not known or not hmac.compare_digest(token.encode(), self.token_of(sid).encode()):
            raise Refused(401, 20003, "Authenticate")
        return sid

    # --- accounts and numbers --------------------------------------------------------------------

    def _create_account(self, who: str, form: dict[str, str]) -> Response:
        if who != self._config.account_sid:
            raise Refused(401, 20003, "Only the main account makes subaccounts")
        sid = f"AC{secrets.token_hex(16)}"
        self._store.add_account(sid, form.get("FriendlyName", "")[:64])
        return json_response(201, self._account(sid))

    def _account(self, sid: str) -> dict[str, Any]:
        known = self._store.account(sid) or {"name": "Sandbox", "at": stamp()}
        at = _rfc2822(known["at"])
        return {
            "sid": sid,
            "auth_token": self.token_of(sid),
            "friendly_name": known["name"],
            "owner_account_sid": self._config.account_sid,
            "status": "active",
            "type": "Full",
            "date_created": at,
            "date_updated": at,
            "uri": f"{ROOT}/Accounts/{sid}.json",
            "subresource_uris": {"messages": f"{ROOT}/Accounts/{sid}/Messages.json"},
        }

    def _create_number(self, account: str, request: Request) -> Response:
        number = request.form().get("PhoneNumber", "")
        if not NUMBER.fullmatch(number):
            raise Refused(400, 21421, "PhoneNumber is invalid")
        if not self._store.own_number(number, account, bought=True):
            raise Refused(400, 21422, f"PhoneNumber {number} is not available")
        return json_response(201, self._number(account, number))

    def _list_numbers(self, account: str, request: Request) -> Response:
        asked = request.query.get("PhoneNumber", "")
        numbers = [number for number in self._store.numbers_of(account) if asked in number]
        rows = [self._number(account, number) for number in numbers]
        return _page(request, "incoming_phone_numbers", rows)

    def _number(self, account: str, number: str) -> dict[str, Any]:
        sid = f"PN{hashlib.sha256(number.encode()).hexdigest()[:32]}"
        return {
            "sid": sid,
            "account_sid": account,
            "phone_number": number,
            "friendly_name": number,
            "capabilities": {"voice": True, "sms": True, "mms": True},
            "sms_url": self._courier.hook("/hooks/twilio/sms/"),
            "sms_method": "POST",
            "uri": f"{ROOT}/Accounts/{account}/IncomingPhoneNumbers/{sid}.json",
        }

    # --- messages --------------------------------------------------------------------------------

    def _create_message(self, account: str, request: Request) -> Response:
        form = request.form()
        to = self._recipient(form)
        sender = self._sender(account, form)
        body = self._body(form)
        now = stamp()
        with self._store.lock:
            if self._config.opt_out_handling and self._store.is_stopped(sender, to):
                raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")
            entry = Entry(
                provider="twilio",
                kind="whatsapp" if to.startswith("whatsapp:") else "sms",
                id=f"SM{secrets.token_hex(16)}",
                at=now,
                to=to,
                sender=sender,
                body=body,
                status="queued",
                account=account,
                callback=form.get("StatusCallback", ""),
                details={"messaging_service": form.get("MessagingServiceSid", "")},
            )
            if not self._store.own_number(sender, account):
                raise Refused(400, 21606, f"The 'From' phone number {sender} is not of this account")
            self._store.add(entry)
        self._courier.after(SENT_AFTER, partial(self._progress, entry.id))
        return json_response(201, message_json(entry))

    def _recipient(self, form: dict[str, str]) -> str:
        to = form.get("To", "")
        if not to:
            raise Refused(400, 21604, "A 'To' phone number is required.")
        if to in MAGIC:
            raise Refused(400, *MAGIC[to])
        if not NUMBER.fullmatch(to.removeprefix("whatsapp:")):
            raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        return to

    def _sender(self, account: str, form: dict[str, str]) -> str:
        service = form.get("MessagingServiceSid", "")
        if service:
            if not re.fullmatch(r"MG[0-9a-f]{32}", service):
                raise Refused(400, 21705, "The Messaging Service Sid is invalid")
            own = self._store.numbers_of(account)
            return (
                own[0]
                if own
                else f"+1500555{int(hashlib.sha256(service.encode()).hexdigest(), 16) % 10**4:04}"
            )
        sender = form.get("From", "")
        if not sender:
            raise Refused(400, 21603, "A 'From' phone number is required.")
        if not SENDER.fullmatch(sender.removeprefix("whatsapp:")):
            raise Refused(400, 21212, f"Invalid 'From' Phone Number: {sender}")
        return sender

    def _body(self, form: dict[str, str]) -> str:
        body = form.get("Body", "")
        if not body and not form.get("MediaUrl") and not form.get("ContentSid"):
            raise Refused(400, 21602, "Message body is required.")
        if len(body) > BODY_LIMIT:
            raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        return body or form.get("ContentVariables", "")

    def _list_messages(self, account: str, request: Request) -> Response:
        wanted = _filters(request)
        rows = [entry for entry in self._store.entries() if entry.account == account and entry.kind != "call"]
        rows = [entry for entry in reversed(rows) if all(fits(entry) for fits in wanted)]
        return _page(request, "messages", [message_json(entry) for entry in rows])

    def _fetch_message(self, account: str, sid: str) -> Response:
        entry = self._store.get(sid)
        if entry is None or entry.account != account:
            raise Refused(404, 20404, "The requested resource was not found")
        return json_response(200, message_json(entry))

    def resume(self) -> None:
        """Carry on with what was under way when the process ended."""
        for entry in self._store.entries():
            if entry.provider == "twilio" and entry.status in {"queued", "sent"}:
                self._courier.after(SENT_AFTER, partial(self._progress, entry.id))

    def _progress(self, sid: str) -> None:
        self.report_status(sid, "sent")
        self._courier.after(DELIVERED_AFTER, lambda: self._arrive(sid))

    def _arrive(self, sid: str) -> None:
        self.report_status(sid, "delivered")

    def report_status(self, sid: str, status: str, error_code: str = "") -> Entry | None:
        """Move a message on and tell its StatusCallback, as the carrier's news would."""
        entry = self._store.set_status(sid, status, error_code=error_code, sent_at=stamp())
        if entry and entry.callback:
            form = {
                "AccountSid": entry.account,
                "ApiVersion": ROOT.strip("/"),
                "From": entry.sender,
                "MessageSid": sid,
                "MessageStatus": status,
                "SmsSid": sid,
                "SmsStatus": status,
                "To": entry.to,
            }
            if error_code:
                form["ErrorCode"] = error_code
            token = self.token_of(entry.account)
            self._courier.insist(
                lambda: self._courier.post_twilio(entry.callback, form, token), pauses=(1, 5)
            )
        return entry


def message_json(entry: Entry) -> dict[str, Any]:
    uri = f"{ROOT}/Accounts/{entry.account}/Messages/{entry.id}"
    return {
        "sid": entry.id,
        "account_sid": entry.account,
        "api_version": ROOT.strip("/"),
        "body": entry.body,
        "date_created": _rfc2822(entry.at),
        "date_sent": _rfc2822(entry.sent_at) if entry.sent_at else None,
        "date_updated": _rfc2822(entry.sent_at or entry.at),
        "direction": entry.direction,
        "error_code": int(entry.error_code) if entry.error_code else None,
        "error_message": None,
        "from": entry.sender,
        "messaging_service_sid": entry.details.get("messaging_service") or None,
        "num_media": "0",
        "num_segments": str(_segments(entry.body)),
        "price": None,
        "price_unit": "USD",
        "status": entry.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": entry.to,
        "uri": f"{uri}.json",
    }


def _segments(body: str) -> int:
    plain = set(body) <= GSM
    length = len(body) if plain else len(body.encode("utf-16-le")) // 2
    single, part = (160, 153) if plain else (70, 67)
    return 1 if length <= single else -(-length // part)


def _rfc2822(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at))


def _filters(request: Request) -> list[Callable[[Entry], bool]]:
    query = request.query
    fits: list[Callable[[Entry], bool]] = []
    if query.get("To"):
        fits.append(lambda entry: entry.to == query["To"])
    if query.get("From"):
        fits.append(lambda entry: entry.sender == query["From"])
    if query.get("DateSent"):
        fits.append(lambda entry: _sent(entry).date() == _moment(query["DateSent"]).date())
    if query.get("DateSent<"):
        fits.append(lambda entry: _sent(entry) <= _moment(query["DateSent<"]))
    if query.get("DateSent>"):
        fits.append(lambda entry: _sent(entry) >= _moment(query["DateSent>"]))
    return fits


def _sent(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.sent_at or entry.at).replace(microsecond=0)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Refused(400, 20001, "A DateSent filter is not a date") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _page(request: Request, key: str, rows: list[dict[str, Any]]) -> Response:
    try:
        size = min(max(int(request.query.get("PageSize", "50")), 1), PAGE_LIMIT)
        page = max(int(request.query.get("Page", "0")), 0)
    except ValueError as error:
        raise Refused(400, 20001, "Page and PageSize must be numbers") from error
    first = page * size

    def uri(number: int) -> str:
        return f"{request.path}?{urlencode({**request.query, 'PageSize': size, 'Page': number})}"

    return json_response(
        200,
        {
            key: rows[first : first + size],
            "page": page,
            "page_size": size,
            "start": first,
            "end": max(first, min(first + size, len(rows)) - 1),
            "first_page_uri": uri(0),
            "previous_page_uri": uri(page - 1) if page else None,
            "next_page_uri": uri(page + 1) if first + size < len(rows) else None,
            "uri": uri(page),
        },
    )
