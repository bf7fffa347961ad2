"""Below the settings."""

from django.urls import path

from webhooks.views import deliveries, endpoints, programs

app_name = "webhooks"

urlpatterns = [
    path("desk/settings/api/", programs.programs, name="programs"),
    path("desk/settings/api/tokens/", programs.issue_token, name="issue_token"),
    path("desk/settings/api/tokens/<uuid:uid>/revoke/", programs.revoke_token, name="revoke_token"),
    path("desk/settings/webhooks/", endpoints.endpoints, name="endpoints"),
    path("desk/settings/webhooks/new/", endpoints.add_endpoint, name="add_endpoint"),
    path("desk/settings/webhooks/<uuid:uid>/", endpoints.endpoint, name="endpoint"),
    path("desk/settings/webhooks/<uuid:uid>/edit/", endpoints.edit_endpoint, name="edit_endpoint"),
    path("desk/settings/webhooks/<uuid:uid>/secret/", endpoints.replace_secret, name="replace_secret"),
    path("desk/settings/webhooks/<uuid:uid>/test/", endpoints.send_test, name="send_test"),
    path("desk/settings/webhooks/<uuid:uid>/stop/", endpoints.stop, name="stop"),
    path("desk/settings/webhooks/<uuid:uid>/start/", endpoints.start, name="start"),
    path("desk/settings/webhooks/<uuid:uid>/remove/", endpoints.remove, name="remove"),
    path("desk/settings/webhooks/<uuid:uid>/replay/", deliveries.replay_range, name="replay_range"),
    path("desk/settings/webhooks/deliveries/<uuid:uid>/", deliveries.delivery, name="delivery"),
    path("desk/settings/webhooks/deliveries/<uuid:uid>/replay/", deliveries.replay, name="replay"),
]
