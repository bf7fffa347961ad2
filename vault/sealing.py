"""To seal and to open bytes in the clinic we are in, or the platform: the one place where keys and tokens meet."""

from mmap import mmap
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


def file_sealer(file: UUID, *, subject: UUID, body: str) -> containers.Sealer:
    """Seals one file of the subject, chunk by chunk; `body` is the tag of what it holds."""
    key = keys.subject_key(subject)
    clinic = require_holder().uid
    return containers.Sealer(key.secret, key.uid, clinic=clinic, photo=file, body=registered(body))


def open_file(data: bytearray | mmap, *, file: UUID, body: str) -> memoryview:
    """The file, whole and verified, in the memory that held it sealed; Damaged or Shredded otherwise."""
    key = keys.key_by_id(containers.read_header(data).key_id)
    clinic = require_holder().uid
    return containers.open_in_place(key.secret, clinic=clinic, photo=file, data=data, body=registered(body))


def _place(tag: str, row: UUID) -> Place:
    return Place(require_holder().uid, registered(tag), row)
