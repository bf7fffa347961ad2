"""Treatment plans by program: a patient's plans, a new one, offering it, and what the patient says to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Anybody
from accounts.actors import actor_of
from accounts.api_auth import Needs
from charting import actions, plan_access
from charting.actions.plan_decisions import NotOffered, Said
from charting.models import DecidedHow, PlanState, TreatmentPlan
from charting.plans import paper, reading
from charting.plans.reading import Shown
from core.clock import now
from core.http import client_ip
from core.problems import Forbidden
from patients.access import get_record
from patients.callers import PatientCaller, StaffOrPatient, or_patient
from practice.serializers import MoneySerializer
from scheduling.parsing import Reader
from tenants import sites


class StageOutput(serializers.Serializer[Any]):
    service = serializers.UUIDField()
    name = serializers.CharField(help_text="What the service was called when the plan was written.")
    sessions = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Visits of it that were done since the plan was accepted.")
    least_days = serializers.IntegerField()
    best_days = serializers.IntegerField()
    price = MoneySerializer(help_text="Of one session.")
    notes = serializers.CharField(help_text="Empty for whoever may not read charts.")


class PlanOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    goal = serializers.CharField(help_text="Empty for whoever may not read charts.")
    state = serializers.ChoiceField(PlanState.values)
    version = serializers.IntegerField(help_text="The one that stands; 0: a draft.")
    revision = serializers.IntegerField()
    valid_until = serializers.DateField()
    estimate = MoneySerializer(help_text="An estimate, without taxes; never a bill.")
    stages = StageOutput(many=True)
    text = serializers.CharField(help_text="Word by word what is accepted; for whoever may read all of it.")
    text_sha256 = serializers.CharField(help_text="Send it as `shown` with the answer.")
    accepted_at = serializers.DateTimeField(allow_null=True)


class PlanList(serializers.Serializer[Any]):
    results = PlanOutput(many=True)


class StageInput(serializers.Serializer[Any]):
    """Described only: charting.plans reads it, since it finds every failure."""

    service = serializers.UUIDField()
    sessions = serializers.IntegerField(min_value=1, max_value=60)
    least_days = serializers.IntegerField(required=False)
    best_days = serializers.IntegerField(required=False)
    price = MoneySerializer(required=False, help_text="The service's own without it.")
    notes = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class PlanInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    goal = serializers.CharField(max_length=4000)
    valid_until = serializers.DateField(required=False, help_text="90 days from now without it.")
    instructions = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    stages = StageInput(many=True)


class PlanChange(PlanInput):
    revision = serializers.IntegerField(required=False, help_text="The one you read.")


class StepInput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(required=False, help_text="The one you read.")


class EndInput(StepInput):
    reason = serializers.CharField(max_length=500)


class AcceptInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, help_text="Typed by whoever answers, or who said it.")
    shown = serializers.CharField(required=False, help_text="`text_sha256` of the text that was shown.")


class DeclineInput(AcceptInput):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class PatientPlans(APIView):
    """What is planned for a patient; a patient gets what was released to them."""

    permission_classes = [or_patient(Needs("plans.view", write="chart.write"))]

    @extend_schema(operation_id="patient_plans", responses=PlanList)
    def get(self, request: Request, uid: UUID) -> Response:
        at, caller = now(), request.user
        if isinstance(caller, PatientCaller):
            person = caller.reach(uid)
            if not caller.by_mail:
                raise Forbidden("Sign in with the code that comes by email.")
            found = plan_access.own_plans(person, by=caller.acting_for(person), at=at)
        else:
            found = reading.plans_of(plan_access.person_of_plans(caller, uid), at=at)
        return Response({"results": [plan_json(one, caller) for one in found]})

    @extend_schema(operation_id="plans_create", request=PlanInput, responses={201: PlanOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        at = now()
        person = get_record(request.user, uid, to="chart.write")
        given = Reader(request.data).given
        plan = actions.begin_plan(person, given, by=actor_of(request), at=at)
        return Response(plan_json(reading.shown(plan, at=at), request.user), status=status.HTTP_201_CREATED)


class OnePlan(APIView):
    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="plans_get", responses=PlanOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        """One plan; opening it is an event of its own in the trail."""
        return Response(plan_json(_opened(request.user, uid, now()), request.user))

    @extend_schema(operation_id="plans_change", request=PlanChange, responses=PlanOutput)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Write on. What was offered stays as it is until the change is offered too."""
        plan = plan_access.get_plan(request.user, uid, to="chart.write")
        given = Reader(request.data).given
        kept = reading.written(plan).as_given()
        revision, by, at = _revision(given, plan), actor_of(request), now()
        actions.save_plan(plan, {**kept, **given}, revision=revision, by=by, at=at)
        return Response(plan_json(_opened(request.user, uid, at), request.user))


