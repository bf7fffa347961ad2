"""A look without the lock: who comes much too late is told so by one statement. The gate itself decides."""

from datetime import datetime

from scheduling import slots
from scheduling.plans import Plan, plan_of_slot
from scheduling.prepared import fetch_row
from scheduling.problems import SlotTaken
from scheduling.slots import Slot

# A treatment that begins with its gap does not need the provider at its start.
_TAKEN = """
SELECT 1 FROM practice_provider p
  JOIN practice_service s ON s.id = %(service)s AND (s.processing_minutes = 0 OR s.processing_start > 0)
  JOIN scheduling_occupancy o ON o.resource_id = p.resource_id AND o.during @> %(start)s::timestamptz
  LEFT JOIN scheduling_hold h ON h.id = o.hold_id
 WHERE p.id = %(provider)s AND o.appointment_id IS DISTINCT FROM %(ours)s::bigint
   AND (h.id IS NULL OR h.expires_at > %(at)s)
 LIMIT 1
"""


def refuse_if_surely_taken(slot: Slot, *, at: datetime, ours: int | None = None) -> None:
    """SlotTaken where a visit or a live hold, other than `ours`, already has the provider at that moment."""
    values = {
        "service": slot.service_id,
        "provider": slot.provider_id,
        "start": slot.start,
        "ours": ours,
        "at": at,
    }
    if fetch_row(_TAKEN, values) is not None:
        raise SlotTaken


def plan_of_token(token: str, *, at: datetime) -> Plan:
    """What the token offers, unless it is plain that somebody was faster."""
    slot = slots.read(token, at=at)
    refuse_if_surely_taken(slot, at=at)
    return plan_of_slot(slot)
