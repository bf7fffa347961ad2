from django.urls import path

from consents import api

urlpatterns = [
    path("patients/<uuid:uid>/consents/", api.PatientConsents.as_view(), name="api_patient_consents"),
    path("patients/<uuid:uid>/forms/", api.PatientForms.as_view(), name="api_patient_forms"),
    path("consents/<uuid:uid>/", api.OneConsent.as_view(), name="api_consent"),
    path("consents/<uuid:uid>/receipt/", api.ConsentReceipt.as_view(), name="api_consent_receipt"),
    path("consents/<uuid:uid>/withdraw/", api.WithdrawConsent.as_view(), name="api_withdraw_consent"),
]
