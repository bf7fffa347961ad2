"""The living links of a visit: as many as were sent, all to the visit as it stands now."""

import hashlib
import secrets
from datetime import datetime

from core.problems import NotFound
from scheduling.models import Appointment, ManageLink
from tenants import sites

PATH = "/book/visit/{token}/"
LONGEST = 64


def site() -> str:
    """The clinic's address without a path. Asked before a transaction: the domains are the platform's table."""
    return sites.site()


def create(appointment: Appointment, *, at: datetime) -> str:
    """A new token for the visit; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    ManageLink.objects.create(appointment=appointment, token_hash=_hash(token), created_at=at)
    return token


def address(token: str, *, on: str) -> str:
    return on + PATH.format(token=token)


def new_link(appointment: Appointment, *, at: datetime) -> str:
    """Another living link, as an address."""
    on = site()
    return address(create(appointment, at=at), on=on)


def visit_of(token: str) -> Appointment:
    """The visit the link leads to; NotFound for every other text."""
    if not token or len(token) > LONGEST or not token.isascii():
        raise NotFound
    link = ManageLink.objects.filter(token_hash=_hash(token)).values_list("appointment_id", flat=True).first()
    if link is None:
        raise NotFound
    return Appointment.objects.whole().get(pk=link)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
