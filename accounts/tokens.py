"""Finding API tokens: by their clear text at the door, by their owner on the profile page and in the API."""

import hashlib
from datetime import datetime
from uuid import UUID

from accounts.models import ApiToken, User
from core.problems import NotFound


def token_hash(clear: str) -> bytes:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(clear.encode(errors="replace")).digest()


def find(clear: str, *, at: datetime) -> ApiToken | None:
    """The live token of a person who still has access. One look-up by hash, whatever was sent."""
    token = ApiToken.objects.select_related("user").filter(token_hash=token_hash(clear)).first()
    if token is None or not token.is_live(at) or not token.user.has_access(at):
        return None
    return token


def live_of(user: User, *, at: datetime) -> list[ApiToken]:
    return [token for token in user.tokens.filter(revoked_at=None).order_by("-pk") if token.is_live(at)]


def get_own(user: User, uid: UUID) -> ApiToken:
    """A token of one's own; anybody else's is not there."""
    token = ApiToken.objects.filter(user=user, uid=uid).first()
    if token is None:
        raise NotFound
    return token
