"""Somebody is invited, reminded, no longer wanted, or joins."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import notices, signals
from accounts.actions.people import insert, is_role_here, new_user
from accounts.actions.ranks import detail_of, refuse_above_own_rank
from accounts.actors import actor_for, person_behind
from accounts.invitations import path_of, stands
from accounts.models import Invitation, InvitationState, User
from accounts.roles import Role
from accounts.tokens import token_hash
from audit.actors import Actor
from audit.trail import record
from core.emails import EmailProblem, normalise_email
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text

LIFE: Final = timedelta(days=7)
MOST_OPEN: Final = 200


@transaction.atomic
def invite(*, email: str, role: str, on: str, by: Actor, at: datetime, display_name: str = "") -> Invitation:
    """Ask somebody to join; the mail goes out with this transaction. `on` is the clinic's own address."""
    invitation = Invitation(role=role, created_at=at, invited_by=_inviter(by))
    errors: list[Failure] = []
    try:
        invitation.email = normalise_email(email)
    except EmailProblem as problem:
        errors.append(failure("email", problem.code, problem.message))
    try:
        invitation.display_name = clean_text(display_name, 120)
    except TextProblem as problem:
        errors.append(failure("display_name", problem.code, problem.message))
    if not is_role_here(role):
        errors.append(failure("role", "unknown", _("There is no such role here.")))
    if errors:
        raise Invalid(errors=errors)
    refuse_above_own_rank(by, role)
    _refuse_known(invitation.email, at)
    # One that ran out, or whose inviter may not invite any more, is in nobody's way.
    for old in Invitation.objects.undecided().filter(email=invitation.email):
        if stands(old, at):
            raise _invited_already()
        Invitation.objects.filter(pk=old.pk).update(withdrawn_at=at)
    if Invitation.objects.undecided().count() >= MOST_OPEN:
        raise Conflict(_("Too many invitations are open. Withdraw some that nobody needs."))
    _send(invitation, on=on, at=at)
    record("invitation.sent", by=by, on=invitation, at=at, detail=detail_of(role=role))
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, on: str, by: Actor, at: datetime) -> None:
    """A new link for seven days; the one sent before opens nothing any more."""
    invitation = _locked(invitation)
    refuse_above_own_rank(by, invitation.role)
    if invitation.state(at) not in (InvitationState.OPEN, InvitationState.EXPIRED):
        raise Conflict(_("This invitation was accepted or withdrawn."))
    _refuse_known(invitation.email, at)
    invitation.invited_by = _inviter(by)
    _send(invitation, on=on, at=at)
    record("invitation.sent_again", by=by, on=invitation, at=at)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """The link opens nothing any more. Doing it twice changes nothing."""
    invitation = _locked(invitation)
    refuse_above_own_rank(by, invitation.role)
    if invitation.accepted_at is not None:
        raise Conflict(_("This invitation was accepted. End the person's access instead."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        record("invitation.withdrawn", by=by, on=invitation, at=at)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, display_name: str, password: str, at: datetime) -> User:
    """The invited person joins. Of two who accept at once the second finds the link used."""
    invitation = _locked(invitation)
    if not stands(invitation, at):
        raise Conflict(_("This invitation is not open any more."))
    user = new_user(email=invitation.email, display_name=display_name, role=invitation.role, at=at)
    insert(user, password)
    invitation.accepted_at, invitation.user = at, user
    invitation.save(update_fields=["accepted_at", "user"])
    by = actor_for(user)
    record("invitation.accepted", by=by, on=invitation, at=at)
    record("user.created", by=by, on=user, at=at, detail=detail_of(role=user.role))
    signals.invitation_accepted.send(sender=Invitation, invitation=invitation, user=user, at=at)
    return user


def _send(invitation: Invitation, *, on: str, at: datetime) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = token_hash(token)
    invitation.sent_at, invitation.expires_at = at, at + LIFE
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        raise _invited_already() from None
    notices.send_invitation(
        invitation,
        inviter=invitation.invited_by.display_name if invitation.invited_by else "",
        role=str(Role(invitation.role).label),
        link=on + path_of(token),
        days=LIFE.days,
        at=at,
    )


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)


def _inviter(by: Actor) -> User | None:
    person = person_behind(by)
    return User.objects.filter(pk=person).first() if person else None


def _refuse_known(email: str, at: datetime) -> None:
    user = User.objects.filter(email=email).first()
    if user is None:
        return
    if user.has_access(at):
        works = _("%(name)s works here already with this address.") % {"name": user.display_name}
        raise Invalid(errors=[failure("email", "taken", works)])
    worked = _("%(name)s worked here with this address. Give access again on their page.")
    raise Invalid(errors=[failure("email", "had_access", worked % {"name": user.display_name})])


def _invited_already() -> Invalid:
    text = _("This address is invited already. Send that invitation again, or withdraw it first.")
    return Invalid(errors=[failure("email", "invited", text)])
