"""What nobody names any more leaves the object store."""

import logging
from datetime import timedelta
from functools import cache

from celery import shared_task
from django.apps import apps

from core.clock import now
from core.problems import Unavailable
from files import storage
from files.models import SealedFile
from tenants.tasks import ClinicTask

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(hours=24)
AT_ONCE = 500


@shared_task(base=ClinicTask)
def sweep_objects() -> int:
    """Remove the clinic's objects that are a day old and have no row; says how many there were."""
    gone = 0
    batch: list[str] = []
    try:
        for each in storage.older_than(now() - KEPT_FOR):
            batch.append(each.key)
            if len(batch) == AT_ONCE:
                gone += _sweep(batch)
                batch = []
        return gone + _sweep(batch)
    except Unavailable:
        log.warning("the object store is down; its sweep waits for the next time")
        return gone


@cache
def kinds() -> tuple[type[SealedFile], ...]:
    """Every model whose rows name an object: found, never listed, so that none can be forgotten."""
    return tuple(model for model in apps.get_models() if issubclass(model, SealedFile))


def _sweep(keys: list[str]) -> int:
    orphans = set(keys)
    for model in kinds():
        named = model._default_manager.filter(object_key__in=keys)
        orphans -= set(named.values_list("object_key", flat=True))
    for key in orphans:
        storage.drop(key)
    return len(orphans)
