"""Laser series and their sessions by program: what was set, how far a series has come, and a further session."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api_auth import Needs
from charting import access, actions
from charting.lasers import showing
from charting.lasers.kirby_desai import QUESTIONS
from charting.lasers.parameters import FIGURES
from charting.lasers.showing import Course
from charting.models import Encounter, LaserSession, SeriesStatus
from core.clock import local, now
from patients.access import get_record
from practice.models import Device, Service
from practice.profile import clinic_zone
from scheduling.parsing import Reader


class SessionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    series = serializers.UUIDField()
    encounter = serializers.UUIDField()
    device = serializers.UUIDField()
    number = serializers.IntegerField(help_text="0: a test spot.")
    is_test = serializers.BooleanField()
    at = serializers.DateTimeField()
    settings = serializers.DictField(help_text="As it is sent: figures in the units of people.")
    notes = serializers.CharField()
    reason = serializers.CharField(help_text="Why it is far from the session before.")
    version = serializers.IntegerField()
    locked_at = serializers.DateTimeField(allow_null=True, help_text="Since the note of the visit is signed.")


class SeriesOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    service = serializers.UUIDField()
    title = serializers.CharField()
    status = serializers.ChoiceField(SeriesStatus.values)
    planned = serializers.IntegerField()
    done = serializers.IntegerField()
    estimate = serializers.IntegerField(allow_null=True, help_text="By the Kirby-Desai scale.")
    least_days = serializers.IntegerField()
    ideal_days = serializers.IntegerField()
    most_days = serializers.IntegerField()
    facts = serializers.DictField(help_text="What the estimate is of.")
    began_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    sessions = SessionOutput(many=True)


class SeriesList(serializers.Serializer[Any]):
    results = SeriesOutput(many=True)


class SeriesInput(serializers.Serializer[Any]):
    """Described only: charting.actions reads it, since it finds every failure."""

    service = serializers.UUIDField()
    title = serializers.CharField()
    planned = serializers.IntegerField()
    least_days = serializers.IntegerField()
    ideal_days = serializers.IntegerField()
    most_days = serializers.IntegerField()
    skin = serializers.CharField(required=False, help_text="Fitzpatrick, 1 to 6.")


class SessionInput(serializers.Serializer[Any]):
    """Described only, like a series. What else is set stands in `settings` of an answer."""

    encounter = serializers.UUIDField()
    device = serializers.UUIDField()
    wavelength = serializers.CharField(help_text="nm")
    spot = serializers.CharField(help_text="mm")
    fluence = serializers.CharField(help_text="J/cm²")
    pulse = serializers.CharField()
    pulse_unit = serializers.ChoiceField(["ps", "ns", "ms"])
    passes = serializers.CharField()
    is_test = serializers.BooleanField(required=False)
    notes = serializers.CharField(required=False)
    reason = serializers.CharField(
        required=False, help_text="Wanted where the figures are far from the last ones."
    )


class PatientSeries(APIView):
    """A patient's laser series, the newest first, with their sessions; and a new one."""

    permission_classes = [Needs("chart.view", write="chart.write")]

    @extend_schema(operation_id="patient_laser_series", responses=SeriesList)
    def get(self, request: Request, uid: UUID) -> Response:
        person = get_record(request.user, uid)
        return Response({"results": [series_json(one) for one in showing.courses(person, at=now())]})

    @extend_schema(operation_id="laser_series_begin", request=SeriesInput, responses={201: SeriesOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        person, at = get_record(request.user, uid, to="chart.write"), now()
        reader = Reader(request.data)
        named = reader.uid("service")
        service = Service.objects.in_use().filter(uid=named).first() if named else None
        if service is None:
            reader.wrong("service", "unknown", _("There is no such service."))
        reader.done()
        assert service is not None
        given = {name: reader.given.get(name, "") for name in (*PLAN, *QUESTIONS)}
        made = actions.begin_series(person, service, given, by=actor_of(request), at=at)
        return Response(series_json(showing.course(made, at=at)), status=status.HTTP_201_CREATED)


class OneSeries(APIView):
    permission_classes = [Needs("chart.view")]

    @extend_schema(operation_id="laser_series_get", responses=SeriesOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(series_json(showing.course(access.get_series(request.user, uid), at=now())))


class SeriesSessions(APIView):
    permission_classes = [Needs("chart.write")]

    @extend_schema(operation_id="laser_sessions_keep", request=SessionInput, responses={201: SessionOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        """Numbered by the series. Far from the last session it asks for a reason."""
        series = access.get_series(request.user, uid, to="chart.write")
        reader = Reader(request.data)
        visit, machine = reader.uid("encounter", required=True), reader.uid("device", required=True)
        encounters = Encounter.objects.filter(person=series.person).select_related("person")
        encounter = encounters.filter(uid=visit).first() if visit else None
        device = Device.objects.in_use().filter(uid=machine).first() if machine else None
        if visit and encounter is None:
            reader.wrong("encounter", "unknown", _("This patient has no such encounter."))
        if machine and device is None:
            reader.wrong("device", "unknown", _("There is no such device."))
        reader.done()
        assert encounter is not None
        assert device is not None
        made = actions.keep_session(encounter, series, device, reader.given, by=actor_of(request), at=now())
        return Response(session_json(made), status=status.HTTP_201_CREATED)


class OneSession(APIView):
    permission_classes = [Needs("chart.view")]

    @extend_schema(operation_id="laser_sessions_get", responses=SessionOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(session_json(access.get_session(request.user, uid)))


PLAN = ("title", "planned", "least_days", "ideal_days", "most_days")


def series_json(course: Course) -> dict[str, Any]:
    series = course.series
    return {
        "id": str(series.uid),
        "service": str(series.service.uid),
        "title": series.title,
        "status": series.status,
        "planned": series.planned,
        "done": course.done,
        "estimate": course.estimate,
        "least_days": series.least_days,
        "ideal_days": series.ideal_days,
        "most_days": series.most_days,
        "facts": series.facts or {},
        "began_at": local(series.began_at, clinic_zone()).isoformat(),
        "version": series.version,
        "sessions": [session_json(one) for one in course.sessions],
    }


def session_json(one: LaserSession) -> dict[str, Any]:
    figures = one.parameters
    typed = {name: figures.typed(name) for name in FIGURES}
    return {
        "id": str(one.uid),
        "series": str(one.series.uid),
        "encounter": str(one.encounter.uid),
        "device": str(one.device.uid),
        "number": one.number,
        "is_test": one.is_test,
        "at": local(one.at, clinic_zone()).isoformat(),
        "settings": {
            **{name: value for name, value in typed.items() if value},
            "pulse_unit": figures.pulse_unit,
            "endpoint": figures.endpoint,
            "inks": list(figures.inks),
            "cooling": figures.cooling,
        },
        "notes": one.notes,
        "reason": one.reason,
        "version": one.version,
        "locked_at": one.locked_at,
    }
