"""The platform's own people: invited, given another role, let go. Never a clinic's: those are in their own schemas."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Invitation, User
from accounts.second_factor import is_enrolled
from core.clock import now
from support.acts import Act, Asked
from support.forms import InviteForm, RoleForm
from support.pages import Page
from support.site import site
from tenants.directory import site_url


def _host() -> str:
    return site_url(settings.PLATFORM_HOST, "")


def _invite(asked: Asked) -> bool:
    actions.invite(**asked.data, on=_host(), by=asked.by, at=asked.at)
    return True


def _resend(asked: Asked) -> None:
    actions.resend_invitation(asked.row, on=_host(), by=asked.by, at=asked.at)


def _withdraw(asked: Asked) -> None:
    actions.withdraw_invitation(asked.row, by=asked.by, at=asked.at)


def _change_role(asked: Asked) -> None:
    actions.change_role(asked.row, asked.data["role"], by=asked.by, at=asked.at)


def _end(asked: Asked) -> None:
    actions.end_access(asked.row, by=asked.by, at=asked.at)


def _reopen(asked: Asked) -> None:
    actions.reopen_access(asked.row, by=asked.by, at=asked.at)


def _has_access(user: User) -> bool:
    return user.has_access(now())


@admin.register(User, site=site)
class Staff(Page):
    label = _("Staff")
    permission = "staff.view"
    holds_people = True
    list_display = ("display_name", "email", "role", "access", "second_factor", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("display_name", "email")
    ordering = ("display_name",)
    fields = readonly_fields = (
        "display_name",
        "email",
        "role",
        "access",
        "access_ends_at",
        "second_factor",
        "last_login",
        "since",
    )
    acts = (
        Act(
            "role",
            "staff.manage",
            _("Change the role"),
            _("Effective with the next request. The person, and every platform admin, is told by mail."),
            _("Change the role"),
            _change_role,
            _("The role is changed."),
            form=RoleForm,
            offered=_has_access,
        ),
        Act(
            "end",
            "staff.manage",
            _("End access"),
            _(
                "The person is out with the next request: every session ends. What they did stays in the trail."
            ),
            _("End their access"),
            _end,
            _("Access is ended."),
            offered=_has_access,
            danger=True,
        ),
        Act(
            "reopen",
            "staff.manage",
            _("Give access again"),
            _("The person may sign in again, in the role they had."),
            _("Give access again"),
            _reopen,
            _("The person has access again."),
            offered=lambda user: not _has_access(user),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).defer("password")

    def title_of(self, row: Any) -> str:
        return str(row.display_name)

    @admin.display(description=_("access"))
    def access(self, user: User) -> str:
        return str(_("may sign in") if _has_access(user) else _("ended"))

    @admin.display(description=_("second step"))
    def second_factor(self, user: User) -> str:
        return str(_("set up") if is_enrolled(user) else _("not yet: asked for at the first sign-in"))


@admin.register(Invitation, site=site)
class Invitations(Page):
    label = _("Invitations")
    none_yet = _("People of the platform join by a mail that opens once. Invite the first one.")
    permission = "staff.view"
    holds_people = True
    list_display = ("email", "role", "standing", "sent_at", "expires_at")
    list_filter = ("role",)
    search_fields = ("email",)
    list_select_related = ("invited_by",)
    fields = readonly_fields = (
        "email",
        "display_name",
        "role",
        "standing",
        "inviter",
        "sent_at",
        "expires_at",
    )
    acts = (
        Act(
            "invite",
            "staff.manage",
            _("Invite somebody"),
            _(
                "A mail with a link goes out. Whoever opens it chooses a password, then sets up the second step. The link"
                " opens once, within seven days."
            ),
            _("Send the invitation"),
            _invite,
            _("The invitation is on its way."),
            form=InviteForm,
            of_one=False,
        ),
        Act(
            "resend",
            "staff.manage",
            _("Send again"),
            _("A new link goes out; the one before opens nothing any more."),
            _("Send it again"),
            _resend,
            _("The invitation is on its way again."),
            offered=lambda row: row.accepted_at is None and row.withdrawn_at is None,
        ),
        Act(
            "withdraw",
            "staff.manage",
            _("Withdraw"),
            _("The link opens nothing any more."),
            _("Withdraw the invitation"),
            _withdraw,
            _("The invitation is withdrawn."),
            offered=lambda row: row.accepted_at is None and row.withdrawn_at is None,
            danger=True,
        ),
    )

    def title_of(self, row: Any) -> str:
        return str(row.email)

    @admin.display(description=_("state"))
    def standing(self, row: Invitation) -> str:
        return str(row.state(now()).label)

    @admin.display(description=_("invited by"))
    def inviter(self, row: Invitation) -> str:
        return row.invited_by.display_name if row.invited_by else str(_("the platform"))
