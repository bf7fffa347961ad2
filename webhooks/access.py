"""Fetching with permission: whoever may change the clinic's settings sees its endpoints and what they were told."""

from uuid import UUID

from accounts.access import Anybody, require, require_object
from core.problems import NotFound
from webhooks.models import State, WebhookDelivery, WebhookEndpoint

PERMISSION = "settings.manage"
PAGE = 50


def endpoints(user: Anybody) -> list[WebhookEndpoint]:
    require(user, PERMISSION)
    return list(WebhookEndpoint.objects.kept().order_by("id"))


def get_endpoint(user: Anybody, uid: UUID, *, removed_too: bool = False) -> WebhookEndpoint:
    require_object(user, PERMISSION)
    rows = WebhookEndpoint.objects.all() if removed_too else WebhookEndpoint.objects.kept()
    endpoint = rows.select_related("created_by").filter(uid=uid).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def get_delivery(user: Anybody, uid: UUID) -> WebhookDelivery:
    require_object(user, PERMISSION)
    found = WebhookDelivery.objects.select_related("event", "endpoint").filter(uid=uid).first()
    if found is None or found.endpoint.removed_at is not None:
        raise NotFound
    return found


def deliveries(
    user: Anybody, endpoint: WebhookEndpoint | None = None, *, state: str = "", after: UUID | None = None
) -> tuple[list[WebhookDelivery], UUID | None]:
    """The newest first, and where the next page begins."""
    require(user, PERMISSION)
    rows = WebhookDelivery.objects.select_related("event", "endpoint").order_by("-id")
    rows = rows.filter(endpoint=endpoint) if endpoint else rows.filter(endpoint__removed_at=None)
    if state in State.values:
        rows = rows.filter(state=state)
    if after is not None:
        place = WebhookDelivery.objects.filter(uid=after).values_list("id", flat=True).first()
        rows = rows.filter(id__lt=place or 0)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].uid if len(found) > PAGE else None
