"""The clinical record by program: the history, the health forms, and the gate before a visit's treatment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Anybody, may
from accounts.api import StaffOnly
from accounts.models import User
from charting import fhir, gate_reading, intakes
from charting.gate_reading import Treatment
from charting.history import shown
from charting.models import GateItem, GateMode, HistoryEntry, HistoryKind, HistoryStatus
from core.clock import now
from patients import care
from patients.access import get_person, get_record
from patients.models import Person
from scheduling.access import get_appointment
from scheduling.coming import services_ahead
from vault.fields import warm_rows


class GateItemOutput(serializers.Serializer[Any]):
    item = serializers.ChoiceField(GateItem.values)
    state = serializers.ChoiceField(["ok", "soon", "open"])
    mode = serializers.ChoiceField(GateMode.values)
    code = serializers.CharField(help_text="Why it is open; empty where it is not.")
    title = serializers.CharField()
    detail = serializers.CharField()


class GateOutput(serializers.Serializer[Any]):
    is_closed = serializers.BooleanField(help_text="Something that blocks is missing.")
    items = GateItemOutput(many=True)


class HistoryOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(HistoryKind.values)
    status = serializers.ChoiceField(HistoryStatus.values)
    text = serializers.CharField()
    detail = serializers.CharField()
    noted_at = serializers.DateTimeField()
    fhir = serializers.DictField(allow_null=True, help_text="The FHIR R5 resource, where there is one.")


class HistoryList(serializers.Serializer[Any]):
    results = HistoryOutput(many=True)


class IntakeOutput(serializers.Serializer[Any]):
    questionnaire = serializers.UUIDField()
    title = serializers.CharField()
    is_done = serializers.BooleanField()
    completed_at = serializers.DateTimeField(allow_null=True)


class IntakeList(serializers.Serializer[Any]):
    results = IntakeOutput(many=True)


class AppointmentGate(APIView):
    """What the clinic wants before the visit's treatment."""

    permission_classes = [StaffOnly]

    @extend_schema(operation_id="appointments_gate", responses=GateOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        visit, at = get_appointment(request.user, uid), now()
        found = gate_reading.read(Treatment.of_visit(visit), at=at)
        clinical = _opens_record(request.user, visit.person, at)
        items = [
            {
                "item": one.item,
                "state": one.state,
                "mode": one.mode,
                "code": one.code,
                "title": str(one.title),
                "detail": str(one.detail) if clinical else "",
            }
            for one in found.items
        ]
        return Response({"is_closed": found.is_closed, "items": items})


class PatientHistory(APIView):
    """Allergies, medications, conditions, skin type and patch tests of one person."""

    permission_classes = [StaffOnly]

    @extend_schema(
        operation_id="patient_history",
        parameters=[OpenApiParameter("ended", bool, description="Those too that ended.")],
        responses=HistoryList,
    )
    def get(self, request: Request, uid: UUID) -> Response:
        person = get_record(request.user, uid)
        rows = list(HistoryEntry.objects.filter(person=person).select_related("person").newest())
        if request.query_params.get("ended") != "true":
            rows = [row for row in rows if row.status == HistoryStatus.ACTIVE]
        warm_rows(rows)
        return Response({"results": [_history_json(row) for row in rows]})


class PatientIntakes(APIView):
    """Whether the health forms for the visits ahead are filled in."""

    permission_classes = [StaffOnly]

    @extend_schema(operation_id="patient_intakes", responses=IntakeList)
    def get(self, request: Request, uid: UUID) -> Response:
        person, at = get_person(request.user, uid), now()
        found = intakes.wanted_for(person, services_ahead(person, at=at), at=at)
        results = [
            {
                "questionnaire": str(one.questionnaire.uid),
                "title": one.title,
                "is_done": one.is_done,
                "completed_at": one.last.completed_at if one.last else None,
            }
            for one in found
        ]
        return Response({"results": results})


def _opens_record(user: Anybody, person: Person, at: datetime) -> bool:
    return isinstance(user, User) and may(user, "chart.view") and care.is_open(user, person, at=at)


def _history_json(row: HistoryEntry) -> dict[str, Any]:
    line = shown.line(row)
    return {
        "id": str(row.line),
        "version": row.number,
        "kind": row.kind,
        "status": row.status,
        "text": line.label,
        "detail": line.detail,
        "noted_at": row.noted_at,
        "fhir": fhir.resource(row),
    }
