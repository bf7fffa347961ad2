"""Joining: the page that an invitation's link opens. Looking at it spends nothing."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import actions, sessions
from accounts.forms import JoinForm
from accounts.invitations import by_token, stands
from accounts.models import Invitation, InvitationState, User
from accounts.pages import first_page, open_page
from accounts.views.answers import UNREADABLE, page
from core.clock import now
from core.problems import Conflict, Invalid

GONE = 410


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "repeated")
@sensitive_variables("form")
@never_cache
def accept_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Name and password once; then the second step, where the clinic asks for one."""
    at = now()
    invitation = by_token(token)
    if not stands(invitation, at):
        return _over(request, invitation)
    if request.method != "POST":
        form = JoinForm(initial={"display_name": invitation.display_name})
        return _page(request, invitation, form)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form, status=UNREADABLE)
    try:
        user = actions.accept_invitation(
            invitation,
            display_name=form.cleaned_data["display_name"],
            password=form.cleaned_data["password"],
            at=at,
        )
    except Invalid as problem:
        form.take(problem)
        return _page(request, invitation, form, status=UNREADABLE)
    except Conflict:
        return _over(request, by_token(token))
    return _sign_in(request, user)


def _sign_in(request: HttpRequest, user: User) -> HttpResponseBase:
    sessions.forget(request)
    login = Login(user=user, email=user.email, redirect_url=first_page(user))
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return response


def _page(request: HttpRequest, invitation: Invitation, form: JoinForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "invitation": invitation, "inviter": invitation.invited_by}
    return page(request, "join", context, status=status)


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Used, withdrawn or run out: which of them, and what to do about it."""
    state = invitation.state(now())
    if state is InvitationState.OPEN:  # by somebody who may not invite any more
        state = InvitationState.WITHDRAWN
    return page(request, "invitation_over", {"state": state.value}, status=GONE)
