"""Providers calling us: find the clinic by the provider's account, verify, recognise a replay, then act inside the clinic.

A post that is forged, unknown or of another clinic gets an empty 403 and leaves no trace.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.clock import now
from messaging import consents, inbound, recovery
from messaging.channels.mail import read_tags
from messaging.credentials import TWILIO, account_for_webhook
from messaging.models import Channel, Message
from providers.errors import BadWebhook
from providers.resend import parse_event, verify_webhook
from providers.twilio import account_sid_of, parse_status, verify_signature
from tenants.context import enter
from tenants.directory import site_url
from tenants.models import Clinic

SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
MAIL_STATES = {"sent": "sent", "delivered": "delivered", "bounced": "bounced", "complained": "delivered"}
View = Callable[..., HttpResponse]


def webhook(view: View) -> View:
    """No cookie counts here, so there is nothing to forge across sites: the signature is the proof."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except (BadWebhook, inbound.Forged):
            return HttpResponse(status=403)

    return guarded


@webhook
def twilio_sms(request: HttpRequest) -> HttpResponse:
    """A text from somebody. Answered with silence: what there is to say goes through the outbox, once."""
    params = _params(request)
    clinic, _account = _whose(params)
    with enter(clinic):
        inbound.receive(params, url=_signed_url(request), signature=_signature(request), at=now())
    return HttpResponse(SILENCE, content_type="text/xml")


@webhook
def twilio_status(request: HttpRequest, message: UUID) -> HttpResponse:
    """News of a text we sent; the row is named by the address we gave with it."""
    params = _params(request)
    clinic, account = _whose(params)
    with enter(clinic):
        if not verify_signature(_signed_url(request), params, _signature(request), account.token()):
            raise BadWebhook("not signed with the account's token")
        news = parse_status(params)
        known = recovery.apply_status(
            message, provider_id=news.message_sid, status=news.status, error=news.error_code, at=now()
        )
    return HttpResponse(status=204 if known else 404)


@webhook
def resend(request: HttpRequest) -> HttpResponse:
    """News of a mail: signed for the platform, and tagged by us with the clinic and the row."""
    if not settings.RESEND_SIGNING_SECRET:
        raise BadWebhook("nobody can have signed it")
    event = verify_webhook(request.headers, request.body, settings.RESEND_SIGNING_SECRET)
    news = parse_event(request.headers, event)
    named = read_tags(_tags(event))
    clinic = Clinic.objects.filter(pk=named[0]).first() if named else None
    if named is None or clinic is None or not clinic.hears_vendors:
        return HttpResponse(status=204)  # somebody else's mail by the same platform account
    with enter(clinic):
        if status := MAIL_STATES.get(news.kind):
            recovery.apply_status(
                named[1], provider_id=news.mail_id, status=status, error=news.kind, at=now()
            )
        if news.kind == "complained":
            _end_unasked_mail(named[1])
    return HttpResponse(status=204)


def _end_unasked_mail(uid: UUID) -> None:
    """Marked as spam: no more reminders or offers by mail."""
    message = Message.objects.filter(uid=uid, channel=Channel.EMAIL).first()
    if message is None:
        return
    index = bytes(message.contact_index)
    for topic in consents.Topic:
        last = consents.latest(index, Channel.EMAIL, topic)
        if last is None or last.granted:
            consents.decide(
                index,
                Channel.EMAIL,
                topic=topic,
                granted=False,
                text_version="",
                source="complaint",
                subject=message.subject,
                at=now(),
            )


def _params(request: HttpRequest) -> dict[str, str]:
    return {name: str(request.POST[name]) for name in request.POST}


def _whose(params: dict[str, str]) -> tuple[Clinic, Any]:
    found = account_for_webhook(TWILIO, account_sid_of(params))
    if found is None:
        raise BadWebhook("an account that no clinic has")
    return found


def _signed_url(request: HttpRequest) -> str:
    """The address as the provider knows it, whatever a proxy has made of the Host header."""
    return site_url(settings.PLATFORM_HOST, request.get_full_path())


def _signature(request: HttpRequest) -> str:
    return request.headers.get("X-Twilio-Signature", "")


def _tags(event: dict[str, Any]) -> list[object]:
    """The tags travel as a header of the mail, and come back among its headers."""
    headers = event["data"].get("headers")
    for header in headers if isinstance(headers, list) else []:
        if isinstance(header, dict) and str(header.get("name", "")).lower() == "x-tags":
            try:
                tags = json.loads(str(header.get("value")))
            except ValueError:
                return []
            return tags if isinstance(tags, list) else []
    return []
