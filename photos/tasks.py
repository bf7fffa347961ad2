"""What nobody names any more leaves the object store."""

import logging
from datetime import timedelta

from celery import shared_task

from core.clock import now
from core.problems import Unavailable
from photos import storage
from photos.models import Image
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


def _sweep(keys: list[str]) -> int:
    named = set(Image.objects.filter(object_key__in=keys).values_list("object_key", flat=True))
    orphans = [key for key in keys if key not in named]
    for key in orphans:
        storage.drop(key)
    return len(orphans)
