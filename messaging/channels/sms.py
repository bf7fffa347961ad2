"""Texts, by the clinic's own Twilio account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from messaging.credentials import TWILIO, own_account
from messaging.models import Message
from providers.twilio import LIST_LIMIT, FoundMessage, TwilioClient
from tenants.directory import site_url

CLOCK_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Search:
    """What the provider's list says: the message, or surely none, or nothing sure."""

    found: FoundMessage | None
    sure: bool


def deliver(message: Message) -> str:
    account = own_account(TWILIO)
    client = TwilioClient(account.account_id, account.token(), settings.TWILIO_API_BASE_URL)
    sent = client.send_sms(
        to=message.to, from_=account.address, body=message.body, status_callback=status_url(message)
    )
    return sent.sid


def look_up(message: Message, *, taken: Iterable[str]) -> Search:
    """Whether a message whose answer was lost is in the provider's list; `taken` are other rows' ids."""
    account = own_account(TWILIO)
    client = TwilioClient(account.account_id, account.token(), settings.TWILIO_API_BASE_URL)
    assert message.claimed_at is not None
    listed = client.find_sent(to=message.to, since=message.claimed_at - CLOCK_SKEW)
    body, others = _plain(message.body), set(taken)
    # A trial account puts a line of its own before the text.
    mine = [one for one in listed if one.sid not in others and _plain(one.body).endswith(body)]
    return Search(found=mine[-1] if mine else None, sure=bool(mine) or len(listed) < LIST_LIMIT)


def status_url(message: Message) -> str:
    """Where the provider reports on this very row: it finds the row again even if the answer to us was lost."""
    path = reverse("hook_twilio_status", args=[message.uid], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return site_url(settings.PLATFORM_HOST, path)


def _plain(text: str) -> str:
    return " ".join(text.split())
