"""A reminder that is to be planned: which of a visit's revision, and when."""

from django.db import models

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from scheduling.models.appointments import Appointment


class ReminderState(models.TextChoices):
    WAITING = "waiting", "waiting"
    PLANNED = "planned", "planned"  # its messages are in the outbox
    DROPPED = "dropped", "dropped"  # came too late, or nobody to send to
    VOID = "void", "void"  # the visit moved, or is not expected any more


class Reminder(Outward):
    """At most one of a kind for each revision of a visit."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.MESSAGES

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=12)  # "24h"
    revision = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReminderState.choices, default=ReminderState.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "revision"], name="scheduling_reminder_once"
            ),
        ]
