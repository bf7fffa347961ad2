"""The address of the clinic we are in, remembered for a minute."""

import threading
import time
from uuid import UUID

from django.db import connection

from core.context import require_clinic
from tenants import directory

_TTL_SECONDS = 60.0
_lock = threading.Lock()
_sites: dict[UUID, tuple[float, str]] = {}


def site() -> str:
    """The clinic's address without a path. Asked before a transaction: the domains are the platform's table."""
    clinic = require_clinic()
    known = _sites.get(clinic.uid)
    if known and (known[0] > time.monotonic() or connection.in_atomic_block):
        # Inside a transaction the platform's tables are out of reach; a minute's age does no harm.
        return known[1]
    found = directory.find_by_schema(clinic.schema)
    if found is None:
        raise RuntimeError("the clinic we are in is not on the platform")
    address = directory.clinic_url(found, "")
    with _lock:
        _sites[clinic.uid] = (time.monotonic() + _TTL_SECONDS, address)
    return address
