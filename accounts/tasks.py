"""Housekeeping of the sign-in tables, a clinic's and the platform's."""

from datetime import timedelta
from typing import Final

from celery import shared_task
from django.contrib.sessions.models import Session

from accounts import idempotency, throttle
from accounts.models import SignIn
from core.clock import now
from tenants.tasks import ClinicTask

KEPT: Final = timedelta(days=366)  # the sign-in history holds addresses


@shared_task(base=ClinicTask, on_platform=True)
def reconcile() -> None:
    """Drop counters, answers and sessions that are long over."""
    at = now()
    throttle.sweep(at=at)
    idempotency.forget_old()
    Session.objects.filter(expire_date__lt=at).delete()
    SignIn.objects.filter(at__lt=at - KEPT).delete()
