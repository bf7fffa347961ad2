"""Programs set a clinic up: locations, rooms, devices, closures and services, by the same actions as the pages."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api_auth import Needs
from audit.actors import Actor
from core.clock import now
from core.problems import Invalid, failure
from practice import access, actions
from practice.actions.hours import Week
from practice.models import Closure, Device, Location, Room
from practice.settings_serializers import (
    ClosureInput,
    ClosureMade,
    ClosureOutput,
    LocationInput,
    LocationOutput,
    PlacedInput,
    PlacedOutput,
    Shape,
    closure_json,
    location_json,
    page_of,
    placed_json,
)
from practice.standing import visits_on_days

VIEW, MANAGE = "services.view", "settings.manage"
PAGE: Final = 100
CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")
MayManage = Needs(VIEW, write=MANAGE)
Row = TypeVar("Row", bound=Model)


def given(shape: type[Shape], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The body as the shape reads it; every failure at once."""
    read = shape(data=request.data, partial=partial)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def page(request: Request, rows: QuerySet[Row], as_json: Callable[[Row], dict[str, Any]]) -> Response:
    """In the order in which the rows came to be; `next` is the id of the last one shown."""
    after = request.query_params.get("cursor", "")
    rows = rows.order_by("uid")
    if after:
        try:
            rows = rows.filter(uid__gt=UUID(after))
        except ValueError:
            message = _("This is not a cursor of this list; leave it out to begin at the start.")
            raise Invalid(errors=[failure("cursor", "invalid", message)]) from None
    found = list(rows[: PAGE + 1])
    shown = [as_json(row) for row in found[:PAGE]]
    return Response({"results": shown, "next": shown[-1]["id"] if len(found) > PAGE else None})


def place_of(uid: UUID) -> Location:
    row = Location.objects.open().filter(uid=uid).first()
    if row is None:
        raise Invalid(errors=[failure("location", "unknown", _("There is no such location."))])
    return row


class Locations(APIView):
    """The clinic's places, archived ones too."""

    permission_classes = [MayManage]

    @extend_schema(operation_id="locations_list", parameters=[CURSOR], responses=page_of(LocationOutput))
    def get(self, request: Request) -> Response:
        return page(request, Location.objects.prefetch_related("opening_hours"), location_json)

    @extend_schema(operation_id="locations_create", request=LocationInput, responses={201: LocationOutput})
    def post(self, request: Request) -> Response:
        fields = given(LocationInput, request)
        week, archived = fields.pop("opening_hours", None), fields.pop("archived", False)
        by = actor_of(request)
        with transaction.atomic():
            row = actions.create_location(by=by, **fields)
            _place(row, week, archived or None, by)
        return Response(location_json(row), status=status.HTTP_201_CREATED)


