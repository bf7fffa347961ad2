"""Who wants drafts by a model, by program: the clinic, one of the staff for themselves, a patient."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api import StaffOnly
from accounts.api_auth import Needs
from accounts.models import User
from ai import choices
from ai.models import Of
from audit.actors import Actor
from core.clock import now
from core.problems import Invalid, failure
from patients.access import get_record
from patients.callers import PatientCaller, StaffOrPatient
from scheduling.parsing import Reader


class ChoiceOutput(serializers.Serializer[Any]):
    allowed = serializers.BooleanField()


class ClinicChoice(APIView):
    """Off until somebody switches it on."""

    permission_classes = [Needs("ai.manage")]

    @extend_schema(operation_id="ai_choice_clinic", responses=ChoiceOutput)
    def get(self, request: Request) -> Response:
        return Response({"allowed": choices.clinic_allows()})

    @extend_schema(operation_id="ai_choose_clinic", request=ChoiceOutput, responses=ChoiceOutput)
    def put(self, request: Request) -> Response:
        return _choose(request, Of.CLINIC, None, actor_of(request))


class OwnChoice(APIView):
    """Of whoever calls, for the notes they write."""

    permission_classes = [StaffOnly]

    @extend_schema(operation_id="ai_choice_own", responses=ChoiceOutput)
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        return Response({"allowed": choices.allowed_by(Of.STAFF, request.user.pk)})

    @extend_schema(operation_id="ai_choose_own", request=ChoiceOutput, responses=ChoiceOutput)
    def put(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        return _choose(request, Of.STAFF, request.user.pk, actor_of(request))


class PatientChoice(APIView):
    """Of a patient: no model is asked about anybody who said no. They say it themselves, or the care team notes it."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="ai_choice_patient", responses=ChoiceOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        subject, _by = self._subject(request, uid, to="chart.view")
        return Response({"allowed": choices.allowed_by(Of.PATIENT, subject)})

    @extend_schema(operation_id="ai_choose_patient", request=ChoiceOutput, responses=ChoiceOutput)
    def put(self, request: Request, uid: UUID) -> Response:
        subject, by = self._subject(request, uid, to="chart.write")
        return _choose(request, Of.PATIENT, subject, by)

    def _subject(self, request: Request, uid: UUID, *, to: str) -> tuple[UUID, Actor]:
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            return person.uid, request.user.acting_for(person)
        return get_record(request.user, uid, to=to).uid, actor_of(request)


def _choose(request: Request, of: Of, subject: UUID | None, by: Actor) -> Response:
    allowed = Reader(request.data).given.get("allowed")
    if not isinstance(allowed, bool):
        raise Invalid(errors=[failure("allowed", "invalid", _("Send true or false."))])
    choices.choose(of, subject, allowed=allowed, by=by, at=now())
    return Response({"allowed": allowed})
