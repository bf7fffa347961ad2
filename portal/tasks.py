"""Thin: take ids, call an action."""

import logging
from uuid import UUID

from celery import shared_task

from core.clock import now
from core.problems import Unavailable
from portal import codes, sessions
from scheduling import links
from tenants.tasks import ClinicTask

log = logging.getLogger(__name__)


@shared_task(base=ClinicTask)
def send_codes(refs: list[str]) -> None:
    """Codes somebody asked for. While the vault is away they stay due."""
    site = links.site()
    for ref in refs:
        try:
            codes.send(UUID(ref), site=site, at=now())
        except Unavailable:
            log.warning("the vault is away; a code waits")
            return


@shared_task(base=ClinicTask)
def reconcile() -> None:
    """What is long over goes."""
    at = now()
    codes.sweep(at=at)
    sessions.sweep(at=at)
