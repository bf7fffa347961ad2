"""Reactions by program: reported by the patient or the staff, listed, assessed, closed."""

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import require
from accounts.actors import actor_for, actor_of
from accounts.api_auth import Needs
from audit.trail import note_list
from charting import access, actions, events
from charting.models import AdverseEvent, Severity
from charting.models.events import EventState
from core.clock import now
from core.problems import Invalid, failure
from patients import cursors
from patients.access import get_record
from patients.callers import PatientCaller, StaffOrPatient
from patients.models import Person
from scheduling.models import Appointment
from scheduling.parsing import Reader
from tenants import sites
from vault.fields import warm_rows

PAGE: Final = 50
CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")
STATE = OpenApiParameter("state", str, enum=EventState.values, description="Of one state only.")


class EventLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient = serializers.UUIDField()
    state = serializers.ChoiceField(EventState.values)
    severity = serializers.ChoiceField(
        Severity.values, help_text="As assessed; as it was reported until then."
    )
    reported_by = serializers.ChoiceField(["patient", "guardian", "staff"])
    reported_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class EventOutput(EventLine):
    what = serializers.CharField()
    since = serializers.CharField()
    appointment = serializers.UUIDField(allow_null=True)
    assessment = serializers.CharField()
    outcome = serializers.CharField()


class EventPage(serializers.Serializer[Any]):
    results = EventLine(many=True)
    next = serializers.CharField(allow_null=True)


class Reported(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reported_at = serializers.DateTimeField()


class ReportInput(serializers.Serializer[Any]):
    """Described only: charting.actions reads it, since it finds every failure."""

    what = serializers.CharField(max_length=4000)
    since = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(Severity.values)
    appointment = serializers.UUIDField(required=False, help_text="After which visit.")


class AssessInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The one you read.")
    severity = serializers.ChoiceField(Severity.values)
    assessment = serializers.CharField(max_length=4000)


class CloseInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The one you read.")
    outcome = serializers.CharField(max_length=4000)


class Events(APIView):
    """Of the caller's own patients, of all for who answers for all; the newest first, without its words."""

    permission_classes = [Needs("chart.view")]

    @extend_schema(operation_id="adverse_events", parameters=[CURSOR, STATE], responses=EventPage)
    def get(self, request: Request) -> Response:
        staff = require(request.user, "chart.view")
        rows = events.seen_by(staff).order_by("-reported_at", "-uid")
        if (state := request.query_params.get("state", "")) in EventState.values:
            rows = rows.filter(state=state)
        before = cursors.read_place(request.query_params.get("cursor", ""))
        if before is not None:
            rows = rows.filter(before.condition("reported_at", "uid"))
        found = list(rows[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        warm_rows([one.person for one in found])
        shown = [one.person.uid for one in found]
        note_list("adverse_event.listed", by=actor_for(staff), kind="patients.person", shown=shown)
        following = cursors.next_place(found[-1].reported_at, found[-1].uid) if more else None
        return Response({"results": [line_json(one) for one in found], "next": following})


class PatientEvents(APIView):
    """A patient reports a reaction, or whoever looks after them, or the staff for them."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="adverse_events_report", request=ReportInput, responses={201: Reported})
    def post(self, request: Request, uid: UUID) -> Response:
        at = now()
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            by = request.user.acting_for(person)
        else:
            person, by = get_record(request.user, uid, to="chart.write"), actor_of(request)
        reader = Reader(request.data)
        after = _after(reader, person, at)
        reader.done()
        made = actions.report_event(person, reader.given, after=after, site=sites.site(), by=by, at=at)
        body = {"id": str(made.uid), "reported_at": made.reported_at}
        return Response(body, status=status.HTTP_201_CREATED)


class OneEvent(APIView):
    """One with its words; an event of its own in the trail."""

    permission_classes = [Needs("chart.view")]

    @extend_schema(operation_id="adverse_events_get", responses=EventOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(event_json(access.get_event(request.user, uid)))


class AssessEvent(APIView):
    permission_classes = [Needs("chart.write")]

    @extend_schema(operation_id="adverse_events_assess", request=AssessInput, responses=EventOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """What it is and how bad, by who treats; anew until it is closed."""
        found = access.get_event(request.user, uid, to="chart.write")
        given = Reader(request.data).given
        how: dict[str, Any] = {"version": _version(given), "by": actor_of(request), "at": now()}
        actions.assess_event(found, given, **how)
        return Response(event_json(access.get_event(request.user, uid)))


class CloseEvent(APIView):
    permission_classes = [Needs("chart.write")]

    @extend_schema(operation_id="adverse_events_close", request=CloseInput, responses=EventOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """How it ended; only what was assessed can be closed."""
        found = access.get_event(request.user, uid, to="chart.write")
        given = Reader(request.data).given
        how: dict[str, Any] = {"version": _version(given), "by": actor_of(request), "at": now()}
        actions.close_event(found, given, **how)
        return Response(event_json(access.get_event(request.user, uid)))


def line_json(one: AdverseEvent) -> dict[str, Any]:
    return {
        "id": str(one.uid),
        "patient": str(one.person.uid),
        "state": one.state,
        "severity": one.grade,
        "reported_by": one.reported_by,
        "reported_at": one.reported_at,
        "due_at": one.due_at,
        "version": one.version,
    }


def event_json(one: AdverseEvent) -> dict[str, Any]:
    return {
        **line_json(one),
        "what": one.what,
        "since": one.since,
        "appointment": str(one.appointment.uid) if one.appointment else None,
        "assessment": one.assessment,
        "outcome": one.outcome,
    }


def _after(reader: Reader, person: Person, at: Any) -> Appointment | None:
    named = reader.uid("appointment")
    if named is None:
        return None
    found = next((one for one in actions.visits_before(person, at=at) if one.uid == named), None)
    if found is None:
        reader.wrong("appointment", "unknown", _("There is no such visit of the last weeks."))
    return found


def _version(given: Any) -> int:
    value = given.get("version")
    if type(value) is not int:
        told = _("Send the version that you have read.")
        raise Invalid(errors=[failure("version", "missing", told)])
    return value
