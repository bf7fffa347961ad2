"""To seal and to open bytes in the clinic we are in, or the platform: the one place where keys and tokens meet."""

from uuid import UUID

from core.context import require_holder
from vault import keys, tokens
from vault.derive import Place
from vault.tags import registered


def seal_bytes(plain: bytes, *, tag: str, row: UUID, subject: UUID | None) -> bytes:
    """A token under the subject's key; under the clinic's own when there is no subject."""
    key = keys.clinic_key() if subject is None else keys.subject_key(subject)
    return tokens.seal(key.secret, key.uid, _place(tag, row), plain)


def open_bytes(token: bytes, *, tag: str, row: UUID) -> bytes:
    """What the token holds; Damaged when it is not of this place, Shredded when its key is gone."""
    key = keys.key_by_id(tokens.key_id_of(token))
    return tokens.open_token(key.secret, _place(tag, row), token)


def _place(tag: str, row: UUID) -> Place:
    return Place(require_holder().uid, registered(tag), row)
