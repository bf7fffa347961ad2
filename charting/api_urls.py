from django.urls import path

from charting import api

urlpatterns = [
    path("appointments/<uuid:uid>/gate/", api.AppointmentGate.as_view(), name="api_appointment_gate"),
    path("patients/<uuid:uid>/history/", api.PatientHistory.as_view(), name="api_patient_history"),
    path("patients/<uuid:uid>/intakes/", api.PatientIntakes.as_view(), name="api_patient_intakes"),
]
