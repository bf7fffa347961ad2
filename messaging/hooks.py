"""The platform's webhook addresses of this app, below /hooks/."""

from django.urls import path

from messaging import webhooks

urlpatterns = [
    path("twilio/sms/", webhooks.twilio_sms, name="hook_twilio_sms"),
    path("twilio/status/<uuid:message>/", webhooks.twilio_status, name="hook_twilio_status"),
    path("resend/", webhooks.resend, name="hook_resend"),
]
