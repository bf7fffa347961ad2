"""What patients open: the booking, and the living link of a visit."""

from django.urls import path

from scheduling.patient_pages import choose, details, visit

urlpatterns = [
    path("", choose.home, name="home"),
    path("book/", choose.book, name="book"),
    path("book/<uuid:service>/", choose.book_provider, name="book_provider"),
    path("book/<uuid:service>/time/", choose.book_time, name="book_time"),
    path("book/hold/<uuid:hold>/", details.book_details, name="book_details"),
    path("book/hold/<uuid:hold>/again/", details.hold_again, name="hold_again"),
    path("book/hold/<uuid:hold>/release/", details.hold_release, name="hold_release"),
    path("book/visit/<str:token>/", visit.visit, name="visit"),
    path("book/visit/<str:token>/visit.ics", visit.visit_ics, name="visit_ics"),
    path("book/visit/<str:token>/confirm/", visit.visit_confirm, name="visit_confirm"),
    path("book/visit/<str:token>/move/", visit.visit_move, name="visit_move"),
    path("book/visit/<str:token>/cancel/", visit.visit_cancel, name="visit_cancel"),
]
