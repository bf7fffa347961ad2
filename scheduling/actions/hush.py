"""The desk moved a visit and tells the patient itself: what would have gone out does not."""

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from messaging import outbox
from scheduling import notices
from scheduling.actions.steps import locked_visit
from scheduling.models import Appointment


@transaction.atomic
def hush(appointment: Appointment, *, by: Actor) -> int:
    """How many messages about the new time were kept back; none once they have left."""
    appointment = locked_visit(appointment)
    kept = outbox.void(appointment.uid, kinds=[notices.MOVED])
    if kept:
        record("appointment.not_told", by=by, on=appointment, patient=appointment.person.uid)
    return kept
