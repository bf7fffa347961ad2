"""The platform's sign-in and its pages. The names of the sign-in are those that accounts and allauth ask for."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.views import confirm, invitation, profile, sign_in, two_factor
from support import views
from support.site import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/sign-in/", sign_in.sign_in, name="account_login"),
    path("admin/confirm/", confirm.confirm, name="accounts_confirm"),
    path("admin/sign-out/", sign_in.sign_out, name="account_logout"),
    path("admin/join/<str:token>/", invitation.accept_invitation, name="accounts_accept_invitation"),
    path("admin/two-factor/", two_factor.two_factor, name="mfa_authenticate"),
    path("admin/two-factor/set-up/", two_factor.set_up, name="mfa_activate_totp"),
    path("admin/two-factor/recovery-codes/", two_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("admin/password/", profile.change_password, name="account_change_password"),
    path("admin/account/", views.account, name="accounts_profile"),
    path("admin/account/sign-out-everywhere/", views.end_sessions, name="support_end_sessions"),
    path("admin/plans/", views.plans, name="support_plans"),
    path("admin/", include((site.get_urls(), "admin"), namespace=site.name)),
]
