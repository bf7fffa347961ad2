"""How often one address may ask the public doors: a count in each web process, so that Redis is not asked first.

Approximate on purpose (every process counts for itself); what must be exact, the two holds of a browser, is exact in
the database.
"""

import threading
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.context import require_clinic
from core.http import client_ip
from core.problems import TooMany

WINDOW: Final = timedelta(minutes=1)
MOST_A_WINDOW: Final = {"availability": 240, "holds": 60, "bookings": 60, "link": 60}
MOST_ROWS: Final = 50_000


class _Count(NamedTuple):
    since: datetime
    calls: int


_lock = threading.Lock()
_counts: dict[tuple[UUID, str, str], _Count] = {}


def check(kind: str, request: HttpRequest, at: datetime) -> None:
    """Count one call; TooMany beyond the limit."""
    if not settings.PUBLIC_RATE_LIMIT:
        return
    key = (require_clinic().uid, kind, client_ip(request))
    with _lock:
        seen = _counts.get(key)
        if seen is None or at - seen.since >= WINDOW:
            if len(_counts) >= MOST_ROWS:
                _counts.clear()
            seen = _Count(at, 0)
        _counts[key] = seen = _Count(seen.since, seen.calls + 1)
    if seen.calls > MOST_A_WINDOW[kind]:
        wait = int((seen.since + WINDOW - at).total_seconds()) + 1
        raise TooMany(_("Please wait a moment and try again."), retry_after=wait)


def forget() -> None:
    """Start all counts anew."""
    with _lock:
        _counts.clear()
