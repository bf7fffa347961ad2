"""Thin: take ids, call what gives aftercare out; find what lost its row in the due-queue."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from charting.actions import giving
from core.clock import now
from tenants import due, sites
from tenants.tasks import ClinicTask


@shared_task(base=ClinicTask)
def send_aftercare(refs: list[str]) -> None:
    site = sites.site()
    for ref in refs:
        giving.send_due(UUID(ref), site=site, at=now())


@shared_task(base=ClinicTask)
def reconcile() -> None:
    waiting = dict(giving.lost(at=now()))
    for uid in waiting.keys() - due.waiting(giving.DUE, list(waiting)):
        with transaction.atomic():
            due.schedule(giving.DUE, uid, waiting[uid])
