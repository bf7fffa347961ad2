"""Thin: take ids, ask what still holds, call an action."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from audit.actors import job
from audit.trail import record
from core.clock import now
from practice.profile import profile
from scheduling import links, notices, reminders, texts
from scheduling.actions.hold import let_go
from scheduling.models import Appointment, Hold, HoldState, Reminder, ReminderState
from scheduling.occupancy import once_more
from scheduling.texts import News
from tenants import due
from tenants.tasks import ClinicTask

RECENT = 500  # holds a run looks at


@shared_task(base=ClinicTask)
def plan_reminders(refs: list[str]) -> None:
    """Reminders that are due: into the outbox, or dropped, or void."""
    site = links.site()
    for ref in refs:
        _plan(UUID(ref), site)


@transaction.atomic
def _plan(uid: UUID, site: str) -> None:
    """One reminder a transaction. The visit's row is locked: a move waits, or has been."""
    reminder = Reminder.objects.filter(uid=uid, state=ReminderState.WAITING).first()
    if reminder is not None:
        at = now()
        rows = Appointment.objects.whole().select_for_update(no_key=True, of=("self",))
        reminder.appointment = rows.get(pk=reminder.appointment_id)
        state = reminders.verdict(reminder, at=at)
        if state == ReminderState.PLANNED and not _send(reminder, site):
            state = ReminderState.DROPPED
        reminder.state = state
        reminder.save(update_fields=["state"])
        record(
            f"reminder.{state}",
            by=job("plan_reminders"),
            on=reminder.appointment,
            patient=reminder.appointment.person.uid,
        )
    due.cancel(reminders.DUE, [uid])


def _send(reminder: Reminder, site: str) -> bool:
    """By every channel of the clinic's setting; says whether there was one that reaches the patient."""
    visit, at = reminder.appointment, now()
    offset = reminders.offset_of(reminder.kind)
    if offset is None:
        return False
    link = links.address(links.create(visit, at=at), on=site)
    words = texts.written(News("reminder", visit, profile(), link))
    sent = [notices.remind(visit, channel, words, kind=reminder.kind, at=at) for channel in offset.channels]
    return any(sent)


@shared_task(base=ClinicTask)
def expire_holds(refs: list[str]) -> None:
    """Free what was held and not booked in time. One that is not over yet is looked at again."""
    for ref in refs:
        _expire(UUID(ref))


def _expire(uid: UUID) -> None:
    at = now()
    hold = Hold.objects.filter(uid=uid, state=HoldState.LIVE).first()
    if hold is None:
        due.cancel("hold", [uid])
    elif hold.is_live(at):
        due.schedule("hold", uid, hold.expires_at)
    else:
        once_more(lambda: let_go(hold, HoldState.EXPIRED, at))


@shared_task(base=ClinicTask)
def reconcile() -> None:
    """What lost its place in the due-queue gets it again: reminders, and holds that ran out."""
    at = now()
    for appointment in reminders.missing(Appointment.objects.whole().expected(at)):
        with transaction.atomic():
            reminders.plan(appointment, at=at)
    waiting = Reminder.objects.filter(state=ReminderState.WAITING)
    times = dict(waiting.values_list("uid", "due_at"))
    for uid in times.keys() - due.waiting(reminders.DUE, list(times)):
        with transaction.atomic():
            due.schedule(reminders.DUE, uid, times[uid])
    expire_now = Hold.objects.run_out(at).order_by("expires_at").values_list("uid", flat=True)[:RECENT]
    for uid in list(expire_now):
        _expire(uid)
