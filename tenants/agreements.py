"""The business associate agreement as a clinic signs and reads it: inside the clinic, as its own role.

The row is in the public schema, append-only; row security lets a clinic add and see its own and no other's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.context import require_clinic
from core.ids import uuid7
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text
from tenants import texts
from vault import keys

VERSION: Final = "2026-11"  # of the text that is signed now: templates/legal/baa/<version>.html
LONGEST: Final = 120
_COLUMNS: Final = "uid, version, clinic_name, signer_name, signer_title, signer, text_hash, signed_at"


@dataclass(frozen=True)
class Agreement:
    """One signature."""

    uid: UUID
    version: str
    clinic_name: str
    signer_name: str
    signer_title: str
    signer: UUID | None
    text_hash: str
    signed_at: datetime

    @property
    def is_current(self) -> bool:
        return self.version == VERSION


def latest() -> Agreement | None:
    """What the clinic we are in signed last; None: no patient may be stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM public.tenants_businessassociateagreement"  # noqa: S608 - our own names
            " WHERE clinic_id = %s ORDER BY signed_at DESC LIMIT 1",
            [require_clinic().uid],
        )
        row = cursor.fetchone()
    return Agreement(*row) if row else None


_known: set[UUID] = set()  # a signature is never taken back


def is_signed() -> bool:
    """Whether patients may be stored; asked by every page of the staff."""
    clinic = require_clinic().uid
    if clinic in _known:
        return True
    if latest() is None:
        return False
    if not connection.in_atomic_block:
        _known.add(clinic)
    return True


def sign(
    *,
    clinic_name: str,
    signer_name: str,
    signer_title: str,
    agreed: bool,
    signer: UUID,
    by: Actor,
    at: datetime,
) -> Agreement:
    """Bind the clinic to the current text, and make the root of its patients' keys. Twice is once."""
    name, title = _read(signer_name, signer_title, agreed=agreed)
    uid, text_hash = uuid7(), texts.fingerprint(texts.agreement_text(VERSION, clinic_name))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO public.tenants_businessassociateagreement"
                " (uid, clinic_id, version, clinic_name, signer_name, signer_title, signer, text_hash, signed_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [uid, require_clinic().uid, VERSION, clinic_name, name, title, signer, text_hash, at],
            )
            won = cursor.rowcount == 1
        if won:
            detail = {"version": VERSION, "text": text_hash}
            record("baa.signed", by=by, on=("tenants.agreement", str(uid)), detail=detail, at=at)
    settle()
    signed = latest()
    assert signed is not None
    return signed


def settle() -> None:
    """The key root that a signature stands for, should the vault have been away when it was given."""
    keys.create_subject_root(require_clinic().uid)


def _read(name: str, title: str, *, agreed: bool) -> tuple[str, str]:
    errors: list[Failure] = []
    found = {"signer_name": "", "signer_title": ""}
    for field, text, missing in (
        ("signer_name", name, _("Type your full name: it is your signature.")),
        ("signer_title", title, _("Say in what capacity you sign, such as Owner.")),
    ):
        try:
            found[field] = clean_text(text, LONGEST)
        except TextProblem as problem:
            errors.append(failure(field, problem.code, problem.message))
            continue
        if not found[field]:
            errors.append(failure(field, "missing", missing))
    if not agreed:
        errors.append(failure("agreed", "missing", _("Tick the box to agree on the clinic's behalf.")))
    if errors:
        raise Invalid(errors=errors)
    return found["signer_name"], found["signer_title"]
