"""What nobody names any more leaves the object store."""

import logging
from datetime import timedelta
from functools import cache

from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from audit.actors import job
from audit.trail import record
from core.clock import local_date, now
from core.problems import Unavailable
from files import storage
from files.models import PassingFile, SealedFile
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


@shared_task(base=ClinicTask)
def purge_passed() -> int:
    """Remove every file whose last day is over, container first: a row without its file would say that it is gone, a file
    without its row is nobody's and goes with the sweep."""
    today = local_date(now(), import_string(settings.CLINIC_ZONE)())
    gone = 0
    for kind in passing_kinds():
        for row in kind._default_manager.filter(purge_on__lt=today).iterator():
            gone += _purge(row)
    return gone


def passing_kinds() -> list[type[PassingFile]]:
    return [kind for kind in kinds() if issubclass(kind, PassingFile)]


def _purge(row: PassingFile) -> int:
    """The trail keeps that there was one, and when it went; never what it said."""
    try:
        storage.drop(row.object_key)
    except Unavailable:
        log.warning("the object store is down; what has passed is removed the next time")
        return 0
    with transaction.atomic():
        detail = {"media": row.media, "purge_on": row.purge_on.isoformat()}
        on = (row._meta.label_lower, str(row.uid))
        record("file.purged", by=job("files"), on=on, detail=detail, at=now())
        row.delete()
    return 1


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
