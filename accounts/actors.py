"""Who acts, in the words of the trail: from a request or from a person."""

from typing import Any

from accounts.models import User
from audit.actors import VISITOR, Actor, ActorKind


def actor_of(request: Any) -> Actor:
    """The actor of a Django or an API request; a visitor where nobody signed in."""
    user = getattr(request, "user", None)
    return actor_for(user) if isinstance(user, User) else VISITOR


def actor_for(user: User) -> Actor:
    """The person, or the token that acts for the person."""
    if user.token is not None:
        return Actor(ActorKind.TOKEN, str(user.token.uid), on_behalf=str(user.pk))
    return Actor(ActorKind.STAFF, str(user.pk))


def person_behind(actor: Actor) -> str | None:
    """The id of the staff member who acts, also through a token; None for jobs, visitors and the platform."""
    if actor.kind == ActorKind.STAFF:
        return actor.id
    return actor.on_behalf or None if actor.kind == ActorKind.TOKEN else None
