"""What the API tells of endpoints and deliveries, and how it reads them."""

from typing import Any

from rest_framework import serializers

from webhooks.events import EVENTS, body_of, stamp
from webhooks.models import State, Stopped, WebhookDelivery, WebhookEndpoint


class EndpointInput(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=2000, help_text="Public, and https.")
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=40,
        help_text=f"Some of: {', '.join(EVENTS)}.",
    )


class EndpointOutput(serializers.Serializer[WebhookEndpoint]):
    id = serializers.UUIDField(source="uid")
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    is_listening = serializers.BooleanField()
    stopped = serializers.ChoiceField(
        [choice for choice in Stopped.values if choice], allow_blank=True, help_text="Why, if it is."
    )
    failing_since = serializers.DateTimeField(allow_null=True)
    last_delivered_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class NewEndpoint(EndpointOutput):
    secret = serializers.CharField(help_text="In this answer only.")


class Secret(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="In this answer only. The old one signs too for 24 hours.")


class EndpointPage(serializers.Serializer[Any]):
    results = EndpointOutput(many=True)
    next = serializers.CharField(allow_null=True)


class ReplayInput(serializers.Serializer[Any]):
    since = serializers.DateTimeField(help_text="With its offset.")
    until = serializers.DateTimeField(help_text="Not included.")
    everything = serializers.BooleanField(required=False, help_text="Also what was delivered.")


class Replayed(serializers.Serializer[Any]):
    queued = serializers.IntegerField()


class TryOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    ms = serializers.IntegerField()


class DeliveryOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    endpoint = serializers.UUIDField()
    event = serializers.UUIDField(help_text="The webhook-id that the receiver sees.")
    type = serializers.CharField()
    happened_at = serializers.DateTimeField()
    state = serializers.ChoiceField(State.values)
    attempts = serializers.IntegerField()
    response_code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    next_try_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


class DeliveryDetail(DeliveryOutput):
    tries = TryOutput(many=True)
    body = serializers.CharField(help_text="Exactly the bytes that are signed.")


class DeliveryPage(serializers.Serializer[Any]):
    results = DeliveryOutput(many=True)
    next = serializers.CharField(allow_null=True)


def delivery_json(row: WebhookDelivery, *, whole: bool = False) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": str(row.uid),
        "endpoint": str(row.endpoint.uid),
        "event": str(row.event.uid),
        "type": row.event.type,
        "happened_at": stamp(row.event.happened_at),
        "state": row.state,
        "attempts": row.attempts,
        "response_code": row.response_code,
        "error": row.error,
        "next_try_at": stamp(row.next_try_at) if row.next_try_at else None,
        "delivered_at": stamp(row.delivered_at) if row.delivered_at else None,
    }
    return {**value, "tries": row.tries, "body": body_of(row.event).decode()} if whole else value
