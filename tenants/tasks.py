"""Background work enters its clinic once, by type. A message that names no clinic is refused."""

from typing import Any
from uuid import UUID

from celery import Task, current_app, current_task, shared_task
from celery.signals import before_task_publish
from django.conf import settings

from core.clock import now
from core.context import current_clinic
from tenants import anchoring, directory, due, signals
from tenants.context import current_schema, enter, enter_public
from tenants.models import Clinic, ClinicState
from tenants.names import PUBLIC

HEADER = "clinic_schema"


class NoClinic(RuntimeError):
    """The message does not say which clinic it is for, or names one that is not open."""


class ClinicTask(Task):
    """A task of one clinic: already inside its schema and role; takes ids, never objects."""

    abstract = True
    role_kind = "t"
    on_platform = False  # whether the platform, too, has such work: mail to its own staff

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        schema = self.request.get(HEADER) or (self.request.headers or {}).get(HEADER)
        if not schema:
            raise NoClinic(f"{self.name} came without a clinic")
        if schema == PUBLIC and self.on_platform:
            with enter_public():
                return super().__call__(*args, **kwargs)
        clinic = directory.find_by_schema(schema)
        if clinic is None or not clinic.is_open:
            raise NoClinic(f"{self.name} names {schema}, which is not open")
        with enter(clinic, role_kind=self.role_kind):
            return super().__call__(*args, **kwargs)


class PublicTask(Task):
    """A task of the platform."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with enter_public():
            return super().__call__(*args, **kwargs)


@before_task_publish.connect
def name_the_clinic(sender: str = "", headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """A task sent from inside a clinic is for that clinic, unless it says otherwise."""
    if headers is None or headers.get(HEADER):
        return
    if current_clinic.get() is not None:
        headers[HEADER] = current_schema()
    elif schema := getattr(getattr(current_task, "request", None), HEADER, None):
        # What follows a task (the rest of a chain, a chord's body) is sent when the task has left its clinic.
        headers[HEADER] = schema


def send_to(schema: str, task: str, *args: Any) -> None:
    """Queue a clinic's task from outside the clinic."""
    current_app.send_task(task, args=args, headers={HEADER: schema})


@shared_task(base=PublicTask)
def sweep_due() -> int:
    """Hand what is due to the clinics' workers, in slices of at most 50 ids. Returns how many were claimed."""
    total = 0
    for kinds in _kinds_by_queue():
        for (schema, kind), refs in due.claim(now(), kinds).items():
            total += len(refs)
            for start in range(0, len(refs), due.SLICE):
                send_to(
                    schema, settings.DUE_TASKS[kind], [str(ref) for ref in refs[start : start + due.SLICE]]
                )
    return total


def _kinds_by_queue() -> list[list[str]]:
    """Claimed queue by queue, so that a heap of one queue's work never takes the places of another's."""
    queues: dict[str, list[str]] = {}
    for kind, task in settings.DUE_TASKS.items():
        queue = settings.CELERY_TASK_ROUTES.get(task, {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
        queues.setdefault(queue, []).append(kind)
    return list(queues.values())


@shared_task(base=PublicTask)
def reconcile_all() -> None:
    """Every clinic, and the platform, looks for work that lost its row in the due-queue."""
    schemas = Clinic.objects.filter(state=ClinicState.ACTIVE).values_list("schema_name", flat=True)
    for schema in schemas:
        for task in settings.RECONCILE_TASKS:
            send_to(schema, task)
    for task in settings.PLATFORM_RECONCILE_TASKS:
        send_to(PUBLIC, task)


@shared_task(base=PublicTask)
def anchor_trails() -> None:
    """Sign where every trail stands, and keep that outside the database."""
    anchoring.anchor(now())


@shared_task(base=PublicTask)
def provision(clinic_uid: str) -> None:
    """Give a requested clinic its schema, roles and keys, and open it; safe to run again after a crash."""
    from tenants import provisioning  # the owner's connection exists in this worker only

    signals.provision_began.send(sender=Clinic, clinic_uid=clinic_uid)
    try:
        provisioning.provision(UUID(clinic_uid))
    except Exception as error:
        signals.provision_failed.send(sender=Clinic, clinic_uid=clinic_uid, error=error)
        raise


__all__ = ["HEADER", "PUBLIC", "ClinicTask", "NoClinic", "PublicTask", "send_to"]
