"""The staff's pages of forms: a patient's, the tablet that is handed over, and the settings."""

from django.urls import path

from consents.views import hand_over, patient, settings

app_name = "consents"

urlpatterns = [
    path("desk/patients/<uuid:uid>/forms/", patient.forms, name="forms"),
    path("desk/patients/<uuid:uid>/forms/hand-over/", hand_over.begin, name="begin"),
    path("desk/patients/<uuid:uid>/forms/send/", patient.send, name="send"),
    path("desk/signatures/<uuid:uid>/", patient.signature, name="signature"),
    path("desk/signatures/<uuid:uid>/receipt.pdf", patient.receipt, name="receipt"),
    path("desk/signatures/<uuid:uid>/end/", patient.end, name="end"),
    path("desk/hand-over/<uuid:uid>/", hand_over.next_form, name="hand_over"),
    path("desk/hand-over/<uuid:uid>/<uuid:form>/", hand_over.sign, name="hand_over_form"),
    path("desk/settings/forms/", settings.forms, name="settings"),
    path("desk/settings/forms/new/", settings.new, name="new_form"),
    path("desk/settings/forms/<uuid:uid>/", settings.form, name="form"),
    path("desk/settings/forms/<uuid:uid>/draft/", settings.draft, name="draft"),
    path("desk/settings/forms/<uuid:uid>/publish/", settings.publish, name="publish"),
    path("desk/settings/forms/<uuid:uid>/discard/", settings.discard, name="discard"),
    path("desk/settings/forms/<uuid:uid>/details/", settings.details, name="details"),
    path("desk/settings/forms/<uuid:uid>/archive/", settings.archive, name="archive_form"),
    path("desk/settings/forms/<uuid:uid>/restore/", settings.restore, name="restore_form"),
    path("desk/settings/forms/versions/<uuid:uid>/", settings.version, name="version"),
]
