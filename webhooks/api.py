"""Webhooks by program: endpoints, deliveries, sending again."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api_auth import Needs
from accounts.models import User
from accounts.step_up import Confirmed
from core.clock import now
from core.problems import NotSignedIn
from scheduling.parsing import Reader
from webhooks import access, actions
from webhooks.access import PERMISSION
from webhooks.models import State, WebhookEndpoint
from webhooks.serializers import (
    DeliveryDetail,
    DeliveryPage,
    EndpointInput,
    EndpointOutput,
    EndpointPage,
    NewEndpoint,
    Replayed,
    ReplayInput,
    Secret,
    delivery_json,
)


class Manage(APIView):
    """For whoever may change the clinic's settings."""

    permission_classes = [Needs(PERMISSION)]

    def endpoint(self, request: Request, uid: UUID) -> WebhookEndpoint:
        return access.get_endpoint(request.user, uid)


class Endpoints(Manage):
    permission_classes = [Needs(PERMISSION), Confirmed]

    @extend_schema(operation_id="webhook_endpoints_list", responses=EndpointPage)
    def get(self, request: Request) -> Response:
        rows = [EndpointOutput(one).data for one in access.endpoints(request.user)]
        return Response({"results": rows, "next": None})

    @extend_schema(operation_id="webhook_endpoints_add", request=EndpointInput, responses={201: NewEndpoint})
    def post(self, request: Request) -> Response:
        user = request.user
        if not isinstance(user, User):
            raise NotSignedIn
        made, secret = actions.add_endpoint(
            **_given(request, partial=False), user=user, by=actor_of(request), at=now()
        )
        return Response({**EndpointOutput(made).data, "secret": secret}, status=status.HTTP_201_CREATED)


class OneEndpoint(Manage):
    @extend_schema(operation_id="webhook_endpoints_get", responses=EndpointOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(EndpointOutput(self.endpoint(request, uid)).data)

    @extend_schema(
        operation_id="webhook_endpoints_change",
        request=EndpointInput(partial=True),
        responses=EndpointOutput,
    )
    def patch(self, request: Request, uid: UUID) -> Response:
        found = self.endpoint(request, uid)
        given = _given(request, partial=True)
        return Response(
            EndpointOutput(actions.change_endpoint(found, given, by=actor_of(request), at=now())).data
        )

    @extend_schema(operation_id="webhook_endpoints_remove", request=None, responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        actions.remove(self.endpoint(request, uid), by=actor_of(request), at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class TestEndpoint(Manage):
    @extend_schema(operation_id="webhook_endpoints_test", request=None, responses={201: DeliveryDetail})
    def post(self, request: Request, uid: UUID) -> Response:
        made = actions.send_test(self.endpoint(request, uid), by=actor_of(request), at=now())
        return Response(delivery_json(made, whole=True), status=status.HTTP_201_CREATED)


class ReplaceSecret(Manage):
    permission_classes = [Needs(PERMISSION), Confirmed]

    @extend_schema(operation_id="webhook_endpoints_secret", request=None, responses=Secret)
    def post(self, request: Request, uid: UUID) -> Response:
        secret = actions.replace_secret(self.endpoint(request, uid), by=actor_of(request), at=now())
        return Response({"secret": secret})


class StopEndpoint(Manage):
    @extend_schema(operation_id="webhook_endpoints_stop", request=None, responses=EndpointOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        actions.stop(self.endpoint(request, uid), by=actor_of(request), at=now())
        return Response(EndpointOutput(self.endpoint(request, uid)).data)


class StartEndpoint(Manage):
    @extend_schema(operation_id="webhook_endpoints_start", request=None, responses=EndpointOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        actions.start(self.endpoint(request, uid), by=actor_of(request), at=now())
        return Response(EndpointOutput(self.endpoint(request, uid)).data)


class ReplayRange(Manage):
    @extend_schema(operation_id="webhook_endpoints_replay", request=ReplayInput, responses={202: Replayed})
    def post(self, request: Request, uid: UUID) -> Response:
        found = self.endpoint(request, uid)
        reader = Reader(request.data)
        since, until, everything = (
            reader.moment("since"),
            reader.moment("until"),
            reader.flag("everything"),
        )
        reader.done()
        if since is None or until is None:
            raise RuntimeError("a reader that is done has read everything")
        queued = actions.replay_range(
            found, since=since, until=until, everything=everything, by=actor_of(request), at=now()
        )
        return Response({"queued": queued}, status=status.HTTP_202_ACCEPTED)


class Deliveries(Manage):
    @extend_schema(
        operation_id="webhook_deliveries_list",
        parameters=[
            OpenApiParameter("endpoint", UUID, description="Only what was sent to this endpoint."),
            OpenApiParameter("state", str, enum=State.values),
            OpenApiParameter("cursor", UUID, description="The `next` of the page before."),
        ],
        responses=DeliveryPage,
    )
    def get(self, request: Request) -> Response:
        reader = Reader(request.query_params)
        endpoint, cursor, state = reader.uid("endpoint"), reader.uid("cursor"), reader.text("state")
        if state and state not in State.values:
            reader.wrong("state", "unknown", f"Say one of {', '.join(State.values)}.")
        reader.done()
        found = access.get_endpoint(request.user, endpoint) if endpoint else None
        rows, following = access.deliveries(request.user, found, state=state, after=cursor)
        return Response({"results": [delivery_json(row) for row in rows], "next": following})


class OneDelivery(Manage):
    @extend_schema(operation_id="webhook_deliveries_get", responses=DeliveryDetail)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(delivery_json(access.get_delivery(request.user, uid), whole=True))


class ReplayDelivery(Manage):
    @extend_schema(operation_id="webhook_deliveries_replay", request=None, responses={202: DeliveryDetail})
    def post(self, request: Request, uid: UUID) -> Response:
        made = actions.replay(access.get_delivery(request.user, uid), by=actor_of(request), at=now())
        return Response(delivery_json(made, whole=True), status=status.HTTP_202_ACCEPTED)


def _given(request: Request, *, partial: bool) -> dict[str, Any]:
    asked = EndpointInput(data=request.data, partial=partial)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
