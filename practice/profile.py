"""The clinic's profile as pages and rules ask for it: one query, remembered in the process for seconds."""

import threading
import time
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import Error, connection, transaction
from django.db.models import Exists, Subquery
from django.db.models.functions import JSONObject

from core.context import require_clinic
from practice.models import ClinicProfile, Location

TTL_SECONDS = 15.0
PAUSE_SECONDS = 5.0  # how long a database that failed is not asked again for what only dresses a page
MOST = 10_000
_lock = threading.Lock()
_known: dict[UUID, tuple[float, ClinicProfile]] = {}
_paused: dict[UUID, float] = {}


def profile() -> ClinicProfile:
    """The profile of the clinic we are in; one that says only its name until somebody fills it in."""
    clinic = require_clinic()
    known = _known.get(clinic.uid)
    # Inside a transaction the row is read as it stands there, and what may roll back is not remembered.
    inside = connection.in_atomic_block
    if known and known[0] > time.monotonic() and not inside:
        return known[1]
    found = _read() or ClinicProfile(name=clinic.slug.replace("-", " ").capitalize())
    if not inside:
        _remember(clinic.uid, found)
    return found


def profile_for_page() -> ClinicProfile | None:
    """The same for what every page shows, error pages too: an old one, or none, where the database is down."""
    clinic = require_clinic()
    try:
        if _paused.get(clinic.uid, 0.0) < time.monotonic():
            return profile()
    except Error:
        _paused[clinic.uid] = time.monotonic() + PAUSE_SECONDS
    known = _known.get(clinic.uid)
    return known[1] if known else None


def first_location(of: ClinicProfile) -> dict[str, Any]:
    """Address and number of the clinic's first location, as they came with the profile."""
    return cast(dict[str, Any], getattr(of, "first_location", None) or {})


def several_locations(of: ClinicProfile | None = None) -> bool:
    """Whether a visitor must be told where: known with the profile."""
    return bool(getattr(of or profile(), "has_second_location", False))


def clinic_zone() -> ZoneInfo:
    """The zone of the clinic's first location, in which its times are told; UTC while it has none."""
    return ZoneInfo(first_location(profile()).get("timezone", "UTC"))


def forget() -> None:
    """Have the profile read afresh once the transaction is through."""
    uid = require_clinic().uid
    transaction.on_commit(lambda: _known.pop(uid, None) and None)


def _read() -> ClinicProfile | None:
    words = (
        "uid",
        "name",
        "phone",
        "timezone",
        "address_1",
        "address_2",
        "city",
        "state",
        "postal_code",
        "country",
    )
    first = Location.objects.open().values(said=JSONObject(**{word: word for word in words}))[:1]
    second = Exists(Location.objects.open()[1:2])
    return ClinicProfile.objects.annotate(first_location=Subquery(first), has_second_location=second).first()


def _remember(uid: UUID, found: ClinicProfile) -> None:
    with _lock:
        if len(_known) >= MOST:
            _known.clear()
        _known[uid] = (time.monotonic() + TTL_SECONDS, found)
