"""Finding colleagues, and what may be done to them by whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from accounts.access import may, require_object
from accounts.models import SignIn, User
from accounts.roles import ROLE_PERMISSIONS, Role, may_grant
from core.problems import NotFound

ORDER = {role: place for place, role in enumerate(ROLE_PERMISSIONS)}


def get_colleague(user: User, uid: UUID, *, to: str = "staff.view") -> User:
    """One of the staff, also one whose access has ended."""
    require_object(user, to)
    found = User.objects.filter(pk=uid).first()
    if found is None:
        raise NotFound
    return found


def colleagues() -> list[User]:
    """Everybody who works or worked here: those with access first, by rank, then by name."""
    return sorted(
        User.objects.all(),
        key=lambda one: (not one.is_active, ORDER[Role(one.role)], one.display_name.casefold()),
    )


def last_seen(people: Iterable[User]) -> dict[UUID, datetime]:
    rows = SignIn.objects.filter(user__in=list(people), outcome=SignIn.Outcome.SUCCEEDED)
    return dict(rows.values_list("user_id").annotate(Max("seen_at")))


def may_change(by: User, other: User) -> bool:
    """Whether `by` manages people and `other` is not above."""
    return may(by, "staff.manage") and may_grant(by.role, other.role)


def roles_to_give(by: User) -> list[Role]:
    """Those that `by` may give, highest first."""
    return [role for role in ROLE_PERMISSIONS if may_grant(by.role, role)]
