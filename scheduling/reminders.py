"""Which reminders a visit gets, and when they are too late to be worth anything."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from practice.profile import profile
from scheduling.models import Appointment, Reminder, ReminderState
from tenants import due

DUE = "reminder"


class Offset(NamedTuple):
    """So many hours before the start, by these channels."""

    hours: int
    channels: tuple[str, ...]

    @property
    def kind(self) -> str:
        return f"{self.hours}h"

    @property
    def lateness(self) -> timedelta:
        """How late it may still go: half its own distance, so that the next one has not come yet."""
        return timedelta(hours=self.hours) / 2


def offsets() -> list[Offset]:
    """The clinic's setting, the earliest first."""
    rows: list[dict[str, Any]] = profile().reminder_offsets_hours
    return sorted((Offset(row["hours"], tuple(row["channels"])) for row in rows), reverse=True)


def plan(appointment: Appointment, *, at: datetime) -> list[Reminder]:
    """Rows for this revision, each with its place in the due-queue. Those whose time has passed are left out."""
    wanted = []
    for offset in offsets():
        due_at = appointment.starts_at - timedelta(hours=offset.hours)
        if due_at > at:
            wanted.append(
                Reminder(
                    appointment=appointment, kind=offset.kind, revision=appointment.revision, due_at=due_at
                )
            )
    Reminder.objects.bulk_create(wanted, ignore_conflicts=True)
    for reminder in wanted:
        due.schedule(DUE, reminder.uid, reminder.due_at)
    return wanted


def void(appointment: Appointment) -> None:
    """What was planned for earlier revisions does not happen."""
    rows = Reminder.objects.filter(appointment=appointment, state=ReminderState.WAITING)
    rows = rows.filter(revision__lt=appointment.revision)
    uids = list(rows.values_list("uid", flat=True))
    rows.update(state=ReminderState.VOID)
    due.cancel(DUE, uids)


def verdict(reminder: Reminder, *, at: datetime) -> ReminderState:
    """What becomes of a reminder that is due. PLANNED: send it."""
    appointment = reminder.appointment
    if not appointment.is_expected or appointment.revision != reminder.revision:
        return ReminderState.VOID
    offset = offset_of(reminder.kind)
    if at >= appointment.starts_at or offset is None or at > reminder.due_at + offset.lateness:
        return ReminderState.DROPPED
    return ReminderState.PLANNED


def offset_of(kind: str) -> Offset | None:
    return next((offset for offset in offsets() if offset.kind == kind), None)


def missing(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Those of the visits that have no row at all for their revision."""
    visits = list(appointments)
    rows = Reminder.objects.filter(appointment__in=visits)
    known = set(rows.values_list("appointment_id", "revision"))
    return [visit for visit in visits if (visit.pk, visit.revision) not in known]
