"""Which forms a visit asks for: told before the booking, and after it, with the way to them, as long as they wait."""

import time
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from consents.queries import forms_for, waiting_for
from core.context import require_clinic
from core.problems import Unavailable
from practice.models import Service
from scheduling.models import Appointment

TTL_SECONDS: Final = 15.0
MOST: Final = 10_000
_known: dict[tuple[UUID, int, str], tuple[float, list[str]]] = {}


def forms_to_come(service: Service, at: datetime) -> list[str]:
    """Their titles, in the reader's language, remembered for seconds: every visitor who books asks.

    They are signed in the portal, once somebody is known by a code.
    """
    language = (get_language() or "en").partition("-")[0]
    place = (require_clinic().uid, service.pk, language)
    known = _known.get(place)
    if known and known[0] > time.monotonic() and not connection.in_atomic_block:
        return known[1]
    found = [version.text_in(language)[1]["title"] for version in forms_for([service], at)]
    if not connection.in_atomic_block:  # what may roll back is not remembered
        if len(_known) >= MOST:
            _known.clear()
        _known[place] = (time.monotonic() + TTL_SECONDS, found)
    return found


def forms_waiting(appointment: Appointment, at: datetime) -> list[str]:
    """Those not signed yet; none while the keys cannot be reached: the visit itself is shown all the same."""
    try:
        return [each.title for each in waiting_for(appointment.person, [appointment.service], at)]
    except Unavailable:
        return []
