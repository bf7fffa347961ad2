"""The API, version 1: every app's part, and its description."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

import accounts.api_urls
import charting.api_urls
import consents.api_urls
import desk.api
import documents.api_urls
import patients.api_urls
import photos.api_urls
import practice.api_urls
import scheduling.api_urls
import webhooks.api_urls
from accounts.api_auth import Anyone

urlpatterns = [
    path("", include(practice.api_urls)),
    path("", include(scheduling.api_urls)),
    path("", include(patients.api_urls)),
    path("", include(charting.api_urls)),
    path("", include(consents.api_urls)),
    path("", include(photos.api_urls)),
    path("", include(documents.api_urls)),
    path("", include(accounts.api_urls)),
    path("", include("desk.people_admin.api_urls")),
    path("", include(webhooks.api_urls)),
    path("audit-events/", desk.api.AuditEvents.as_view(), name="api_audit_events"),
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=[Anyone]), name="api_schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api_schema", permission_classes=[Anyone]),
        name="api_docs",
    ),
]
