"""Keys for programs are issued, used and revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import notices, signals
from accounts.access import permissions_of
from accounts.actions.ranks import detail_of
from accounts.models import ApiToken, User
from accounts.roles import PERMISSIONS
from accounts.tokens import token_hash
from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text

TOKEN_START = "msp_"  # noqa: S105 - lets a leaked token be recognised
MOST_TOKENS = 20
LONGEST_TOKEN_LIFE = timedelta(days=366)


@transaction.atomic
def issue_token(
    user: User,
    *,
    name: str,
    scopes: Iterable[str],
    by: Actor,
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A token for programs, and its clear text, which is kept nowhere and shown once.

    Its scopes are some of what the person may do now; later the role still has the last word at each request.
    """
    wanted = sorted(set(scopes))
    errors = _token_errors(user, wanted, at, expires_at)
    try:
        name = clean_text(name, 80)
    except TextProblem as problem:
        errors.append(failure("name", problem.code, problem.message))
    if not name:
        errors.append(failure("name", "missing", _("Name the program that will use the token.")))
    if errors:
        raise Invalid(errors=errors)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.tokens.filter(revoked_at=None).count() >= MOST_TOKENS:
        raise Conflict(_("There are twenty live tokens already. Revoke one that is no longer used."))
    clear = TOKEN_START + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        token_hash=token_hash(clear),
        prefix=clear[:10],
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    record("token.issued", by=by, on=token, at=at, detail=detail_of(scopes=wanted))
    notices.alert(user, signals.TOKEN_ISSUED, at=at)
    return token, clear


def _token_errors(user: User, wanted: list[str], at: datetime, expires_at: datetime | None) -> list[Failure]:
    errors = []
    if not wanted:
        errors.append(failure("scopes", "missing", _("Choose at least one thing the token may do.")))
    for scope in wanted:
        if scope not in PERMISSIONS:
            errors.append(failure("scopes", "unknown", _("There is no permission “%s”.") % scope))
        elif scope not in permissions_of(user):
            errors.append(failure("scopes", "beyond_role", _("You may not do “%s” yourself.") % scope))
    if expires_at is not None and not at < expires_at <= at + LONGEST_TOKEN_LIFE:
        errors.append(failure("expires_at", "out_of_range", _("Choose a day within the coming year.")))
    return errors


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """The token opens nothing from the next request on. Doing it twice changes nothing."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    if revoked:
        token.revoked_at = at
        record("token.revoked", by=by, on=token, at=at)


def note_token_use(token: ApiToken, *, at: datetime) -> None:
    """At most one write a minute, whichever of several requests comes first."""
    if token.use_is_stale(at):
        unused = Q(last_used_at=None) | Q(last_used_at__lte=at - ApiToken.USED_STEP)
        ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=at)
