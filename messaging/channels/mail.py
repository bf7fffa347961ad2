"""Mail, by the platform's Resend account, in the clinic's name."""

import base64
from collections.abc import Iterable
from email.utils import formataddr
from uuid import UUID

from django.conf import settings

from core.context import require_holder
from messaging.models import Message
from messaging.texts import as_html
from messaging.voice import voice
from providers.resend import Attachment, send_mail


def deliver(message: Message) -> str:
    """Under the row's id as key: the same mail again, within a day, is the same mail."""
    clinic = voice()
    sent = send_mail(
        to=message.to,
        subject=message.subject_line,
        body_text=message.body,
        body_html=as_html(message.subject_line, message.body, clinic=clinic.name, language=message.language),
        from_email=formataddr((clinic.name, settings.MAIL_FROM)),
        reply_to=[clinic.email] if clinic.email else [],
        attachments=[_attachment(one) for one in message.attachments],
        tags=tags_of(message),
        idempotency_key=str(message.uid),
    )
    return sent.id


def _attachment(one: dict[str, str]) -> Attachment:
    # The provider drops mails whose attachment's type is not just the one of its name; parameters count as another.
    kind = one["type"].partition(";")[0].strip()
    return Attachment(one["name"], base64.b64decode(one["content"]), kind)


def tags_of(message: Message) -> list[str]:
    """How an event about the mail finds its way back to the clinic and to the row."""
    return [f"clinic:{require_holder().uid}", f"message:{message.uid}"]


def read_tags(tags: Iterable[object]) -> tuple[UUID, UUID] | None:
    """Clinic and message of an event; None for a mail that is not ours."""
    named = dict(tag.split(":", 1) for tag in tags if isinstance(tag, str) and ":" in tag)
    try:
        return UUID(named["clinic"]), UUID(named["message"])
    except (KeyError, ValueError):
        return None
