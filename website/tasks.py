"""What runs by itself: sign-ups that nobody works on any more are taken up again."""

from celery import shared_task

from core.clock import now
from tenants.tasks import PublicTask
from website import actions


@shared_task(base=PublicTask)
def resume_sign_ups() -> int:
    """A worker that died, or a queue that lost a message, leaves nothing half done for longer than this."""
    return actions.resume(at=now())
