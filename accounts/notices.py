"""What the staff is told by mail, as signals for whoever sends: codes, and alerts about the account."""

import logging
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction

from accounts import signals
from accounts.models import User
from accounts.roles import TOP_ROLES
from core.problems import Unavailable

log = logging.getLogger(__name__)


class Addressee(Protocol):
    """Whom we write to: somebody of the staff, or somebody invited."""

    email: str
    display_name: str


def send_invitation(to: Addressee, *, inviter: str, role: str, link: str, days: int, at: datetime) -> None:
    _want(signals.INVITATION, to, {"inviter": inviter, "role": role, "link": link, "days": days}, at)


def send_code(user: User, code: str, *, at: datetime) -> None:
    """A sign-in code, at once."""
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    _want(signals.SIGN_IN_CODE, user, {"code": code, "minutes": minutes}, at)


def alert(user: User, event: str, *, at: datetime, owners_too: bool = True) -> None:
    """Something of `signals.ALERTS`: its person hears of it and, but for a first set-up, every owner."""
    _want(signals.SECURITY_ALERT, user, {"event": event, "about": ""}, at)
    if owners_too:
        for owner in User.objects.filter(role__in=TOP_ROLES, is_active=True).exclude(pk=user.pk):
            _want(signals.SECURITY_ALERT, owner, {"event": event, "about": user.display_name}, at)


def alert_if_possible(user: User, event: str, *, at: datetime, owners_too: bool = True) -> None:
    """The same where the answer may not depend on it: with the vault down no mail can be sealed, and staff must
    get in, or be refused, all the same."""
    try:
        with transaction.atomic():
            alert(user, event, at=at, owners_too=owners_too)
    except Unavailable:
        log.warning("the alert %s could not be queued", event)


def _want(kind: str, user: Addressee, context: dict[str, object], at: datetime) -> None:
    with transaction.atomic():
        signals.notice_wanted.send(sender=User, kind=kind, user=user, context=context, at=at)
