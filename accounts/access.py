"""The role half of every right: does this person's role, and the token used, hold the permission?

Views and the other apps' `access.py` ask here; the place half is asked where places are known.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import known, permissions_of_role
from audit.trail import note_read
from core.problems import Forbidden, NotFound, NotSignedIn


class Outsider:
    """Somebody who is signed in and is not one of the staff: nothing of the table is theirs, as of a role without rights."""


Anybody = User | AnonymousUser | Outsider | None


def permissions_of(user: Anybody) -> frozenset[str]:
    """What the person may do now: the role's permissions, cut to the token's scopes if one is used."""
    if not isinstance(user, User):
        return frozenset()
    held = permissions_of_role(user.role)
    return held if user.token is None else held & frozenset(user.token.scopes)


def may(user: Anybody, permission: str) -> bool:
    return known(permission) in permissions_of(user)


def names_one(kwargs: Mapping[str, Any]) -> bool:
    """Whether the address is of one object: its refusal must look like an id that does not exist."""
    return any(isinstance(value, UUID) for value in kwargs.values())


def require(user: Anybody, permission: str) -> User:
    """For pages and collections: the person, or 401 without one, or 403 if the role may never open it."""
    if isinstance(user, Outsider):
        raise Forbidden
    person = _signed_in(user)
    if not may(person, permission):
        _note_refusal(person, permission)
        raise Forbidden
    return person


def require_object(user: Anybody, permission: str) -> User:
    """For one object: a forbidden id looks like one that does not exist."""
    if isinstance(user, Outsider):
        raise NotFound
    person = _signed_in(user)
    if not may(person, permission):
        _note_refusal(person, permission)
        raise NotFound
    return person


def _signed_in(user: Anybody) -> User:
    if not isinstance(user, User):
        raise NotSignedIn
    return user


def _note_refusal(user: User, permission: str) -> None:
    note_read("access.refused", by=actor_for(user), on=("permission", permission))
