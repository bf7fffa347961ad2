"""The staff's part of the API: visits of some days and of a person, booking, and the steps of a visit."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.access import require
from accounts.actors import actor_of
from accounts.api import StaffOnly
from accounts.api_auth import Needs
from core.clock import now
from patients.access import get_person
from patients.callers import PatientCaller, StaffOrPatient
from patients.models import Person
from practice import queries as practice
from practice.models import Location
from practice.profile import clinic_zone
from scheduling import access, actions, queries, shapes
from scheduling.actions.desk import PERMISSION
from scheduling.api import answer, required
from scheduling.models import BookedVia
from scheduling.parsing import Reader

LONGEST_RANGE = 92
CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")


class Appointments(APIView):
    """The visits of some days; a new one at any start within hours, or over a conflict with a reason."""

    permission_classes = [Needs("appointments.view", write="appointments.manage")]

    @extend_schema(
        operation_id="appointments_list",
        parameters=[
            OpenApiParameter("from", str, required=True, description="A date of the clinic's calendar."),
            OpenApiParameter("to", str, required=True, description="Included. At most 92 days in all."),
            OpenApiParameter("provider", UUID),
            CURSOR,
        ],
        responses=shapes.AppointmentPage,
    )
    def get(self, request: Request) -> HttpResponse:
        reader = Reader(request.query_params)
        first, last, provider = reader.day("from"), reader.day("to"), reader.uid("provider")
        _refuse_odd_range(reader, first, last)
        reader.done()
        visits, following = queries.appointments_between(
            request.user,
            first or date.min,
            last or date.min,
            zone=str(clinic_zone()),
            provider=provider,
            after=reader.text("cursor"),
        )
        return answer({"results": [shapes.appointment_json(visit) for visit in visits], "next": following})

    @extend_schema(
        operation_id="appointments_create",
        request=shapes.AppointmentInput,
        responses={201: shapes.BookingOutput},
    )
    def post(self, request: Request) -> HttpResponse:
        user = require(request.user, "appointments.manage")
        reader = Reader(request.data)
        service, provider = reader.uid("service", required=True), reader.uid("provider", required=True)
        location, start = reader.uid("location"), reader.moment("start")
        notes, reason, sms = reader.text("notes"), reader.text("override_reason"), reader.flag("service_sms")
        person, details = _patient(reader, request)
        reader.done()
        if service is None or provider is None or start is None:
            raise RuntimeError("a reader that is done has read everything")
        booked = actions.book_for(
            service=practice.service(service),
            provider=practice.provider(provider),
            location=_location(location),
            start=start,
            person=person,
            new_person=details,
            notes=notes,
            service_sms=sms,
            override_reason=reason,
            via=BookedVia.API,
            by=actor_of(request),
            user=user,
            at=now(),
        )
        body = shapes.appointment_json(booked.appointment)
        return answer({**body, "manage_url": booked.manage_url}, 201)


class OneAppointment(APIView):
    """One visit, in full; a patient's own as the patient may know it."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="appointments_get", responses=shapes.ANY_APPOINTMENT)
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        if isinstance(request.user, PatientCaller):
            return answer(shapes.own_json(access.callers_visit(request.user, uid), at=now()))
        return answer(shapes.appointment_json(access.get_appointment(request.user, uid)))


def step_view(verb: str) -> type[APIView]:
    """The view of one step that takes nothing but the visit, with a name of its own in the API's description."""

    @extend_schema(operation_id=f"appointments_{verb}", request=None, responses=shapes.AppointmentOutput)
    def post(view: APIView, request: Request, uid: UUID) -> HttpResponse:
        visit = access.get_appointment(request.user, uid, to="manage")
        step = getattr(actions, verb)
        return answer(shapes.appointment_json(step(visit, by=actor_of(request), at=now())))

    name = "".join(word.title() for word in verb.split("_"))
    body = {"__doc__": f"{name}: a step of the visit.", "permission_classes": [StaffOnly], "post": post}
    return type(f"{name}Appointment", (APIView,), body)


class StartAppointment(APIView):
    """The treatment begins: 409 with everything that the clinic wants before it and is missing, or over it with a reason."""

    permission_classes = [StaffOnly]

    @extend_schema(
        operation_id="appointments_start", request=shapes.StartInput, responses=shapes.AppointmentOutput
    )
    def post(self, request: Request, uid: UUID) -> HttpResponse:
        visit = access.get_appointment(request.user, uid, to="manage")
        reader = Reader(request.data)
        reason = reader.text("override_reason")
        reader.done()
        user = require(request.user, "appointments.manage")
        visit = actions.start(visit, by=actor_of(request), at=now(), user=user, override_reason=reason)
        return answer(shapes.appointment_json(visit))


