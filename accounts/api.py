"""The API about oneself: who am I, and my tokens."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, tokens
from accounts.access import Outsider, names_one
from accounts.actors import actor_of
from accounts.api_auth import Needs
from accounts.models import User
from accounts.serializers import IssuedTokenSerializer, MeSerializer, TokenPageSerializer, TokenSerializer
from accounts.step_up import Confirmed
from core.clock import now
from core.problems import Forbidden, NotFound, NotSignedIn


class StaffOnly(BasePermission):
    """Anybody who is signed in, whatever the role."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.user, Outsider):
            raise NotFound if names_one(view.kwargs) else Forbidden
        _user(request)
        return True


class Me(APIView):
    permission_classes = [StaffOnly]

    @extend_schema(responses=MeSerializer, operation_id="me", summary="Who is calling")
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(_user(request)).data)


class Tokens(APIView):
    permission_classes = [Needs("tokens.manage"), Confirmed]

    @extend_schema(responses=TokenPageSerializer, operation_id="tokens_list", summary="Your live tokens")
    def get(self, request: Request) -> Response:
        found = tokens.live_of(_user(request), at=now())
        return Response({"results": TokenSerializer(found, many=True).data, "next": None})

    @extend_schema(
        request=TokenSerializer,
        responses={201: IssuedTokenSerializer},
        operation_id="tokens_issue",
        summary="Issue a token; its clear text is in this answer only",
    )
    def post(self, request: Request) -> Response:
        asked = TokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        issued = actions.issue_token(
            _user(request),
            name=asked.validated_data["name"],
            scopes=asked.validated_data["scopes"],
            expires_at=asked.validated_data.get("expires_at"),
            by=actor_of(request),
            at=now(),
        )
        return Response(IssuedTokenSerializer(issued).data, status=status.HTTP_201_CREATED)


class RevokeToken(APIView):
    permission_classes = [Needs("tokens.manage")]

    @extend_schema(
        request=None, responses=TokenSerializer, operation_id="tokens_revoke", summary="Revoke a token"
    )
    def post(self, request: Request, uid: UUID) -> Response:
        token = tokens.get_own(_user(request), uid)
        actions.revoke_token(token, by=actor_of(request), at=now())
        return Response(TokenSerializer(token).data)


def _user(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotSignedIn
    return request.user
