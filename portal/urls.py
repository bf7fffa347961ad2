"""The patients' own pages."""

from django.urls import path

from portal.views import care, consents, documents, health_forms, home, more, photos, sign_in, visits, you

app_name = "portal"

urlpatterns = [
    path("portal/", home.home, name="home"),
    path("portal/sign-in/", sign_in.sign_in, name="sign_in"),
    path("portal/sign-in/code/", sign_in.enter_code, name="code"),
    path("portal/sign-in/birth-date/", sign_in.birth_date, name="birth_date"),
    path("portal/sign-in/who/", sign_in.who, name="who"),
    path("portal/sign-out/", sign_in.sign_out, name="sign_out"),
    path("portal/stay/", sign_in.stay, name="stay"),
    path("portal/visits/", visits.visits, name="visits"),
    path("portal/visits/<uuid:uid>/", visits.visit, name="visit"),
    path("portal/visits/<uuid:uid>/visit.ics", visits.visit_ics, name="visit_ics"),
    path("portal/visits/<uuid:uid>/confirm/", visits.visit_confirm, name="visit_confirm"),
    path("portal/visits/<uuid:uid>/move/", visits.visit_move, name="visit_move"),
    path("portal/visits/<uuid:uid>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("portal/consents/", consents.consents, name="consents"),
    path("portal/consents/<uuid:uid>/", consents.sign, name="consent"),
    path("portal/consents/signed/<uuid:uid>/", consents.signed, name="signed"),
    path("portal/consents/signed/<uuid:uid>/receipt.pdf", consents.receipt, name="receipt"),
    path("portal/consents/signed/<uuid:uid>/withdraw/", consents.withdraw, name="withdraw"),
    path("portal/report/", care.report, name="report"),
    path("portal/photos/", photos.photos, name="photos"),
    path("portal/photos/<uuid:uid>/", photos.photo, name="photo"),
    path("portal/documents/", documents.documents, name="documents"),
    path("portal/documents/send/", documents.send, name="send_document"),
    path("portal/documents/<uuid:uid>/", documents.document, name="document"),
    path("portal/messages/", more.messages, name="messages"),
    path("portal/forms/", health_forms.forms, name="forms"),
    path("portal/forms/<uuid:uid>/<int:step>/", health_forms.form, name="form"),
    path("portal/people/", more.people, name="people"),
    path("portal/people/me/", more.act_for_me, name="act_for_me"),
    path("portal/people/<uuid:uid>/", more.act_for, name="act_for"),
    path("portal/record/", more.record_log, name="record"),
    path("portal/you/", you.you, name="you"),
    path("portal/you/choices/", you.choose, name="choices"),
    path("portal/you/correction/", you.correction, name="correction"),
    path("portal/you/<str:kind>/", you.new_contact, name="new_contact"),
    path("portal/you/<str:kind>/code/", you.contact_code, name="contact_code"),
]
