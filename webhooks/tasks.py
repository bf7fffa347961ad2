"""The clinic's workers: send what is due, find what lost its row in the due-queue, forget what is old."""

import logging
import time
from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task

from core.clock import now
from core.problems import Unavailable
from tenants import due
from tenants.tasks import ClinicTask
from webhooks import actions, sending
from webhooks.models import OPEN, WebhookDelivery
from webhooks.outbox import DUE

log = logging.getLogger(__name__)
VAULT_PAUSE: Final = timedelta(seconds=20)
LONGEST_SECONDS: Final = 40  # of one task: others' servers must not hold a worker for long
MOST_RECONCILED: Final = 1000


@shared_task(base=ClinicTask)
def send_deliveries(refs: list[str]) -> None:
    """Send each that is due. An endpoint that is out of reach rests, by its row, and costs one wait only."""
    until = time.monotonic() + LONGEST_SECONDS
    uids = [UUID(ref) for ref in refs]
    for place, uid in enumerate(uids):
        if time.monotonic() > until:
            sending.put_off(uids[place:], until=now() + timedelta(seconds=5))
            return
        if not _one(uid):
            sending.put_off(uids[place:], until=now() + VAULT_PAUSE)
            return


def _one(uid: UUID) -> bool:
    """False when nothing can be sent now."""
    try:
        sending.send(uid, at=now())
    except Unavailable:
        return False
    except Exception:
        # One delivery's fault must not hold up those behind it; its row falls due again.
        log.exception("delivery %s could not be sent", uid)
    return True


@shared_task(base=ClinicTask)
def reconcile() -> int:
    """Give open rows without a place in the due-queue one again; says how many there were."""
    at = now()
    actions.forget_old(at=at)
    rows = WebhookDelivery.objects.filter(state__in=OPEN).order_by("id")
    open_rows = dict(rows.values_list("uid", "next_try_at")[:MOST_RECONCILED])
    lost = open_rows.keys() - due.waiting(DUE, list(open_rows))
    for uid in lost:
        due.schedule(DUE, uid, max(open_rows[uid] or at, at))
    return len(lost)
