"""Finding an invitation by its link or its id, and whether it still opens the door."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.access import may, require_object
from accounts.models import Invitation, InvitationState, User
from accounts.roles import may_grant
from accounts.tokens import token_hash
from core.problems import NotFound

LONGEST = 64


def path_of(token: str) -> str:
    return reverse("accounts_accept_invitation", args=[token])


def by_token(token: str) -> Invitation:
    """The invitation whose link this is, whatever became of it; NotFound for every other text."""
    if not token or len(token) > LONGEST or not token.isascii():
        raise NotFound
    found = Invitation.objects.select_related("invited_by").filter(token_hash=token_hash(token)).first()
    if found is None:
        raise NotFound
    return found


def get_invitation(user: User, uid: UUID, *, to: str = "staff.view") -> Invitation:
    require_object(user, to)
    found = Invitation.objects.select_related("invited_by").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def stands(invitation: Invitation, at: datetime) -> bool:
    """Open, and worth as much as its inviter still is: who lost the rank to invite leaves no door ajar."""
    if invitation.state(at) is not InvitationState.OPEN:
        return False
    inviter = invitation.invited_by
    if inviter is None:
        return True
    return (
        inviter.has_access(at) and may(inviter, "staff.manage") and may_grant(inviter.role, invitation.role)
    )


def undecided() -> list[Invitation]:
    """Those that wait for an answer, newest first; some may have run out."""
    return list(Invitation.objects.undecided().select_related("invited_by"))
