"""To seal and to open bytes in the clinic we are in, or the platform: the one place where keys and tokens meet."""

from uuid import UUID

from core.context import require_holder
from vault import containers, keys, tokens
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


def photo_sealer(photo: UUID, *, subject: UUID) -> containers.Sealer:
    """Seals one photo of the subject, chunk by chunk."""
    key = keys.subject_key(subject)
    return containers.Sealer(key.secret, key.uid, clinic=require_holder().uid, photo=photo)


def open_photo(data: bytearray, *, photo: UUID) -> memoryview:
    """The photo, whole and verified, in the memory that held it sealed; Damaged or Shredded otherwise."""
    key = keys.key_by_id(containers.read_header(data).key_id)
    return containers.open_in_place(key.secret, clinic=require_holder().uid, photo=photo, data=data)


def _place(tag: str, row: UUID) -> Place:
    return Place(require_holder().uid, registered(tag), row)
