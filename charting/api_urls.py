from django.urls import path

from charting import api, notes_api

urlpatterns = [
    path("appointments/<uuid:uid>/gate/", api.AppointmentGate.as_view(), name="api_appointment_gate"),
    path("patients/<uuid:uid>/history/", api.PatientHistory.as_view(), name="api_patient_history"),
    path("patients/<uuid:uid>/intakes/", api.PatientIntakes.as_view(), name="api_patient_intakes"),
    path("patients/<uuid:uid>/notes/", notes_api.PatientNotes.as_view(), name="api_patient_notes"),
    path("notes/<uuid:uid>/", notes_api.OneNote.as_view(), name="api_note"),
    path("notes/<uuid:uid>/sign/", notes_api.SignNote.as_view(), name="api_sign_note"),
    path("notes/<uuid:uid>/addenda/", notes_api.NoteAddenda.as_view(), name="api_note_addenda"),
    path("notes/<uuid:uid>/cosign/", notes_api.CosignNote.as_view(), name="api_cosign_note"),
]
