"""News for upper floors."""

from django.dispatch import Signal

# Somebody of the staff must be written to. Sent inside a transaction; whoever listens adds to the outbox in it.
# Arguments:
# - kind: str, one of the constants below
# - user: whoever has an `email` and a `display_name`: the addressee
# - context: dict[str, Any], by kind
#     SIGN_IN_CODE    {"code": str, "minutes": int}; goes at once, is void when `minutes` have passed
#     INVITATION      {"inviter": str, "role": str, "link": str, "days": int}; is void when it has run out
#     WELCOME         {"link": str, "days": int, "minutes": int}; the first way in, as long as it lives
#     SECURITY_ALERT  {"event": str (a key of ALERTS), "about": str (whom it is about, if not the addressee)}
# - at: datetime
notice_wanted = Signal()

# An invitation was accepted. Sent inside the transaction that makes the person.
# Arguments: invitation: accounts.models.Invitation, user: accounts.models.User, at: datetime
invitation_accepted = Signal()

# Somebody's access ended. Sent inside the transaction that ends it.
# Arguments: user: accounts.models.User, by: audit.actors.Actor, at: datetime
access_ended = Signal()

SIGN_IN_CODE = "sign_in_code"
SECURITY_ALERT = "security_alert"
INVITATION = "staff_invitation"
WELCOME = "welcome"

NEW_DEVICE = "new_device"
LOCKED = "locked"
PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
SECOND_FACTOR_ADDED = "second_factor_added"
SECOND_FACTOR_CHANGED = "second_factor_changed"
PASSKEY_ADDED = "passkey_added"
PASSKEY_REMOVED = "passkey_removed"
RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
TOKEN_ISSUED = "token_issued"  # noqa: S105
ROLE_CHANGED = "role_changed"
ACCESS_ENDED = "access_ended"
ACCESS_REOPENED = "access_reopened"
OWNER_ADDED = "owner_added"
EXPORTED = "exported"
GLASS_BROKEN = "glass_broken"
# What the person and every owner get a mail about, in the transaction in which it happens.
ALERTS = (
    NEW_DEVICE,
    LOCKED,
    PASSWORD_CHANGED,
    SECOND_FACTOR_ADDED,
    SECOND_FACTOR_CHANGED,
    PASSKEY_ADDED,
    PASSKEY_REMOVED,
    RECOVERY_CODES_RENEWED,
    TOKEN_ISSUED,
    ROLE_CHANGED,
    ACCESS_ENDED,
    ACCESS_REOPENED,
    OWNER_ADDED,
    EXPORTED,
    GLASS_BROKEN,
)
