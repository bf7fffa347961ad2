"""The mail that says that an endpoint was stopped, to the owners and whoever added it."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from messaging import notices
from messaging.texts import when
from messaging.voice import zone
from webhooks.models import WebhookEndpoint

KIND = "webhook_stopped"


def tell_stopped(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    people = User.objects.filter(Q(role=Role.OWNER) | Q(pk=endpoint.created_by_id), is_active=True)
    context = {
        "endpoint": endpoint.name,
        "host": endpoint.host,
        "why": str(endpoint.get_stopped_display()),
        "at": when(at, zone()),
    }
    for person in people.distinct():
        if person.has_access(at):
            notices.queue(KIND, person, context, at=at)
