"""What the platform's own host serves."""

from django.urls import include, path

import messaging.hooks
import support.urls
import website.urls
from medspa import hosts, metrics_view

urlpatterns = [
    path("metrics", metrics_view.metrics, name="metrics"),
    path("hosts/known", hosts.known, name="known_host"),
    path("hooks/", include(messaging.hooks)),
    path("", include(support.urls)),
    path("", include(website.urls)),
]

handler400 = "medspa.errors.bad_request"
handler404 = "medspa.errors.page_not_found"
handler500 = "medspa.errors.server_error"
