"""What an action asks before it writes: is the one who acts of that rank, and may a detail be kept here?"""

from django.utils.translation import gettext_lazy as _

from accounts.actors import person_behind
from accounts.models import User
from accounts.roles import may_grant, permissions_of_role
from audit.actors import Actor, ActorKind
from core.context import current_holder
from core.problems import Forbidden


def refuse_above_own_rank(by: Actor, role: str) -> None:
    """Persons act within their rank; our own jobs and the platform's commands have none. Nobody else may."""
    if by.kind in (ActorKind.JOB, ActorKind.PLATFORM):
        return
    person = person_behind(by)
    acting = User.objects.filter(pk=person).first() if person else None
    allowed = acting is not None and "staff.manage" in permissions_of_role(acting.role)
    if acting is None or not allowed or not may_grant(acting.role, role):
        raise Forbidden(_("Only somebody of at least that role can do this."))


def detail_of(**values: object) -> dict[str, object] | None:
    """Details are sealed under the key of the clinic, or of the platform: outside of both there is none."""
    return values if current_holder() else None
