from django.urls import path

from patients import api

urlpatterns = [
    path("patients/", api.Patients.as_view(), name="api_patients"),
    path("patients/<uuid:uid>/", api.Patient.as_view(), name="api_patient"),
    path("patients/<uuid:uid>/messages/", api.PatientMessages.as_view(), name="api_patient_messages"),
    path("patients/<uuid:uid>/merge/", api.PatientMerge.as_view(), name="api_merge"),
    path("merges/<uuid:uid>/part/", api.MergePart.as_view(), name="api_part"),
    path("patients/<uuid:uid>/break-glass/", api.PatientBreakGlass.as_view(), name="api_break_glass"),
    path("patients/<uuid:uid>/access-log/", api.PatientAccessLog.as_view(), name="api_patient_access_log"),
]
