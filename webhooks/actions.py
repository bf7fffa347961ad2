"""Endpoints are added, changed, stopped and removed; secrets are replaced; deliveries are asked for again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor, job
from audit.trail import record
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from tenants import due
from webhooks import notices, outbox, signing
from webhooks.addresses import AddressProblem, find_target, host_of
from webhooks.events import EVENTS, TEST
from webhooks.models import (
    KEPT_FOR,
    OVERLAP,
    State,
    Stopped,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

MOST_ENDPOINTS: Final = 10
MOST_REPLAYED: Final = 1000
MOST_FORGOTTEN: Final = 5000
BY_ITSELF: Final = job("webhooks")


def add_endpoint(
    *, url: str, events: Iterable[str], description: str = "", user: User, by: Actor, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """A listening endpoint, and its secret in clear, which no page shows again."""
    read = _read({"url": url, "events": events, "description": description})
    with transaction.atomic():
        if WebhookEndpoint.objects.kept().count() >= MOST_ENDPOINTS:
            raise Conflict(_("There are ten endpoints already. Remove one that is no longer used."))
        secret = signing.new_secret()
        endpoint = WebhookEndpoint.objects.create(**read, secret=secret, created_by=user, created_at=at)
        record("webhook.added", by=by, on=endpoint, at=at, detail=_detail(endpoint))
    return endpoint, secret


def change_endpoint(
    endpoint: WebhookEndpoint, given: Mapping[str, Any], *, by: Actor, at: datetime
) -> WebhookEndpoint:
    """What is not given stays as it is."""
    moved = "url" in given and given["url"].strip() != endpoint.url
    read = _read({name: value for name, value in given.items() if name != "url" or moved})
    with transaction.atomic():
        endpoint = _locked(endpoint)
        for name, value in read.items():
            setattr(endpoint, name, value)
        if moved:
            endpoint.failing_since = endpoint.resting_until = None
        endpoint.save()
        record("webhook.changed", by=by, on=endpoint, at=at, detail=_detail(endpoint))
    return endpoint


@transaction.atomic
def replace_secret(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> str:
    """A new secret in clear; for a day both sign."""
    endpoint = _locked(endpoint)
    secret = signing.new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, at + OVERLAP
    endpoint.secret = secret
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record("webhook.secret_replaced", by=by, on=endpoint, at=at)
    return secret


@transaction.atomic
def stop(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> None:
    endpoint = _locked(endpoint)
    if not endpoint.stopped:
        _stop(endpoint, Stopped.BY_HAND, at)
        record("webhook.stopped", by=by, on=endpoint, at=at)


@transaction.atomic
def start(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> None:
    """It hears of what happens from now on; what it missed can be asked for again."""
    endpoint = _locked(endpoint)
    if endpoint.stopped:
        endpoint.stopped, endpoint.stopped_at = Stopped.NO, None
        endpoint.failing_since = endpoint.resting_until = None
        endpoint.save(update_fields=["stopped", "stopped_at", "failing_since", "resting_until"])
        record("webhook.started", by=by, on=endpoint, at=at)


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> None:
    """For good; its deliveries stay to be looked at until they are old. Doing it twice changes nothing."""
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    if locked.removed_at is None:
        locked.removed_at = at
        locked.save(update_fields=["removed_at"])
        record("webhook.removed", by=by, on=locked, at=at)


def stop_by_itself(endpoint: WebhookEndpoint, why: Stopped, *, at: datetime) -> None:
    """In the caller's transaction, with a mail to those who can mend it."""
    if endpoint.is_listening:
        _stop(endpoint, why, at)
        record("webhook.stopped", by=BY_ITSELF, on=endpoint, at=at, detail={"why": str(why)})
        notices.tell_stopped(endpoint, at=at)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> WebhookDelivery:
    """An event of its own kind that goes to this endpoint only, by the way that all go."""
    endpoint = _locked(endpoint)
    if endpoint.stopped:
        raise Conflict(_("The endpoint is stopped. Start it, then send a test."))
    event = WebhookEvent.objects.create(type=TEST, data={"endpoint": str(endpoint.uid)}, happened_at=at)
    delivery = outbox.add(event, [endpoint], at=at)[0]
    record("webhook.tested", by=by, on=endpoint, at=at)
    return delivery


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: Actor, at: datetime) -> WebhookDelivery:
    """Once more from the beginning, under the same id. What is on its way already stays as it is."""
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    endpoint = _locked(delivery.endpoint)
    if endpoint.stopped:
        raise Conflict(_("The endpoint is stopped. Start it, then send again."))
    _queue_again([delivery], at)
    record("webhook.replayed", by=by, on=endpoint, at=at, detail={"delivery": str(delivery.uid)})
    return delivery


