"""The other side's part: a patient texts or calls, a carrier reports, and the application hears of it."""

import re
import secrets
from typing import Any
from xml.etree import ElementTree

from sandbox.config import Config
from sandbox.courier import Answer, Courier, NoAnswer
from sandbox.keywords import Handling, handle
from sandbox.resend import Resend
from sandbox.store import Entry, Store, stamp
from sandbox.twilio import NUMBER, Twilio
from sandbox.wire import BadRequest, Response, json_response

TWILIO_REPORTS = {"sent", "delivered", "undelivered", "failed", "read"}
TWIML_LIMIT = 65_536


class Simulation:
    def __init__(
        self, config: Config, store: Store, courier: Courier, twilio: Twilio, resend: Resend
    ) -> None:
        self._config, self._store, self._courier = config, store, courier
        self._twilio, self._resend = twilio, resend

    def text(self, order: dict[str, Any], *, whatsapp: bool = False) -> Response:
        """A patient's text; answers with what the application's webhook answered."""
        kind = "whatsapp" if whatsapp else "sms"
        prefix = "whatsapp:" if whatsapp else ""
        sender, to = (prefix + number for number in _numbers(order))
        body = order.get("body")
        if not isinstance(body, str):
            raise BadRequest("body must be a text.")
        body = body.encode("utf-8", "replace").decode()  # JSON can hold half a surrogate pair, a form cannot
        account = self._account(order, to)
        entry = self._inbound(kind, order.get("sid"), sender, to, body, account)
        handling = self._handle(entry)
        form = {
            **self._form(entry),
            "MessageSid": entry.id,
            "SmsMessageSid": entry.id,
            "SmsSid": entry.id,
            "SmsStatus": "received",
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        if handling:
            form["OptOutType"] = handling.opt_out_type
        if whatsapp:
            form["WaId"] = sender.removeprefix("whatsapp:+")
        return self._tell(entry, f"/hooks/twilio/{kind}/", form)

    def call(self, order: dict[str, Any]) -> Response:
        """A patient's call, as the first request of it; `speech` is what a Gather would have heard."""
        sender, to = _numbers(order)
        account = self._account(order, to)
        speech = order.get("speech", order.get("body", ""))
        if not isinstance(speech, str):
            raise BadRequest("speech must be a text.")
        entry = self._inbound("call", order.get("sid"), sender, to, speech, account)
        form = {
            **self._form(entry),
            "CallSid": entry.id,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "Caller": sender,
            "Called": to,
        }
        if speech:
            form["SpeechResult"] = speech
        return self._tell(entry, "/hooks/twilio/voice/", form)

    def status(self, order: dict[str, Any]) -> Response:
        """A later report on a message: undelivered with a carrier's code, a bounce, a complaint."""
        id_, status = order.get("id"), order.get("status")
        code = str(order.get("error_code") or "")
        entry = self._store.get(id_) if isinstance(id_, str) else None
        if entry is None:
            return json_response(404, {"error": "No such message.", "problems": ["id names no message."]})
        allowed = TWILIO_REPORTS if entry.provider == "twilio" else set(Resend.EVENTS)
        if status not in allowed:
            raise BadRequest(f"status must be one of {', '.join(sorted(allowed))}.")
        if code and not re.fullmatch(r"\d{5}", code):
            raise BadRequest("error_code must have five digits.")
        if entry.provider == "twilio":
            self._twilio.report_status(entry.id, status, code)
        else:
            self._resend.report(entry.id, status)
        return json_response(200, {"id": entry.id, "status": status})

    def _account(self, order: dict[str, Any], to: str) -> str:
        given = order.get("account_sid")
        if given is None:
            return self._store.owner_of(to) or self._config.account_sid
        if not isinstance(given, str) or not re.fullmatch(r"AC[0-9a-f]{32}", given):
            raise BadRequest("account_sid must be AC and 32 hexadecimal digits.")
        return given

    def _inbound(self, kind: str, sid: object, sender: str, to: str, body: str, account: str) -> Entry:
        """The message as received; the same `sid` again is a replay and is not listed twice."""
        prefix = "CA" if kind == "call" else "SM"
        if sid is not None and not (isinstance(sid, str) and re.fullmatch(prefix + "[0-9a-f]{32}", sid)):
            raise BadRequest(f"sid must be {prefix} and 32 hexadecimal digits.")
        entry = Entry(
            provider="twilio",
            kind=kind,
            id=sid or f"{prefix}{secrets.token_hex(16)}",
            at=stamp(),
            to=to,
            sender=sender,
            body=body,
            status="received",
            direction="inbound",
            source="patient",
            account=account,
        )
        if self._store.get(entry.id) is None:
            self._store.add(entry)
        return entry

    def _handle(self, entry: Entry) -> Handling | None:
        if not self._config.opt_out_handling:
            return None
        with self._store.lock:
            stopped = self._store.is_stopped(entry.to, entry.sender)
            handling = handle(entry.body, stopped=stopped)
            if handling is None:
                return None
            if handling.opt_out_type != "HELP":
                stop = handling.opt_out_type == "STOP"
                self._store.set_opt_out(entry.to, entry.sender, stopped=stop)
            if handling.answer:
                self._reply(entry, handling.answer, source="service")
        return handling

    def _reply(self, to: Entry, body: str, *, source: str) -> None:
        self._store.add(
            Entry(
                provider="twilio",
                kind=to.kind,
                id=f"SM{secrets.token_hex(16)}",
                at=stamp(),
                to=to.sender,
                sender=to.to,
                body=body,
                status="delivered",
                direction="outbound-reply",
                source=source,
                account=to.account,
                sent_at=stamp(),
            )
        )

    def _form(self, entry: Entry) -> dict[str, str]:
        return {
            "AccountSid": entry.account,
            "ApiVersion": "2010-04-01",
            "From": entry.sender,
            "To": entry.to,
            "FromCountry": "US",
            "ToCountry": "US",
        }

    def _tell(self, entry: Entry, path: str, form: dict[str, str]) -> Response:
        token = self._twilio.token_of(entry.account)
        try:
            answer = self._courier.post_twilio(self._courier.hook(path), form, token)
        except NoAnswer as silence:
            return json_response(502, {"id": entry.id, "error": str(silence)})
        if entry.kind != "call":
            self._speak(entry, answer)
        told = {"id": entry.id, "status": answer.status, "body": answer.body}
        return json_response(200, told | {"content_type": answer.content_type})

    def _speak(self, entry: Entry, answer: Answer) -> None:
        """Messages in the application's TwiML are sent, unless the recipient has stopped."""
        if not answer.fine or self._store.is_stopped(entry.to, entry.sender):
            return
        for body in twiml_messages(answer.body):
            self._reply(entry, body, source="application")


def twiml_messages(document: str) -> list[str]:
    if "<Response" not in document or "<!" in document or len(document) > TWIML_LIMIT:
        return []
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError:
        return []
    texts = ["".join(message.itertext()).strip() for message in root.iter("Message")]
    return [text for text in texts if text]


def _numbers(order: dict[str, Any]) -> tuple[str, str]:
    problems = []
    pair = []
    for name in ("from", "to"):
        value = order.get(name)
        number = re.sub(r"[\s().-]", "", value).removeprefix("whatsapp:") if isinstance(value, str) else ""
        if not NUMBER.fullmatch(number):
            problems.append(f"{name} must be a phone number with country code, like +13125550142.")
        pair.append(number)
    if problems:
        raise BadRequest(*problems)
    return pair[0], pair[1]
