"""What programs need to call us: the address, the reference, and the clinic's tokens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import actions
from accounts.actors import actor_of
from accounts.forms import TokenForm
from accounts.models import ApiToken, User
from accounts.pages import staff_page
from accounts.roles import PERMISSIONS, may_grant
from accounts.step_up import step_up
from accounts.views.issuing import issued
from core.clock import now
from core.http import see_other
from core.problems import NotFound
from practice.shell import settings_page

PERMISSION = "tokens.manage"


@require_GET
@never_cache
@staff_page(PERMISSION)
def programs(request: HttpRequest) -> HttpResponse:
    return _page(request, TokenForm(user=_user(request)))


@require_POST
@never_cache
@staff_page(PERMISSION)
@step_up
def issue_token(request: HttpRequest) -> HttpResponse:
    """The clear token is on this answer and nowhere else."""
    user = _user(request)
    form = TokenForm(request.POST, user=user)
    if clear := issued(request, user, form, at=now()):
        return _page(request, TokenForm(user=user), shown_once=clear)
    return _page(request, form, status=422)


@require_POST
@staff_page(PERMISSION)
def revoke_token(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One's own, or that of somebody whom one may change."""
    user = _user(request)
    token = _live().filter(uid=uid).first() or ApiToken.objects.filter(uid=uid, user=user).first()
    if token is None or not _may_revoke(user, token):
        raise NotFound
    actions.revoke_token(token, by=actor_of(request), at=now())
    messages.success(request, _("The token is revoked. Nothing can use it any more."))
    return see_other(request, reverse("webhooks:programs"))


def _page(request: HttpRequest, form: TokenForm, *, shown_once: str = "", status: int = 200) -> HttpResponse:
    user = _user(request)
    context = {
        "form": form,
        "shown_once": shown_once,
        "address": request.build_absolute_uri("/api/v1/"),
        "tokens": [_line(user, token) for token in _live()],
    }
    return settings_page(request, "api", "webhooks/programs.html", context, status=status)


def _live() -> Any:
    at = now()
    unexpired = Q(expires_at=None) | Q(expires_at__gt=at)
    rows = ApiToken.objects.filter(unexpired, revoked_at=None, user__is_active=True)
    return rows.select_related("user").order_by("user__display_name", "-id")


def _line(user: User, token: ApiToken) -> dict[str, Any]:
    return {
        "token": token,
        "is_own": token.user_id == user.pk,
        "may": [PERMISSIONS[scope] for scope in token.scopes if scope in PERMISSIONS],
        "revocable": _may_revoke(user, token),
    }


def _may_revoke(user: User, token: ApiToken) -> bool:
    return token.user_id == user.pk or may_grant(user.role, token.user.role)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user
