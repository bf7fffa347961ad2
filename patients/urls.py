"""What the staff does about the ties of a patient: guardians, and corrections a patient asked for."""

from django.urls import path

from patients import views

app_name = "patients"

urlpatterns = [
    path("desk/patients/<uuid:uid>/guardians/", views.guardians_page, name="guardians"),
    path("desk/patients/<uuid:uid>/guardians/<uuid:link>/end/", views.end_guardian, name="end_guardian"),
    path("desk/patients/<uuid:uid>/corrections/<uuid:correction>/", views.settle, name="settle"),
    path("desk/patients/<uuid:uid>/break-glass/", views.break_glass, name="break_glass"),
]
