"""The public part of the API: availability, holds, bookings, and the living link of a visit."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api_auth import Anyone
from audit.actors import VISITOR
from core.clock import now
from core.problems import MethodNotAllowed, Problem, problem_response
from scheduling import access, actions, availability, limits, links, shapes
from scheduling.models import BookedVia
from scheduling.parsing import Reader
from scheduling.visitors import visitor_of

DATE = "A date of the location's calendar, such as 2027-04-23."


def answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json", status=status)


class Availability(APIView):
    """Free starts. Answered without DRF's machinery: this is the call that everybody makes, over and over."""

    permission_classes = [Anyone]
    authentication_classes: list[Any] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise MethodNotAllowed
            return HttpResponse(self._found(request), content_type="application/json")
        except Problem as problem:
            return problem_response(problem)

    @extend_schema(
        operation_id="availability",
        parameters=[
            OpenApiParameter("service", UUID, required=True),
            OpenApiParameter("from", str, required=True, description=DATE),
            OpenApiParameter("to", str, required=True, description="Included. At most 62 days in all."),
            OpenApiParameter("provider", UUID),
            OpenApiParameter("location", UUID),
        ],
        responses=shapes.AvailabilityOutput,
    )
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(self._found(request._request), content_type="application/json")

    def _found(self, request: HttpRequest) -> bytes:
        at = now()
        limits.check("availability", request, at)
        reader = Reader(request.GET)
        service = reader.uid("service", required=True)
        first, last = reader.day("from"), reader.day("to")
        provider, location = reader.uid("provider"), reader.uid("location")
        reader.done()
        if service is None or first is None or last is None:
            raise RuntimeError("a reader that is done has read everything")
        return availability.as_json(
            service=service, first=first, last=last, at=at, provider=provider, location=location
        )


class Public(APIView):
    """Open to everybody, limited by address."""

    permission_classes = [Anyone]
    authentication_classes: list[Any] = []
    limit = "bookings"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        limits.check(self.limit, request._request, now())


class Holds(Public):
    """Keep a time while somebody types: five minutes, two at once for a browser."""

    limit = "holds"

    @extend_schema(operation_id="holds_create", request=shapes.HoldInput, responses={201: shapes.HoldOutput})
    def post(self, request: Request) -> HttpResponse:
        reader = Reader(request.data)
        slot = required(reader, "slot")
        hold = actions.place_hold(slot, visitor=visitor_of(request._request), by=VISITOR, at=now())
        return answer(shapes.hold_json(hold), 201)


class Bookings(Public):
    """Book a slot, or what was held."""

    @extend_schema(
        operation_id="bookings_create", request=shapes.BookingInput, responses={201: shapes.BookingOutput}
    )
    def post(self, request: Request) -> HttpResponse:
        reader = Reader(request.data)
        slot, hold = reader.text("slot"), reader.uid("hold")
        if not slot and hold is None and not reader.failures:
            reader.wrong("slot", "missing", _("Name a slot or a hold."))
        reader.done()
        booked = actions.book(
            slot=slot or None,
            hold=hold,
            patient=reader.given.get("patient"),
            consents=reader.given.get("consents"),
            notes=reader.given.get("notes", ""),
            accepted_policy=reader.given.get("accepted_policy"),
            via=BookedVia.API,
            by=VISITOR,
            at=now(),
        )
        return answer(shapes.booked_json(booked), 201)


class Booking(Public):
    """The visit of a living link, as it stands now."""

    limit = "link"

    @extend_schema(operation_id="booking_get", responses=shapes.LinkOutput)
    def get(self, request: Request, token: str) -> HttpResponse:
        return _link(token)


class CancelBooking(Public):
    """Cancel by the link, within the clinic's rule."""

    limit = "link"

    @extend_schema(operation_id="booking_cancel", request=shapes.CancelInput, responses=shapes.LinkOutput)
    def post(self, request: Request, token: str) -> HttpResponse:
        reader = Reader(request.data)
        reason = reader.text("reason")
        reader.done()
        actions.cancel_by_link(token, reason=reason, at=now())
        return _link(token)


class RescheduleBooking(Public):
    """Take another time by the link; the link stays the same."""

    limit = "link"

    @extend_schema(
        operation_id="booking_reschedule",
        request=shapes.RescheduleByLinkInput,
        responses=shapes.LinkOutput,
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        slot = required(Reader(request.data), "slot")
        actions.move_by_link(token, slot=slot, at=now())
        return _link(token)


def required(reader: Reader, field: str) -> str:
    text = reader.text(field)
    if not text and not reader.failures:
        reader.wrong(field, "missing", _("This is needed."))
    reader.done()
    return text


def _link(token: str) -> HttpResponse:
    visit = access.by_manage_token(token)
    url = links.address(token, on=links.site())
    return answer(shapes.link_json(visit, at=now(), manage_url=url))
