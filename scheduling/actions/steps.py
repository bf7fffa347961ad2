"""What all steps of a visit share: its row, locked, and a note of what undo would take back."""

from datetime import datetime
from typing import Any

from scheduling.models import Appointment


def locked_visit(appointment: Appointment) -> Appointment:
    """The row as it stands now, ours until the transaction ends. After the days' lock, where both are taken."""
    rows = Appointment.objects.whole().select_for_update(no_key=True, of=("self",))
    return rows.get(pk=appointment.pk)


def step(verb: str, at: datetime, before: dict[str, Any]) -> dict[str, Any]:
    """The last thing that was done, and what was there before."""
    return {"verb": verb, "at": at.isoformat(), "before": before}
