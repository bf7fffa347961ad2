"""The sign-in and one's own account. Names that begin with account_ and mfa_ are those that allauth asks for."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import (
    by_code,
    confirm,
    devices,
    hints,
    invitation,
    passkeys,
    profile,
    sign_in,
    two_factor,
    welcome,
)

urlpatterns = [
    path("desk/sign-in/", sign_in.sign_in, name="account_login"),
    path("desk/sign-in/code/", by_code.request_code, name="account_request_login_code"),
    path("desk/sign-in/code/enter/", by_code.enter_code, name="account_confirm_login_code"),
    path("desk/join/<str:token>/", invitation.accept_invitation, name="accounts_accept_invitation"),
    path("desk/welcome/<str:token>/", welcome.welcome_form, name="accounts_welcome"),
    path("desk/welcome/<str:token>/again/", welcome.send_again, name="accounts_welcome_again"),
    path("desk/confirm/", confirm.confirm, name="accounts_confirm"),
    path("desk/take-back/", confirm.take_back, name="accounts_take_back"),
    path("desk/sign-out/", sign_in.sign_out, name="account_logout"),
    path("desk/two-factor/", two_factor.two_factor, name="mfa_authenticate"),
    path("desk/two-factor/set-up/", two_factor.set_up, name="mfa_activate_totp"),
    path("desk/two-factor/recovery-codes/", two_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("desk/two-factor/passkey/challenge/", passkeys.challenge, name="accounts_passkey_challenge"),
    path("desk/two-factor/passkeys/add/", passkeys.add, name="accounts_add_passkey"),
    path(
        "desk/two-factor/passkeys/add/challenge/",
        passkeys.new_challenge,
        name="accounts_new_passkey_challenge",
    ),
    path("desk/password/", profile.change_password, name="account_change_password"),
    path("desk/profile/", profile.profile, name="accounts_profile"),
    path("desk/profile/details/", profile.change_details, name="accounts_details"),
    path("desk/profile/tokens/", profile.issue_token, name="accounts_issue_token"),
    path("desk/profile/tokens/<uuid:uid>/revoke/", profile.revoke_token, name="accounts_revoke_token"),
    path("desk/profile/passkeys/<uuid:uid>/", passkeys.one, name="accounts_passkey"),
    path("desk/profile/passkeys/<uuid:uid>/remove/", passkeys.remove, name="accounts_remove_passkey"),
    path("desk/profile/sessions/", devices.devices, name="accounts_devices"),
    path("desk/hints/put-away/", hints.put_away, name="accounts_put_hint_away"),
    path("desk/hints/off/", hints.turn_off, name="accounts_turn_hints_off"),
    path("desk/hints/again/", hints.show_again, name="accounts_show_hints_again"),
    path("desk/stay/", devices.stay, name="accounts_stay"),
    path("desk/mfa/", RedirectView.as_view(pattern_name="accounts_profile"), name="accounts_security"),
]
