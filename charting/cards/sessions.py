"""The laser sessions of an encounter."""

from accounts.access import may
from charting.cards.opened import Opened
from charting.lasers import asked, past, showing
from patients.cards import Card


def sessions(opened: Opened) -> Card | None:
    """For a treatment with a device; for others once there is a session, or a series under way."""
    encounter = opened.encounter
    rows = list(
        encounter.laser_sessions.select_related("series__person", "device", "encounter__person").order_by(
            "id"
        )
    )
    here = {one.series_id for one in rows}
    under_way = past.under_way(encounter.person, at=encounter.began_at)
    needs_device = bool(encounter.service and encounter.service.device_kind)
    if not (needs_device or rows or under_way):
        return None
    context = {
        "encounter": encounter,
        "sessions": [(one, showing.compare([one])) for one in rows],
        "summary": asked.summary_of(rows),
        "under_way": under_way,
        "due": [one for one in under_way if one.series.pk not in here],
        "may_write": may(opened.user, "chart.write"),
    }
    return Card("charting/cards/sessions.html", context)
