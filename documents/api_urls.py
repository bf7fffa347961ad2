from django.urls import path

from documents import api

urlpatterns = [
    path("documents/", api.Documents.as_view(), name="api_documents"),
    path("documents/<uuid:uid>/", api.OneDocument.as_view(), name="api_document"),
    path("documents/<uuid:uid>/content/", api.DocumentContent.as_view(), name="api_document_content"),
    path("documents/<uuid:uid>/release/", api.ReleaseDocument.as_view(), name="api_release_document"),
    path("documents/<uuid:uid>/withdraw/", api.WithdrawDocument.as_view(), name="api_withdraw_document"),
    path("documents/<uuid:uid>/remove/", api.RemoveDocument.as_view(), name="api_remove_document"),
    path("documents/<uuid:uid>/restore/", api.RestoreDocument.as_view(), name="api_restore_document"),
    path("patients/<uuid:uid>/documents/", api.PatientDocuments.as_view(), name="api_patient_documents"),
]
