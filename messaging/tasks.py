"""The clinic's workers: send what is due, apply what came in, find what lost its row in the due-queue."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task

from core.clock import now
from core.problems import Unavailable
from messaging import inbound, recovery, sending
from messaging.models import InboundMessage, Message, State
from messaging.outbox import DUE
from messaging.sending import Outcome
from tenants import due
from tenants.tasks import ClinicTask
from vault.errors import VaultError

log = logging.getLogger(__name__)
VAULT_PAUSE = timedelta(seconds=20)
MOST_TROUBLE = 3  # lost answers in a row; each may cost ten seconds of waiting
HEALED_FOR = timedelta(days=3)


@shared_task(base=ClinicTask, on_platform=True)
def send_messages(refs: list[str]) -> None:
    """Send each message that is due. What cannot go now keeps, or gets, its time in the due-queue."""
    trouble = 0
    for place, ref in enumerate(refs):
        outcome = _one(UUID(ref), now())
        trouble = trouble + 1 if outcome == Outcome.TROUBLE else 0
        if trouble >= MOST_TROUBLE:
            _put_off([UUID(left) for left in refs[place + 1 :]], now() + VAULT_PAUSE)
            return


def _one(uid: UUID, at: datetime) -> Outcome:
    try:
        return process(uid, at=at)
    except Unavailable:
        _put_off([uid], at + VAULT_PAUSE)
        return Outcome.TROUBLE
    except Exception:
        # One message's fault must not hold up those behind it; its row stays as it is and falls due again.
        log.exception("message %s could not be sent", uid)
        return Outcome.LATER


def process(uid: UUID, *, at: datetime) -> Outcome:
    """Do for one row whatever its state asks for."""
    message = Message.objects.outgoing().filter(uid=uid).first()
    try:
        if message is not None and message.state == State.QUEUED:
            return sending.send(uid, at=at)
        if message is not None and message.state in (State.SENDING, State.UNKNOWN):
            return recovery.settle(uid, at=at)
    except VaultError as error:
        assert message is not None
        return sending.finish(message, State.FAILED, error=type(error).__name__.lower())
    due.cancel(DUE, [uid])
    return Outcome.DONE


def _put_off(uids: list[UUID], until: datetime) -> None:
    for uid in Message.objects.waiting().filter(uid__in=uids).values_list("uid", flat=True):
        due.schedule(DUE, uid, until)


@shared_task(base=ClinicTask)
def apply_inbound(refs: list[str]) -> None:
    """Apply what came in and could not be applied at once."""
    for ref in refs:
        try:
            inbound.apply(UUID(ref), at=now())
        except Unavailable:
            log.warning("the vault is down; inbound messages wait")
            return
        except Exception:
            log.exception("inbound message %s could not be applied", ref)  # it falls due again


@shared_task(base=ClinicTask, on_platform=True)
def reconcile() -> int:
    """Give open rows without a place in the due-queue one again; says how many there were."""
    at = now()
    open_rows = Message.objects.outgoing().filter(state__in=(State.QUEUED, State.SENDING))
    doubtful = Message.objects.outgoing().filter(state=State.UNKNOWN, claimed_at__gt=at - HEALED_FOR)
    messages = {
        uid: max(after, at)
        for uid, after in [
            *open_rows.values_list("uid", "send_after"),
            *doubtful.filter(claimed_at__gt=at - recovery.ASKED_FOR).values_list("uid", "send_after"),
        ]
    }
    letters = dict.fromkeys(
        InboundMessage.objects.filter(applied_at__isnull=True).values_list("uid", flat=True), at
    )
    return _heal(DUE, messages) + _heal(inbound.DUE, letters)


def _heal(kind: str, wanted: dict[UUID, datetime]) -> int:
    lost = set(wanted) - due.waiting(kind, list(wanted))
    for uid in lost:
        due.schedule(kind, uid, wanted[uid])
    return len(lost)