class CancelAppointment(APIView):
    """Call the visit off: the staff with a reason, a patient within the clinic's rule."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="appointments_cancel", request=shapes.CancelInput, responses=shapes.ANY_APPOINTMENT
    )
    def post(self, request: Request, uid: UUID) -> HttpResponse:
        if isinstance(request.user, PatientCaller):
            return _cancel_own(request, request.user, uid)
        visit = access.get_appointment(request.user, uid, to="manage")
        reader = Reader(request.data)
        reason = reader.text("reason")
        reader.done()
        visit = actions.cancel(visit, reason=reason, by=actor_of(request), at=now())
        return answer(shapes.appointment_json(visit))


class RescheduleAppointment(APIView):
    """Another time, and perhaps another provider; for a patient one that is offered."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="appointments_reschedule",
        request=shapes.ANY_RESCHEDULE,
        responses=shapes.ANY_APPOINTMENT,
    )
    def post(self, request: Request, uid: UUID) -> HttpResponse:
        if isinstance(request.user, PatientCaller):
            return _move_own(request, request.user, uid)
        visit = access.get_appointment(request.user, uid, to="manage")
        reader = Reader(request.data)
        start, provider = reader.moment("start"), reader.uid("provider")
        reason = reader.text("override_reason")
        reader.done()
        if start is None:
            raise RuntimeError("a reader that is done has read everything")
        if reason:
            require(request.user, PERMISSION)
        visit = actions.move(
            visit,
            start=start,
            provider=practice.provider(provider) if provider else None,
            override_reason=reason,
            by=actor_of(request),
            user=require(request.user, "appointments.manage"),
            at=now(),
        )
        return answer(shapes.appointment_json(visit))


class UndoAppointment(APIView):
    """Take the last step back, within ten minutes."""

    permission_classes = [StaffOnly]

    @extend_schema(operation_id="appointments_undo", request=None, responses=shapes.AppointmentOutput)
    def post(self, request: Request, uid: UUID) -> HttpResponse:
        visit = access.get_appointment(request.user, uid, to="manage")
        user = require(request.user, "appointments.manage")
        visit = actions.undo_last(visit, by=actor_of(request), user=user, at=now())
        return answer(shapes.appointment_json(visit))


class PatientAppointments(APIView):
    """The visits of one person, the oldest first."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="patient_appointments", parameters=[CURSOR], responses=shapes.ANY_APPOINTMENTS
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        after, caller = request.query_params.get("cursor", ""), request.user
        if isinstance(caller, PatientCaller):
            own, at = caller.reach(uid), now()
            visits, following = queries.own_appointments(own, by=caller.acting_for(own), after=after)
            return answer({"results": [shapes.own_json(visit, at=at) for visit in visits], "next": following})
        person = get_person(request.user, uid)
        visits, following = queries.appointments_of(request.user, person, after=after)
        return answer({"results": [shapes.appointment_json(visit) for visit in visits], "next": following})


def _cancel_own(request: Request, caller: PatientCaller, uid: UUID) -> HttpResponse:
    """The portal's own step, by the same rule."""
    visit, at = access.callers_visit(caller, uid, to="manage"), now()
    reader = Reader(request.data)
    reason = reader.text("reason")
    reader.done()
    visit = actions.cancel_own(visit, reason=reason, by=caller.acting_for(visit.person), at=at)
    return answer(shapes.own_json(visit, at=at))


def _move_own(request: Request, caller: PatientCaller, uid: UUID) -> HttpResponse:
    visit, at = access.callers_visit(caller, uid, to="manage"), now()
    slot = required(Reader(request.data), "slot")
    visit = actions.move_own(visit, slot=slot, by=caller.acting_for(visit.person), at=at)
    return answer(shapes.own_json(visit, at=at))


def _refuse_odd_range(reader: Reader, first: date | None, last: date | None) -> None:
    if first is None or last is None:
        return
    if last < first:
        reader.wrong("to", "order", _("The last date lies before the first."))
    elif last - first >= timedelta(days=LONGEST_RANGE):
        reader.wrong("to", "too_long", _("Ask for at most 92 days at once."))
    elif not 2000 <= first.year <= last.year <= 2200:
        reader.wrong("from", "invalid", _("This year is far away."))


def _patient(reader: Reader, request: Request) -> tuple[Person | None, Mapping[str, Any] | None]:
    """The id of somebody who is known, or the details of somebody new."""
    given = reader.given.get("patient")
    if isinstance(given, Mapping):
        return None, given
    uid = reader.uid("patient", required=True)
    if uid is None:
        return None, {}
    return get_person(request.user, uid), None


def _location(uid: UUID | None) -> Location:
    return practice.location(uid) if uid else practice.locations()[0]
