"""Below /api/v1/."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("me/", api.Me.as_view(), name="api_me"),
    path("tokens/", api.Tokens.as_view(), name="api_tokens"),
    path("tokens/<uuid:uid>/revoke/", api.RevokeToken.as_view(), name="api_revoke_token"),
]
