"""The first way in: a link by mail that sets the password of somebody who has none. Looking at it spends nothing."""

import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import passwords, signals
from accounts.actors import actor_for
from accounts.models import User, WelcomeLink
from accounts.tokens import token_hash
from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, TooMany
from tenants.directory import clinic_url

LIVES: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=1)
MOST_A_DAY: Final = 5
LONGEST_TOKEN: Final = 100


class Door(Enum):
    """What a link is good for now."""

    UNKNOWN = "unknown"
    USED = "used"
    VOID = "void"
    EXPIRED = "expired"
    OPEN = "open"


@transaction.atomic
def issue(user: User, *, by: Actor, at: datetime) -> str:
    """A new link's secret; the ones before open nothing any more."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.has_usable_password():
        raise Conflict(_("This person has a password already and signs in with it."))
    user.welcome_links.filter(used_at=None, voided_at=None).update(voided_at=at)
    clear = secrets.token_urlsafe(32)
    link = WelcomeLink.objects.create(
        user=user, token_hash=token_hash(clear), created_at=at, expires_at=at + LIVES
    )
    record("welcome.issued", by=by, on=link, at=at)
    return clear


@transaction.atomic
def send(user: User, *, clinic: str, by: Actor, at: datetime) -> None:
    """Mail the person a new link. `clinic` is the host it leads to."""
    context = {
        "link": clinic_url(clinic, f"/desk/welcome/{issue(user, by=by, at=at)}/"),
        "days": LIVES.days,
        "minutes": int(LIVES.total_seconds() // 60),
    }
    signals.notice_wanted.send(sender=User, kind=signals.WELCOME, user=user, context=context, at=at)


def send_again(user: User, *, clinic: str, by: Actor, at: datetime) -> None:
    """The same on request: not twice in a minute, nor more than five times a day."""
    sent = user.welcome_links.filter(created_at__gt=at - timedelta(days=1)).order_by("-created_at")
    last = sent.first()
    if last and at - last.created_at < PAUSE:
        wait = int((last.created_at + PAUSE - at).total_seconds()) + 1
        raise TooMany(
            _("We have just sent one. Look into your mail, and try again in a minute."), retry_after=wait
        )
    if sent.count() >= MOST_A_DAY:
        raise TooMany(_("Five mails a day are the most we send. Try again tomorrow."), retry_after=86_400)
    send(user, clinic=clinic, by=by, at=at)


def find(clear: str, *, at: datetime) -> tuple[Door, WelcomeLink | None]:
    """What is behind a link; reading it changes nothing, so a mail scanner may."""
    if len(clear) > LONGEST_TOKEN:
        return Door.UNKNOWN, None
    link = WelcomeLink.objects.select_related("user").filter(token_hash=token_hash(clear)).first()
    return _judge(link, at), link


def _judge(link: WelcomeLink | None, at: datetime) -> Door:
    if link is None or not link.user.has_access(at):
        return Door.UNKNOWN
    if link.used_at or link.user.has_usable_password():
        return Door.USED
    if link.voided_at:
        return Door.VOID
    return Door.OPEN if at < link.expires_at else Door.EXPIRED


@transaction.atomic
def spend(link: WelcomeLink, password: str, *, at: datetime) -> Door:
    """Set the password, once: of two who try at the same moment one gets in. Raises Invalid for a weak password."""
    row = WelcomeLink.objects.select_for_update(no_key=True).select_related("user").get(pk=link.pk)
    door = _judge(row, at)
    if door is not Door.OPEN:
        return door
    user = row.user
    passwords.check(password, user)
    user.password = passwords.hash_of(password)
    user.save(update_fields=["password"])
    row.used_at = at
    row.save(update_fields=["used_at"])
    record("welcome.used", by=actor_for(user), on=row, at=at)
    record("user.password_changed", by=actor_for(user), on=user, at=at)
    return Door.OPEN
