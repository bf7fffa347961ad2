"""Which clinic this thread of work is in. Set by tenants, asked by everything that must not guess."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID


class NoClinic(RuntimeError):
    """Work that belongs to a clinic was started outside of one."""


@dataclass(frozen=True)
class ClinicRef:
    """As much of a clinic as the lower floors may know."""

    uid: UUID
    schema: str
    slug: str


# The platform itself, as the vault knows it: it has keys for its own staff's secrets and its own trail, and nothing
# else. It is no clinic: `current_clinic` is never this, so nothing of a patient can be sealed, or asked for, under it.
PLATFORM: Final = ClinicRef(UUID("00000000-0000-8000-8000-706c61746672"), "public", "platform")

current_clinic: ContextVar[ClinicRef | None] = ContextVar("current_clinic", default=None)
on_platform: ContextVar[bool] = ContextVar("on_platform", default=False)


def require_clinic() -> ClinicRef:
    """The clinic we are in; refuses to guess when there is none."""
    clinic = current_clinic.get()
    if clinic is None:
        raise NoClinic("this needs a clinic; enter one first")
    return clinic


def current_holder() -> ClinicRef | None:
    """Whose own keys are used here: the clinic's we are in, else the platform's if we have entered its schema."""
    return current_clinic.get() or (PLATFORM if on_platform.get() else None)


def require_holder() -> ClinicRef:
    """The holder of the keys used here; refuses to guess when we have entered nothing."""
    holder = current_holder()
    if holder is None:
        raise NoClinic("this needs a clinic or the platform; enter one first")
    return holder
