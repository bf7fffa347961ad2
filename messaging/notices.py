"""Mail to staff: sign-in codes and security notices, asked for by accounts."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import signals
from accounts.notices import Addressee
from core.ids import uuid7
from messaging import outbox
from messaging.models import Channel, Message
from messaging.texts import render, when
from messaging.voice import voice, zone

# event: (headline, what happened to the addressee's own access, and to somebody else's)
ALERTS: Final = {
    signals.NEW_DEVICE: (_("new sign-in"), _("There was a sign-in from a device we do not know.")),
    signals.LOCKED: (
        _("sign-in locked"),
        _("There were too many wrong sign-in attempts; sign-in is locked for a while."),
    ),
    signals.PASSWORD_CHANGED: (_("password changed"), _("The password was changed.")),
    signals.SECOND_FACTOR_ADDED: (
        _("second step added"),
        _("A way to do the second step of signing in was added."),
    ),
    signals.SECOND_FACTOR_CHANGED: (
        _("two-step sign-in changed"),
        _("The second step of signing in was changed."),
    ),
    signals.PASSKEY_ADDED: (_("passkey added"), _("A passkey for signing in was added.")),
    signals.PASSKEY_REMOVED: (
        _("passkey removed"),
        _("A passkey was removed; it opens nothing any more."),
    ),
    signals.RECOVERY_CODES_RENEWED: (
        _("new recovery codes"),
        _("New recovery codes were made; the old ones are void."),
    ),
    signals.TOKEN_ISSUED: (_("API token issued"), _("An API token was issued.")),
    signals.ROLE_CHANGED: (_("role changed"), _("The role was changed.")),
    signals.ACCESS_ENDED: (_("access ended"), _("Access was ended.")),
    signals.ACCESS_REOPENED: (_("access given again"), _("Access was given again.")),
    signals.OWNER_ADDED: (_("new owner"), _("The ownership of the clinic was given on.")),
    signals.EXPORTED: (_("data exported"), _("Data of the clinic was downloaded as a file.")),
    signals.GLASS_BROKEN: (
        _("record opened with a reason"),
        _(
            "Somebody outside a patient's care team opened the record, with a reason. Look at it within seven days "
            "at the desk: search for “Opened with a reason”."
        ),
    ),
}


def connect() -> None:
    signals.notice_wanted.connect(on_notice_wanted, dispatch_uid="messaging.notices")


def on_notice_wanted(
    sender: object, *, kind: str, user: Addressee, context: dict[str, Any], at: datetime, **kwargs: Any
) -> None:
    """Into the outbox, in the transaction of whatever happened."""
    if kind == signals.SECURITY_ALERT:
        queue(kind, user, _alert(user, context, at), at=at)
    elif kind == signals.INVITATION:
        queue(kind, user, context, at=at, lives=timedelta(days=int(context["days"])))
    else:
        queue(kind, user, context, at=at, lives=timedelta(minutes=int(context.get("minutes", 10))))


def queue(
    kind: str, user: Addressee, context: dict[str, Any], *, at: datetime, lives: timedelta | None = None
) -> Message:
    clinic = voice()
    text = render(
        kind, Channel.EMAIL, {"clinic": clinic.name, "name": user.display_name, **context}, clinic.locale
    )
    return outbox.add(
        Channel.EMAIL,
        kind,
        subject=None,
        to=user.email,
        subject_line=text.subject_line,
        body=text.body,
        dedupe_key=f"notice:{uuid7()}",
        send_after=at,
        send_before=at + lives if lives else None,
        language=clinic.locale,
    )


def _alert(user: Addressee, context: dict[str, Any], at: datetime) -> dict[str, Any]:
    headline, sentence = ALERTS[context["event"]]
    about = context.get("about") or ""
    words = f"{gettext('About')} {about}: {sentence}" if about else str(sentence)
    return {"headline": headline, "sentence": words, "at": when(at, zone())}
