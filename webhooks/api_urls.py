"""Below /api/v1/."""

from django.urls import path

from webhooks import api

ENDPOINT = "webhook-endpoints/<uuid:uid>/"
DELIVERY = "webhook-deliveries/<uuid:uid>/"

urlpatterns = [
    path("webhook-endpoints/", api.Endpoints.as_view(), name="api_webhook_endpoints"),
    path(ENDPOINT, api.OneEndpoint.as_view(), name="api_webhook_endpoint"),
    path(f"{ENDPOINT}test/", api.TestEndpoint.as_view(), name="api_webhook_test"),
    path(f"{ENDPOINT}secret/", api.ReplaceSecret.as_view(), name="api_webhook_secret"),
    path(f"{ENDPOINT}stop/", api.StopEndpoint.as_view(), name="api_webhook_stop"),
    path(f"{ENDPOINT}start/", api.StartEndpoint.as_view(), name="api_webhook_start"),
    path(f"{ENDPOINT}replay/", api.ReplayRange.as_view(), name="api_webhook_replay_range"),
    path("webhook-deliveries/", api.Deliveries.as_view(), name="api_webhook_deliveries"),
    path(DELIVERY, api.OneDelivery.as_view(), name="api_webhook_delivery"),
    path(f"{DELIVERY}replay/", api.ReplayDelivery.as_view(), name="api_webhook_replay"),
]
