"""Every write to people and their keys: who did it, in one transaction with its trail and its notices."""

from accounts.actions.exports import note_export
from accounts.actions.hints import put_hint_away, show_hints_again, turn_hints_off
from accounts.actions.invitations import (
    accept_invitation,
    invite,
    resend_invitation,
    withdraw_invitation,
)
from accounts.actions.passkeys import add_passkey, remove_passkey, rename_passkey
from accounts.actions.people import (
    change_role,
    create_user,
    end_access,
    reopen_access,
    transfer_ownership,
    update_details,
)
from accounts.actions.signing_in import (
    end_session,
    end_sessions,
    enrol_second_factor,
    note_failed_sign_in,
    note_sign_in,
    renew_recovery_codes,
    set_password,
)
from accounts.actions.tokens import (
    LONGEST_TOKEN_LIFE,
    MOST_TOKENS,
    TOKEN_START,
    issue_token,
    note_token_use,
    revoke_token,
)

__all__ = [
    "LONGEST_TOKEN_LIFE",
    "MOST_TOKENS",
    "TOKEN_START",
    "accept_invitation",
    "add_passkey",
    "change_role",
    "create_user",
    "end_access",
    "end_session",
    "end_sessions",
    "enrol_second_factor",
    "invite",
    "issue_token",
    "note_export",
    "note_failed_sign_in",
    "note_sign_in",
    "note_token_use",
    "put_hint_away",
    "remove_passkey",
    "rename_passkey",
    "renew_recovery_codes",
    "reopen_access",
    "resend_invitation",
    "revoke_token",
    "set_password",
    "show_hints_again",
    "transfer_ownership",
    "turn_hints_off",
    "update_details",
    "withdraw_invitation",
]
