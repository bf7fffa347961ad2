"""Documents at the desk: the tab of a record, one that comes, one that is there, and what patients sent."""

from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [
    path("desk/patients/<uuid:uid>/documents/", views.record, name="record"),
    path("desk/patients/<uuid:uid>/documents/add/", views.add, name="add"),
    path("desk/documents/", views.waiting, name="waiting"),
    path("desk/documents/<uuid:uid>/", views.document, name="document"),
    path("desk/documents/<uuid:uid>/file/", views.file, name="file"),
    path("desk/documents/<uuid:uid>/seen/", views.seen, name="seen"),
    path("desk/documents/<uuid:uid>/release/", views.release, name="release"),
    path("desk/documents/<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/documents/<uuid:uid>/remove/", views.remove, name="remove"),
    path("desk/documents/<uuid:uid>/restore/", views.restore, name="restore"),
]
