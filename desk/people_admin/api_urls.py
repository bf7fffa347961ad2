"""Below /api/v1/."""

from django.urls import path

from desk.people_admin import api

urlpatterns = [
    path("people/", api.People.as_view(), name="api_people"),
    path("people/<uuid:uid>/", api.Person.as_view(), name="api_person"),
    path("people/<uuid:uid>/role/", api.ChangeRole.as_view(), name="api_change_role"),
    path("people/<uuid:uid>/end-access/", api.EndAccess.as_view(), name="api_end_access"),
    path("people/<uuid:uid>/reopen/", api.ReopenAccess.as_view(), name="api_reopen_access"),
    path("invitations/", api.Invitations.as_view(), name="api_invitations"),
    path("invitations/<uuid:uid>/withdraw/", api.WithdrawInvitation.as_view(), name="api_withdraw"),
    path("invitations/<uuid:uid>/resend/", api.ResendInvitation.as_view(), name="api_resend"),
]
