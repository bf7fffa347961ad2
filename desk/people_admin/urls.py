"""Below /desk/settings/people/."""

from django.urls import path

from desk.people_admin import acting, views

app_name = "people"

urlpatterns = [
    path("", views.staff_list, name="list"),
    path("invite/", views.invite, name="invite"),
    path("invitations/<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
    path("invitations/<uuid:uid>/resend/", views.resend, name="resend"),
    path("<uuid:uid>/", views.person, name="person"),
    path("<uuid:uid>/role/", acting.change_role, name="change_role"),
    path("<uuid:uid>/places/", acting.change_places, name="change_places"),
    path("<uuid:uid>/provider/", acting.change_provider, name="change_provider"),
    path("<uuid:uid>/provider/stop/", acting.stop_treating, name="stop_treating"),
    path("<uuid:uid>/hours/", acting.hours, name="hours"),
    path("<uuid:uid>/end-access/", acting.end_access, name="end_access"),
    path("<uuid:uid>/reopen/", acting.reopen_access, name="reopen_access"),
    path("<uuid:uid>/sign-out/", acting.end_sessions, name="end_sessions"),
    path("<uuid:uid>/ownership/", acting.give_ownership, name="give_ownership"),
]
