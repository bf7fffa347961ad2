from django.urls import path

from charting import ai_api, api, events_api, lasers_api, notes_api, plans_api

urlpatterns = [
    path("appointments/<uuid:uid>/gate/", api.AppointmentGate.as_view(), name="api_appointment_gate"),
    path("patients/<uuid:uid>/history/", api.PatientHistory.as_view(), name="api_patient_history"),
    path("patients/<uuid:uid>/intakes/", api.PatientIntakes.as_view(), name="api_patient_intakes"),
    path("patients/<uuid:uid>/notes/", notes_api.PatientNotes.as_view(), name="api_patient_notes"),
    path("patients/<uuid:uid>/plans/", plans_api.PatientPlans.as_view(), name="api_patient_plans"),
    path("plans/<uuid:uid>/", plans_api.OnePlan.as_view(), name="api_plan"),
    path("plans/<uuid:uid>/offer/", plans_api.OfferPlan.as_view(), name="api_offer_plan"),
    path("plans/<uuid:uid>/withdraw/", plans_api.WithdrawPlan.as_view(), name="api_withdraw_plan"),
    path("plans/<uuid:uid>/discard/", plans_api.DiscardChanges.as_view(), name="api_discard_plan"),
    path("plans/<uuid:uid>/complete/", plans_api.CompletePlan.as_view(), name="api_complete_plan"),
    path("plans/<uuid:uid>/end/", plans_api.EndPlan.as_view(), name="api_end_plan"),
    path("plans/<uuid:uid>/resume/", plans_api.ResumePlan.as_view(), name="api_resume_plan"),
    path("plans/<uuid:uid>/accept/", plans_api.AcceptPlan.as_view(), name="api_accept_plan"),
    path("plans/<uuid:uid>/decline/", plans_api.DeclinePlan.as_view(), name="api_decline_plan"),
    path("notes/<uuid:uid>/", notes_api.OneNote.as_view(), name="api_note"),
    path("notes/<uuid:uid>/sign/", notes_api.SignNote.as_view(), name="api_sign_note"),
    path("notes/<uuid:uid>/addenda/", notes_api.NoteAddenda.as_view(), name="api_note_addenda"),
    path("notes/<uuid:uid>/cosign/", notes_api.CosignNote.as_view(), name="api_cosign_note"),
    path("patients/<uuid:uid>/laser-series/", lasers_api.PatientSeries.as_view(), name="api_patient_series"),
    path("laser-series/<uuid:uid>/", lasers_api.OneSeries.as_view(), name="api_series"),
    path(
        "laser-series/<uuid:uid>/sessions/", lasers_api.SeriesSessions.as_view(), name="api_series_sessions"
    ),
    path("laser-sessions/<uuid:uid>/", lasers_api.OneSession.as_view(), name="api_session"),
    path("adverse-events/", events_api.Events.as_view(), name="api_adverse_events"),
    path("adverse-events/<uuid:uid>/", events_api.OneEvent.as_view(), name="api_adverse_event"),
    path("adverse-events/<uuid:uid>/assess/", events_api.AssessEvent.as_view(), name="api_assess_event"),
    path("adverse-events/<uuid:uid>/close/", events_api.CloseEvent.as_view(), name="api_close_event"),
    path(
        "patients/<uuid:uid>/adverse-events/", events_api.PatientEvents.as_view(), name="api_patient_events"
    ),
    path("ai-choice/", ai_api.ClinicChoice.as_view(), name="api_ai_clinic"),
    path("me/ai-choice/", ai_api.OwnChoice.as_view(), name="api_ai_own"),
    path("patients/<uuid:uid>/ai-choice/", ai_api.PatientChoice.as_view(), name="api_ai_patient"),
]
