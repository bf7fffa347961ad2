"""Work of the platform itself."""

from celery import shared_task

from medspa import metrics_shared
from tenants.tasks import PublicTask


@shared_task(base=PublicTask)
def gather_metrics() -> None:
    """What /metrics tells of all clinics together."""
    metrics_shared.keep_gathered()
