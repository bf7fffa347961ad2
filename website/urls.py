from django.urls import path

from website import sign_up_views, views
from website.legal import PAGES

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("contact/", views.contact, name="contact"),
    path("signup/", sign_up_views.sign_up, name="sign_up"),
    path("signup/address/", sign_up_views.address, name="sign_up_address"),
    path("signup/<str:token>/", sign_up_views.progress, name="sign_up_progress"),
    path("signup/<str:token>/retry/", sign_up_views.retry, name="sign_up_retry"),
    path("signup/<str:token>/mail/", sign_up_views.mail_again, name="sign_up_mail"),
    path("hipaa/agreement/", views.agreement, name="public_agreement"),
    *(path(f"{slug}/", views.legal_page, {"slug": slug}, name=f"legal_{slug}") for slug in PAGES),
]
