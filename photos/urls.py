"""Photos at the desk: the tab of a record, taking, comparing, one photo; and which angles are taken for a service."""

from django.urls import path

from photos import settings_views, views

app_name = "photos"

urlpatterns = [
    path("desk/patients/<uuid:uid>/photos/", views.record, name="record"),
    path("desk/patients/<uuid:uid>/photos/take/", views.take, name="take"),
    path("desk/patients/<uuid:uid>/photos/compare/", views.compare, name="compare"),
    path("desk/photos/<uuid:uid>/", views.photo, name="photo"),
    path("desk/photos/<uuid:uid>/archive/", views.archive, name="archive"),
    path("desk/photos/<uuid:uid>/restore/", views.restore, name="restore"),
    path("desk/photos/<uuid:uid>/release/", views.release, name="release"),
    path("desk/settings/photos/", settings_views.protocols, name="protocols"),
    path("desk/settings/photos/<uuid:uid>/", settings_views.protocol, name="protocol"),
]
