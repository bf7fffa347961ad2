"""What a clinic's host serves: patients at /book/, staff at /desk/, programs at /api/v1/."""

from django.urls import include, path

import accounts.urls
import charting.urls
import consents.public_urls
import consents.urls
import desk.urls
import documents.urls
import medspa.api_urls
import medspa.language
import patients.urls
import photos.urls
import portal.urls
import practice.urls
import scheduling.urls
import webhooks.urls

urlpatterns = [
    path("api/v1/", include(medspa.api_urls)),
    path("language/", medspa.language.choose, name="language"),
    path("", include(accounts.urls)),
    path("desk/settings/people/", include("desk.people_admin.urls")),
    path("", include(desk.urls)),
    path("", include(patients.urls)),
    path("", include(charting.urls)),
    path("", include(consents.urls)),
    path("", include(consents.public_urls)),
    path("", include(photos.urls)),
    path("", include(documents.urls)),
    path("", include(portal.urls)),
    path("", include(practice.urls)),
    path("", include(scheduling.urls)),
    path("", include(webhooks.urls)),
]

handler400 = "medspa.errors.bad_request"
handler404 = "medspa.errors.page_not_found"
handler500 = "medspa.errors.server_error"