class OneLocation(APIView):
    permission_classes = [MayManage]

    @extend_schema(operation_id="locations_get", responses=LocationOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(location_json(access.get_location(request.user, uid, to=VIEW)))

    @extend_schema(
        operation_id="locations_change", request=LocationInput(partial=True), responses=LocationOutput
    )
    def patch(self, request: Request, uid: UUID) -> Response:
        row = access.get_location(request.user, uid)
        fields = given(LocationInput, request, partial=True)
        week, archived = fields.pop("opening_hours", None), fields.pop("archived", None)
        by = actor_of(request)
        with transaction.atomic():
            if fields:
                actions.update_location(row, by=by, **fields)
            _place(row, week, archived, by)
        return Response(location_json(row))


def _place(row: Location, week: list[dict[str, Any]] | None, archived: bool | None, by: Actor) -> None:
    if week is not None:
        hours = [Week(one["weekday"], one["opens"], one["closes"]) for one in week]
        try:
            actions.set_opening_hours(row, hours, by=by)
        except Invalid as problem:
            for one in problem.errors:
                one["field"] = one["field"].replace("hours.", "opening_hours.", 1)
            raise
    if archived is True and row.archived_at is None:
        actions.archive_location(row, by=by, at=now())
    if archived is False and row.archived_at is not None:
        actions.restore_location(row, by=by)


class Placed(APIView):
    """Rooms, or devices."""

    permission_classes = [MayManage]
    model: type[Room] | type[Device] = Room
    create: Any = staticmethod(actions.create_room)

    def rows(self) -> Any:
        return self.model.objects.select_related("location")

    def get(self, request: Request) -> Response:
        return page(request, self.rows(), placed_json)

    def post(self, request: Request) -> Response:
        fields = given(PlacedInput, request)
        archived = fields.pop("archived", False)
        fields["location"] = place_of(fields["location"])
        with transaction.atomic():
            row = self.create(by=actor_of(request), **fields)
            _keep(row, archived or None, actor_of(request))
        return Response(placed_json(row), status=status.HTTP_201_CREATED)


class OnePlaced(APIView):
    permission_classes = [MayManage]
    fetch: Any = staticmethod(access.get_room)

    def get(self, request: Request, uid: UUID) -> Response:
        return Response(placed_json(self.fetch(request.user, uid, to=VIEW)))

    def patch(self, request: Request, uid: UUID) -> Response:
        row = self.fetch(request.user, uid)
        fields = given(PlacedInput, request, partial=True)
        archived = fields.pop("archived", None)
        if "location" in fields:
            fields["location"] = place_of(fields["location"])
        by = actor_of(request)
        with transaction.atomic():
            if fields:
                actions.update_room_or_device(row, by=by, **fields)
            _keep(row, archived, by)
        return Response(placed_json(row))


def _keep(row: Room | Device, archived: bool | None, by: Actor) -> None:
    if archived is True and row.archived_at is None:
        actions.archive_room_or_device(row, by=by, at=now())
    if archived is False and row.archived_at is not None:
        actions.restore_room_or_device(row, by=by)


class Rooms(Placed):
    """The clinic's rooms, archived ones too."""

    @extend_schema(operation_id="rooms_list", parameters=[CURSOR], responses=page_of(PlacedOutput))
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(operation_id="rooms_create", request=PlacedInput, responses={201: PlacedOutput})
    def post(self, request: Request) -> Response:
        return super().post(request)


class OneRoom(OnePlaced):
    @extend_schema(operation_id="rooms_get", responses=PlacedOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return super().get(request, uid)

    @extend_schema(operation_id="rooms_change", request=PlacedInput(partial=True), responses=PlacedOutput)
    def patch(self, request: Request, uid: UUID) -> Response:
        return super().patch(request, uid)


class Devices(Placed):
    """The clinic's devices, archived ones too."""

    model = Device
    create = staticmethod(actions.create_device)

    @extend_schema(operation_id="devices_list", parameters=[CURSOR], responses=page_of(PlacedOutput))
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(operation_id="devices_create", request=PlacedInput, responses={201: PlacedOutput})
    def post(self, request: Request) -> Response:
        return super().post(request)


class OneDevice(OnePlaced):
    fetch = staticmethod(access.get_device)

    @extend_schema(operation_id="devices_get", responses=PlacedOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return super().get(request, uid)

    @extend_schema(operation_id="devices_change", request=PlacedInput(partial=True), responses=PlacedOutput)
    def patch(self, request: Request, uid: UUID) -> Response:
        return super().patch(request, uid)


class Closures(APIView):
    """Days on which a location stays shut. Visits booked on them stay booked, and are counted in the answer."""

    permission_classes = [MayManage]

    @extend_schema(operation_id="closures_list", parameters=[CURSOR], responses=page_of(ClosureOutput))
    def get(self, request: Request) -> Response:
        return page(request, Closure.objects.select_related("location"), closure_json)

    @extend_schema(operation_id="closures_create", request=ClosureInput, responses={201: ClosureMade})
    def post(self, request: Request) -> Response:
        fields = given(ClosureInput, request)
        location = place_of(fields["location"])
        first, last = fields["starts_on"], fields["ends_on"]
        row = actions.close_location(
            location, first, last, by=actor_of(request), reason=fields.get("reason", "")
        )
        body = closure_json(row) | {"visits": len(visits_on_days(location, first, last))}
        return Response(body, status=status.HTTP_201_CREATED)


class OneClosure(APIView):
    permission_classes = [MayManage]

    @extend_schema(operation_id="closures_get", responses=ClosureOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(closure_json(access.get_closure(request.user, uid, to=VIEW)))

    @extend_schema(operation_id="closures_remove", request=None, responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        actions.reopen_location(access.get_closure(request.user, uid), by=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
