"""In whose name we write: the clinic's name and contact, told by whoever knows the clinic's profile."""

from dataclasses import dataclass
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from core.context import current_clinic
from core.phones import pretty_phone


class Voice(Protocol):
    """As much of a clinic's profile as a message needs."""

    name: str
    phone: str
    email: str
    locale: str


@dataclass
class PlatformVoice:
    """The platform, writing to its own staff."""

    name: str = "medspa"
    phone: str = ""
    email: str = ""
    locale: str = "en"


def voice() -> Voice:
    """The clinic we are in, as it presents itself. The profile is a neighbour's: the settings name the way to it."""
    if current_clinic.get() is None:
        return PlatformVoice()
    path = settings.CLINIC_VOICE
    return cast(Voice, import_string(path)())


def zone() -> ZoneInfo:
    """By whose clock the staff is told when something happened; the platform's own by UTC."""
    if current_clinic.get() is None:
        return ZoneInfo("UTC")
    return cast(ZoneInfo, import_string(settings.CLINIC_ZONE)())


def contact_line(of: Voice) -> str:
    """How to reach a human: number, then mail address, whichever the clinic has."""
    phone = pretty_phone(of.phone, "US") if of.phone else ""
    return " / ".join(part for part in (phone, of.email) if part)
