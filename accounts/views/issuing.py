"""Issuing a token, for each page that has the form."""

from datetime import datetime

from django.http import HttpRequest

from accounts import actions
from accounts.actors import actor_of
from accounts.forms import TokenForm
from accounts.models import User
from core.problems import Conflict, Invalid


def issued(request: HttpRequest, user: User, form: TokenForm, *, at: datetime) -> str:
    """The clear token, to be shown on this answer and nowhere else; "" where the form says why not."""
    if not form.is_valid():
        return ""
    try:
        _token, clear = actions.issue_token(
            user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(at),
            by=actor_of(request),
            at=at,
        )
    except Invalid as problem:
        form.take(problem)
    except Conflict as problem:
        form.add_error(None, str(problem.detail))
    else:
        return clear
    return ""
