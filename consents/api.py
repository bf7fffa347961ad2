"""Consents by program: what was signed and what waits, the receipt, signing, and taking back."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from audit.actors import Actor
from audit.trail import note_read
from consents import access, actions, queries
from consents.models import (
    Channel,
    ConsentVersion,
    EndedHow,
    EndKind,
    FormKind,
    Signature,
    Signer,
)
from consents.paper import paper_for
from consents.queries import Standing, State
from consents.receipt import file_name, receipt
from core.clock import now
from core.http import client_ip
from core.problems import BadRequest, Failure, Invalid, NotFound, failure
from patients import cursors
from patients.callers import PatientCaller, StaffOrPatient
from patients.models import Person

PAGE: Final = 50
MOST_BOXES: Final = 200
CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")
LANGUAGE = OpenApiParameter(
    "language", str, enum=["en", "es"], description="Of the texts; English where there is none."
)


class ConsentOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    form = serializers.UUIDField()
    kind = serializers.ChoiceField(FormKind.values)
    title = serializers.CharField()
    version = serializers.IntegerField()
    language = serializers.CharField()
    state = serializers.ChoiceField([each.value for each in State])
    signed_by = serializers.CharField(help_text="The name that was typed.")
    relation = serializers.CharField(help_text="Of a guardian to the patient; empty for the patient.")
    channel = serializers.ChoiceField(Channel.values)
    signed_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class BoxOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    is_required = serializers.BooleanField()
    ticked = serializers.BooleanField()


class WholeConsent(ConsentOutput):
    text = serializers.CharField(help_text="Word by word as it was signed.")
    boxes = BoxOutput(many=True)
    text_sha256 = serializers.CharField()
    seal_sha256 = serializers.CharField(help_text="Of all that was signed; it stands in the audit chain.")


class ConsentPage(serializers.Serializer[Any]):
    results = ConsentOutput(many=True)
    next = serializers.CharField(allow_null=True)


class AskedBox(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    is_required = serializers.BooleanField()


class FormOutput(serializers.Serializer[Any]):
    form = serializers.UUIDField()
    kind = serializers.ChoiceField(FormKind.values)
    state = serializers.ChoiceField([each.value for each in State])
    consent = serializers.UUIDField(allow_null=True, help_text="What was signed last of it.")
    version = serializers.UUIDField(help_text="The one to sign now.")
    signer = serializers.ChoiceField(Signer.values)
    needs_drawing = serializers.BooleanField()
    language = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    text_sha256 = serializers.CharField(help_text="Send it back when it is signed.")
    boxes = AskedBox(many=True)


class FormList(serializers.Serializer[Any]):
    results = FormOutput(many=True)


class SignInput(serializers.Serializer[Any]):
    version = serializers.UUIDField()
    text_sha256 = serializers.CharField(help_text="Of the text that was shown.")
    name = serializers.CharField(help_text="The full name, typed by the signer.")
    ticked = serializers.ListField(child=serializers.IntegerField(), required=False)
    strokes = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField())),
        required=False,
        help_text="The drawn signature: strokes of points [x, y], in pixels.",
    )
    language = serializers.ChoiceField(["en", "es"], required=False)
    signer = serializers.UUIDField(
        required=False, help_text="For the staff: the guardian who signs; else the patient."
    )


class WithdrawInput(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=500, allow_blank=True)
    how = serializers.ChoiceField(
        [EndedHow.SPOKEN.value, EndedHow.WRITTEN.value], required=False, help_text="For the staff."
    )
    void = serializers.BooleanField(
        required=False, help_text="For the staff, with a reason: it was taken by mistake."
    )


class PatientConsents(APIView):
    """What was signed, the newest first; and signing."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_consents", parameters=[CURSOR], responses=ConsentPage)
    def get(self, request: Request, uid: UUID) -> Response:
        person, at = _person(request, uid, to="view"), now()
        before = cursors.read_place(request.query_params.get("cursor", ""))
        rows = Signature.objects.of(person).select_related("person").order_by("-signed_at", "-uid")
        if before is not None:
            rows = rows.filter(before.condition("signed_at", "uid"))
        found = list(rows[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        states = queries.states_of(found, at)
        following = cursors.next_place(found[-1].signed_at, found[-1].uid) if more else None
        return Response({"results": [line_json(one, states[one.pk]) for one in found], "next": following})

    @extend_schema(operation_id="consents_sign", request=SignInput, responses={201: WholeConsent})
    def post(self, request: Request, uid: UUID) -> Response:
        """The patient, or a guardian for them; or by the staff's own tablet, in whose name is noted."""
        person, at = _person(request, uid, to="collect"), now()
        version, signer, given, language = _read(request, person)
        made = actions.sign(
            version,
            person,
            signer=signer,
            given=given,
            language=language,
            channel=Channel.API,
            collected_by="" if isinstance(request.user, PatientCaller) else str(request.user.pk),
            by=_actor(request, person),
            at=at,
        )
        return Response(whole_json(made, State.LIVE), status=status.HTTP_201_CREATED)


class PatientForms(APIView):
    """Where the patient stands with each form in use, with the text to sign."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_forms", parameters=[LANGUAGE], responses=FormList)
    def get(self, request: Request, uid: UUID) -> Response:
        person, at = _person(request, uid, to="view"), now()
        language = request.query_params.get("language", "en")
        found = queries.status_for(person, at)
        return Response({"results": [_form_json(one, person, language, at) for one in found]})


class OneConsent(APIView):
    """One with its text; an event of its own in the trail."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="consents_get", responses=WholeConsent)
    def get(self, request: Request, uid: UUID) -> Response:
        found = _signature(request, uid)
        return Response(whole_json(found, queries.state_of(found, now())))


class ConsentReceipt(APIView):
    """The receipt, always the same for the same signature."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="consents_receipt", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        found = _signature(request, uid)
        answer = HttpResponse(receipt(found), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
        return answer


class WithdrawConsent(APIView):
    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="consents_withdraw", request=WithdrawInput, responses=WholeConsent)
    def post(self, request: Request, uid: UUID) -> Response:
        """From this moment on it counts no more."""
        found, at = _signature(request, uid, to="collect"), now()
        read = WithdrawInput(data=request.data)
        read.is_valid(raise_exception=True)
        sent = read.validated_data
        how, kind = EndedHow.API, EndKind.WITHDRAWN
        if not isinstance(request.user, PatientCaller):
            how = EndedHow(sent.get("how", EndedHow.API))
            kind = EndKind.VOIDED if sent.get("void") else EndKind.WITHDRAWN
        by = _actor(request, found.person)
        actions.end_signature(found, how=how, kind=kind, reason=sent.get("reason", ""), by=by, at=at)
        found = _signature(request, uid)
        return Response(whole_json(found, queries.state_of(found, at)))


def line_json(one: Signature, state: State) -> dict[str, Any]:
    return {
        "id": str(one.uid),
        "form": str(one.version.form.uid),
        "kind": one.version.form.kind,
        "title": one.version.text_in(one.language)[1]["title"],
        "version": one.version.number,
        "language": one.language,
        "state": state.value,
        "signed_by": one.name,
        "relation": one.relation,
        "channel": one.channel,
        "signed_at": one.signed_at,
        "expires_at": one.expires_at,
        "ended_at": one.ended.at if one.ended else None,
    }


def whole_json(one: Signature, state: State) -> dict[str, Any]:
    return {
        **line_json(one, state),
        "text": one.text,
        "boxes": [
            {"text": box["text"], "is_required": box["required"], "ticked": box["ticked"]}
            for box in one.boxes
        ],
        "text_sha256": bytes(one.text_hash).hex(),
        "seal_sha256": bytes(one.seal_hash).hex(),
    }


def _form_json(one: Standing, person: Person, language: str, at: Any) -> dict[str, Any]:
    paper = paper_for(one.version, person, language=language, at=at)
    return {
        "form": str(one.form.uid),
        "kind": one.form.kind,
        "state": one.state.value,
        "consent": str(one.signature.uid) if one.signature else None,
        "version": str(one.version.uid),
        "signer": one.form.signer,
        "needs_drawing": one.form.needs_drawing,
        "language": paper.language,
        "title": paper.title,
        "text": paper.text,
        "text_sha256": paper.digest,
        "boxes": [
            {"number": box.number, "text": box.text, "is_required": box.required} for box in paper.boxes
        ],
    }


def _person(request: Request, uid: UUID, *, to: str) -> Person:
    """Whose consents the caller may see or sign; the reading stands in the trail."""
    if not isinstance(request.user, PatientCaller):
        return access.get_person_for_forms(request.user, uid, to=to)
    person = request.user.reach(uid)
    note_read("consent.viewed", by=request.user.acting_for(person), on=person, patient=person.uid)
    return person


def _signature(request: Request, uid: UUID, *, to: str = "view") -> Signature:
    if not isinstance(request.user, PatientCaller):
        return access.get_signature(request.user, uid, to=to)
    found = Signature.objects.filter(uid=uid).select_related("person").first()
    if found is None:
        raise NotFound
    person = request.user.reach(found.person.uid)
    return access.own_signature(person, uid, by=request.user.acting_for(person))


def _actor(request: Request, person: Person) -> Actor:
    if isinstance(request.user, PatientCaller):
        return request.user.acting_for(person)
    return actor_of(request)


def _read(request: Request, person: Person) -> tuple[ConsentVersion, Person, actions.Given, str]:
    """What was sent to be signed. Which version, by whom, and what was shown must be plain before anything else."""
    sent = request.data
    if not isinstance(sent, Mapping):
        raise BadRequest(_("Send a JSON object."))
    wrong: list[Failure] = []
    version = _version(sent.get("version"), wrong)
    signer = _signer(request, person, sent.get("signer"), wrong)
    shown = sent.get("text_sha256")
    if not isinstance(shown, str) or not shown:
        wrong.append(failure("text_sha256", "missing", _("Send the hash of the text that was shown.")))
    ticked = sent.get("ticked", [])
    if (
        not isinstance(ticked, list)
        or not all(type(one) is int for one in ticked)
        or len(ticked) > MOST_BOXES
    ):
        wrong.append(failure("ticked", "invalid", _("Send the numbers of the boxes that were ticked.")))
    name = sent.get("name", "")
    if not isinstance(name, str):
        wrong.append(failure("name", "not_text", _("This must be text.")))
    if wrong or version is None or signer is None:
        raise Invalid(errors=wrong)
    strokes = sent.get("strokes") or []
    given = actions.Given(
        name=name,
        ticked=frozenset(ticked),
        strokes=json.dumps(strokes) if strokes else "",
        ip=client_ip(request._request),
        agent=request.headers.get("User-Agent", ""),
        shown=shown or "",
    )
    return version, signer, given, "es" if sent.get("language") == "es" else "en"


def _version(value: Any, wrong: list[Failure]) -> ConsentVersion | None:
    found = None
    if (uid := _uid(value)) is not None:
        found = ConsentVersion.objects.filter(uid=uid).select_related("form").first()
    if found is None:
        wrong.append(failure("version", "unknown", _("Send the version that was shown.")))
    return found


def _signer(request: Request, person: Person, value: Any, wrong: list[Failure]) -> Person | None:
    """A patient signs as themselves, for whoever it is; of the staff's tablet the guardian can be named."""
    if isinstance(request.user, PatientCaller):
        return request.user.person
    if value is None:
        return person
    found = Person.objects.filter(uid=uid).first() if (uid := _uid(value)) is not None else None
    if found is None:
        wrong.append(failure("signer", "unknown", _("There is no such person.")))
    return found


def _uid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
