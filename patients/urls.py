"""What the staff does about the ties of a patient: guardians, and corrections a patient asked for."""

from django.urls import path

from patients import care_views, merge_views, views

app_name = "patients"

urlpatterns = [
    path("desk/patients/<uuid:uid>/guardians/", views.guardians_page, name="guardians"),
    path("desk/patients/<uuid:uid>/guardians/<uuid:link>/end/", views.end_guardian, name="end_guardian"),
    path("desk/patients/<uuid:uid>/corrections/<uuid:correction>/", views.settle, name="settle"),
    path("desk/patients/<uuid:uid>/break-glass/", care_views.break_glass, name="break_glass"),
    path("desk/patients/<uuid:uid>/care-team/", care_views.care_team, name="care_team"),
    path(
        "desk/patients/<uuid:uid>/care-team/<uuid:colleague>/leave/",
        care_views.leave_team,
        name="leave_team",
    ),
    path("desk/patients/<uuid:uid>/record.pdf", care_views.print_record, name="print_record"),
    path("desk/patients/<uuid:uid>/merge/", merge_views.find_other, name="merge"),
    path("desk/patients/<uuid:uid>/merge/<uuid:other>/", merge_views.compare, name="compare"),
    path("desk/merges/<uuid:uid>/part/", merge_views.part, name="part"),
    path("desk/opened-with-a-reason/", care_views.reviews, name="reviews"),
    path("desk/opened-with-a-reason/<uuid:uid>/", care_views.review, name="review"),
]