@transaction.atomic
def replay_range(
    endpoint: WebhookEndpoint, *, since: datetime, until: datetime, everything: bool, by: Actor, at: datetime
) -> int:
    """All that happened in a span and that it wants to hear: what was never taken or, with `everything`, all of it.

    Events that were written down while it was stopped are told too.
    """
    endpoint = _locked(endpoint)
    if endpoint.stopped:
        raise Conflict(_("The endpoint is stopped. Start it, then send again."))
    if since >= until:
        raise Invalid(errors=[failure("until", "order", _("The end must come after the beginning."))])
    events = list(
        WebhookEvent.objects.filter(happened_at__gte=since, happened_at__lt=until)
        .filter(type__in=endpoint.events)
        .order_by("pk")[: MOST_REPLAYED + 1]
    )
    if len(events) > MOST_REPLAYED:
        raise Invalid(
            errors=[failure("until", "too_many", _("That is more than 1,000 events. Take less time."))]
        )
    rows = WebhookDelivery.objects.filter(endpoint=endpoint, event__in=events).order_by("pk")
    known = list(rows.select_for_update(no_key=True))
    wanted = [one for one in known if everything or one.state != State.DELIVERED]
    again = _queue_again(wanted, at)
    heard = {one.event_id for one in known}
    for event in events:
        if event.pk not in heard:
            outbox.add(event, [endpoint], at=at)
            again += 1
    record("webhook.replayed", by=by, on=endpoint, at=at, detail={"events": again})
    return again


def forget_old(*, at: datetime) -> None:
    """Events and their deliveries after thirty days; endpoints that were removed before that; spent secrets."""
    old = WebhookEvent.objects.filter(happened_at__lt=at - KEPT_FOR)
    WebhookEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST_FORGOTTEN])).delete()
    WebhookEndpoint.objects.filter(removed_at__lt=at - KEPT_FOR).delete()
    WebhookEndpoint.objects.filter(old_secret_until__lt=at).update(old_secret=None, old_secret_until=None)


def _queue_again(deliveries: Iterable[WebhookDelivery], at: datetime) -> int:
    uids = []
    for delivery in deliveries:
        if delivery.state == State.SENDING:
            continue
        delivery.state, delivery.attempts, delivery.next_try_at = State.QUEUED, 0, at
        delivery.save(update_fields=["state", "attempts", "next_try_at"])
        due.schedule(outbox.DUE, delivery.uid, at)
        uids.append(delivery.uid)
    outbox.poke(uids)
    return len(uids)


def _stop(endpoint: WebhookEndpoint, why: Stopped, at: datetime) -> None:
    endpoint.stopped, endpoint.stopped_at = why, at
    endpoint.save(update_fields=["stopped", "stopped_at"])


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    if locked.removed_at is not None:
        raise Conflict(_("This endpoint was removed."))
    return locked


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, clean. Asks the name service, so it runs before a transaction does."""
    wrong: list[Failure] = []
    read: dict[str, Any] = {}
    if "events" in given:
        wanted = set(given["events"])
        read["events"] = [name for name in EVENTS if name in wanted]
        if strange := sorted(wanted - set(EVENTS)):
            wrong.append(failure("events", "unknown", _("There is no event “%s”.") % strange[0][:40]))
        elif not wanted:
            wrong.append(failure("events", "missing", _("Choose at least one event.")))
    if "description" in given:
        try:
            read["description"] = clean_text(given["description"], 80)
        except TextProblem as problem:
            wrong.append(failure("description", problem.code, problem.message))
    if "url" in given:
        read["url"] = given["url"].strip()
        try:
            find_target(read["url"])
        except AddressProblem as problem:
            wrong.append(failure("url", problem.code, problem.message))
    if wrong:
        raise Invalid(errors=wrong)
    return read


def _detail(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {"host": host_of(endpoint.url), "events": endpoint.events}