def _step(operation: str, act: Callable[..., object], body: type[StepInput] = StepInput) -> type[APIView]:
    """The address of one step of a plan, taken by whoever writes charts."""

    class Step(APIView):
        permission_classes = [Needs("chart.write")]

        @extend_schema(operation_id=operation, request=body, responses=PlanOutput)
        def post(self, request: Request, uid: UUID) -> Response:
            site, at = sites.site(), now()
            plan = plan_access.get_plan(request.user, uid, to="chart.write")
            given = Reader(request.data).given
            act(plan, given, revision=_revision(given, plan), site=site, by=actor_of(request), at=at)
            return Response(plan_json(_opened(request.user, uid, at), request.user))

    Step.__name__ = Step.__qualname__ = operation
    return Step


def _plain(act: Callable[..., object]) -> Callable[..., object]:
    """A step that asks for nothing but the revision."""

    def step(plan: TreatmentPlan, given: Mapping[str, Any], *, site: str, **more: Any) -> object:
        return act(plan, **more)

    return step


def _offer(plan: TreatmentPlan, given: Mapping[str, Any], **more: Any) -> object:
    return actions.offer_plan(plan, **more)


def _end(plan: TreatmentPlan, given: Mapping[str, Any], *, site: str, **more: Any) -> object:
    return actions.end_plan(plan, given, **more)


OfferPlan = _step("plans_offer", _offer)
WithdrawPlan = _step("plans_withdraw", _plain(actions.withdraw_offer))
DiscardChanges = _step("plans_discard", _plain(actions.discard_changes))
CompletePlan = _step("plans_complete", _plain(actions.complete_plan))
ResumePlan = _step("plans_resume", _plain(actions.resume_plan))
EndPlan = _step("plans_end", _end, EndInput)


class AcceptPlan(APIView):
    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="plans_accept", request=AcceptInput, responses=PlanOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """Accept what is offered: the patient, or the staff on the patient's word."""
        return _decided(request, uid, actions.accept_plan)


class DeclinePlan(APIView):
    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="plans_decline", request=DeclineInput, responses=PlanOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """Say no to what is offered: the patient, or the staff on the patient's word."""
        return _decided(request, uid, actions.decline_plan)


def _decided(request: Request, uid: UUID, decide: Callable[..., object]) -> Response:
    caller, at = request.user, now()
    reader = Reader(request.data)
    name, shown, reason = reader.text("name"), reader.text("shown"), reader.text("reason")
    if isinstance(caller, PatientCaller):
        person, found = plan_access.callers_plan(caller, uid, at=at)
        by, signer, noted = caller.acting_for(person), caller.person, ""
    else:
        found = reading.shown(plan_access.get_plan(caller, uid, to="plans.decide"), at=at)
        by, signer = actor_of(request), None
        noted = str(by)
    reader.done()
    if found.version is None or not found.is_offered:
        raise NotOffered
    said = Said(
        how=DecidedHow.API,
        signer=signer,
        name=name,
        reason=reason,
        shown=shown,
        language=_language(found),
        ip=client_ip(request._request),
        agent=request.headers.get("User-Agent", ""),
        noted_by=noted,
    )
    decide(found.version, said, by=by, at=at)
    return Response(plan_json(_opened(caller, uid, at), caller))


def plan_json(found: Shown, caller: Anybody) -> dict[str, Any]:
    """Whoever may not read charts gets the title, the treatments and the estimate."""
    whole = isinstance(caller, PatientCaller) or plan_access.reads_all(caller)
    content, version, decision = found.content, found.version, paper.decided(found)
    text = paper.paper_of(found, language=_language(found))
    counted = {one.stage: one.done for one in found.steps} if found.is_counting else {}
    return {
        "id": str(found.plan.uid),
        "title": content.title,
        "goal": content.goal if whole else "",
        "state": found.state,
        "version": version.number if version else 0,
        "revision": found.plan.revision,
        "valid_until": content.valid_until,
        "estimate": content.total.as_json(),
        "stages": [
            {
                "service": str(one.service),
                "name": one.name,
                "sessions": one.sessions,
                "done": counted.get(one, 0),
                "least_days": one.least_days,
                "best_days": one.best_days,
                "price": one.price(content.currency).as_json(),
                "notes": one.notes if whole else "",
            }
            for one in content.stages
        ],
        "text": text.text if whole else "",
        "text_sha256": text.digest,
        "accepted_at": decision.decided_at if decision and decision.kind == "accepted" else None,
    }


def _opened(caller: Anybody, uid: UUID, at: datetime) -> Shown:
    if isinstance(caller, PatientCaller):
        return plan_access.callers_plan(caller, uid, at=at)[1]
    return reading.shown(plan_access.get_plan(caller, uid), at=at)


def _revision(given: Mapping[str, Any], plan: TreatmentPlan) -> int:
    """What the caller read; without it, what is there now."""
    revision = given.get("revision")
    return revision if isinstance(revision, int) else plan.revision


def _language(found: Shown) -> str:
    """Of the text that is shown and accepted: the patient's own."""
    return found.plan.person.language or get_language() or "en"
