"""Colleagues and invitations as programs read and change them, with the same ranks as the pages."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, invitations, people
from accounts.actors import actor_of
from accounts.api_auth import Needs
from accounts.models import Invitation, User
from accounts.roles import CLINIC_ROLES
from accounts.step_up import Confirmed
from core.clock import now
from core.problems import Forbidden, Invalid, NotSignedIn, failure
from practice import actions as practice_actions
from practice import queries
from practice.models import Location, Service
from tenants.directory import clinic_url


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    display_name = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    has_access = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_has_access(self, user: User) -> bool:
        return user.has_access(now())


class PeopleSerializer(serializers.Serializer[Any]):
    results = PersonSerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=sorted(CLINIC_ROLES))


class InvitationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uid", read_only=True)
    email = serializers.CharField(max_length=254)
    display_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=sorted(CLINIC_ROLES))
    locations = serializers.ListField(child=serializers.UUIDField(), write_only=True, max_length=100)
    treats = serializers.BooleanField(write_only=True, default=False)
    credentials = serializers.CharField(
        max_length=60, write_only=True, required=False, allow_blank=True, default=""
    )
    services = serializers.ListField(
        child=serializers.UUIDField(), write_only=True, required=False, default=list, max_length=500
    )
    state = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)

    def get_state(self, invitation: Invitation) -> str:
        return invitation.state(now()).value


class InvitationsSerializer(serializers.Serializer[Any]):
    results = InvitationSerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)


class People(APIView):
    permission_classes = [Needs("staff.view")]

    @extend_schema(responses=PeopleSerializer, operation_id="people_list", summary="The staff")
    def get(self, request: Request) -> Response:
        found = PersonSerializer(people.colleagues(), many=True).data
        return Response({"results": found, "next": None})


class Person(APIView):
    permission_classes = [Needs("staff.view")]

    @extend_schema(responses=PersonSerializer, operation_id="people_read", summary="One of the staff")
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(PersonSerializer(people.get_colleague(_user(request), uid)).data)


class ChangeRole(APIView):
    permission_classes = [Needs("staff.manage"), Confirmed]

    @extend_schema(
        request=RoleSerializer,
        responses=PersonSerializer,
        operation_id="people_change_role",
        summary="Give another role; it holds with the next request",
    )
    def post(self, request: Request, uid: UUID) -> Response:
        colleague = _theirs(request, uid)
        asked = RoleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.change_role(colleague, asked.validated_data["role"], by=actor_of(request), at=now())
        return Response(PersonSerializer(colleague).data)


class EndAccess(APIView):
    permission_classes = [Needs("staff.manage"), Confirmed]

    @extend_schema(
        request=None,
        responses=PersonSerializer,
        operation_id="people_end_access",
        summary="End all access at once: sessions, tokens, invitations sent",
    )
    def post(self, request: Request, uid: UUID) -> Response:
        colleague = _theirs(request, uid)
        if colleague.pk == _user(request).pk:
            raise Forbidden("Nobody ends their own access.")
        actions.end_access(colleague, by=actor_of(request), at=now())
        return Response(PersonSerializer(colleague).data)


class ReopenAccess(APIView):
    permission_classes = [Needs("staff.manage"), Confirmed]

    @extend_schema(
        request=None,
        responses=PersonSerializer,
        operation_id="people_reopen_access",
        summary="Give access again, in the role held before",
    )
    def post(self, request: Request, uid: UUID) -> Response:
        colleague = _theirs(request, uid)
        actions.reopen_access(colleague, by=actor_of(request), at=now())
        return Response(PersonSerializer(colleague).data)


class Invitations(APIView):
    permission_classes = [Needs("staff.view", write="staff.manage"), Confirmed]

    @extend_schema(
        responses=InvitationsSerializer, operation_id="invitations_list", summary="Those that wait"
    )
    def get(self, request: Request) -> Response:
        found = InvitationSerializer(invitations.undecided(), many=True).data
        return Response({"results": found, "next": None})

    @extend_schema(
        request=InvitationSerializer,
        responses={201: InvitationSerializer},
        operation_id="invitations_send",
        summary="Invite somebody by mail; the link works once, for seven days",
    )
    def post(self, request: Request) -> Response:
        parsed = InvitationSerializer(data=request.data)
        parsed.is_valid(raise_exception=True)
        asked, by = parsed.validated_data, actor_of(request)
        places = _named(Location.objects.open(), asked["locations"], "locations")
        services = _named(Service.objects.in_use(), asked["services"], "services")
        if not places and queries.locations():
            raise Invalid(errors=[failure("locations", "missing", "Name at least one location.")])
        on = clinic_url(request._request.clinic, "")  # type: ignore[attr-defined]
        with transaction.atomic():
            sent = actions.invite(
                email=asked["email"],
                display_name=asked["display_name"],
                role=asked["role"],
                on=on,
                by=by,
                at=now(),
            )
            practice_actions.place_invitation(
                sent,
                locations=places,
                treats=asked["treats"],
                credentials=asked["credentials"],
                services=services,
                by=by,
            )
        return Response(InvitationSerializer(sent).data, status=status.HTTP_201_CREATED)


class WithdrawInvitation(APIView):
    permission_classes = [Needs("staff.manage")]

    @extend_schema(
        request=None,
        responses=InvitationSerializer,
        operation_id="invitations_withdraw",
        summary="Its link opens nothing any more",
    )
    def post(self, request: Request, uid: UUID) -> Response:
        found = invitations.get_invitation(_user(request), uid, to="staff.manage")
        actions.withdraw_invitation(found, by=actor_of(request), at=now())
        found.refresh_from_db()
        return Response(InvitationSerializer(found).data)


class ResendInvitation(APIView):
    permission_classes = [Needs("staff.manage"), Confirmed]

    @extend_schema(
        request=None,
        responses=InvitationSerializer,
        operation_id="invitations_resend",
        summary="A new link for seven days; the former one is void",
    )
    def post(self, request: Request, uid: UUID) -> Response:
        found = invitations.get_invitation(_user(request), uid, to="staff.manage")
        on = clinic_url(request._request.clinic, "")  # type: ignore[attr-defined]
        actions.resend_invitation(found, on=on, by=actor_of(request), at=now())
        found.refresh_from_db()
        return Response(InvitationSerializer(found).data)


def _user(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotSignedIn
    return request.user


def _theirs(request: Request, uid: UUID) -> User:
    return people.get_colleague(_user(request), uid, to="staff.manage")


def _named(rows: Any, uids: list[UUID], field: str) -> list[Any]:
    """Those rows; a name that nothing has is refused, not passed over."""
    found = list(rows.filter(uid__in=uids))
    if len(found) != len(set(uids)):
        raise Invalid(errors=[failure(field, "unknown", "There is nothing with one of these ids.")])
    return found
