"""Notes by program: a patient's notes, one note, saving with its revision, signing, addenda, the co-signature."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import require_object
from accounts.actors import actor_of
from accounts.api_auth import Needs
from accounts.models import User
from charting import access, queries
from charting.actions import begin_encounter, reviews
from charting.actions import notes as actions
from charting.models import AddendumKind, Encounter, EncounterKind, Note, NoteState
from charting.notes import missing, read_typed
from core.clock import local, now
from core.problems import BadRequest, Forbidden, Invalid, failure
from patients.access import get_record
from patients.callers import PatientCaller, or_patient
from patients.cursors import next_place, read_place
from patients.models import Person
from practice import queries as practice
from practice.models import Location, Provider
from scheduling.parsing import Reader

PAGE = 50
CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")


class NoteLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    encounter = serializers.UUIDField()
    state = serializers.ChoiceField(NoteState.values)
    revision = serializers.IntegerField()
    author = serializers.CharField()
    provider = serializers.UUIDField()
    service = serializers.UUIDField(allow_null=True)
    began_at = serializers.DateTimeField()
    saved_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    cosignature = serializers.CharField(
        allow_null=True, help_text="waiting, returned, cosigned; null: not asked for."
    )


class AddendumOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["addendum", "returned"])
    author = serializers.CharField()
    signed_at = serializers.DateTimeField()
    text = serializers.CharField()


class NoteOutput(NoteLine):
    subjective = serializers.CharField()
    objective = serializers.CharField()
    assessment = serializers.CharField()
    plan = serializers.CharField()
    answers = serializers.DictField(help_text="By key of the template's fields.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="What keeps it from being signed."
    )
    hash = serializers.CharField(allow_null=True, help_text="SHA-256 of what was signed.")
    intact = serializers.BooleanField(allow_null=True, help_text="Whether the text still has that hash.")
    addenda = AddendumOutput(many=True)


class NotePage(serializers.Serializer[Any]):
    results = NoteLine(many=True)
    next = serializers.CharField(allow_null=True)


class NoteInput(serializers.Serializer[Any]):
    """Described only: charting.notes reads it, since it finds every failure. What is not sent stays as it is."""

    subjective = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    objective = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    assessment = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    plan = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    answers = serializers.DictField(required=False)


class NewNote(NoteInput):
    encounter = serializers.UUIDField(required=False, help_text="One of the patient's; a new one without it.")
    service = serializers.UUIDField(required=False)
    provider = serializers.UUIDField(required=False, help_text="The caller's own without it.")
    location = serializers.UUIDField(required=False)


class NoteChange(NoteInput):
    revision = serializers.IntegerField(required=False, help_text="The one you read; or send it as If-Match.")


class RevisionInput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(required=False, help_text="The one you read; or send it as If-Match.")


class AddendumInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5_000)


class CosignInput(serializers.Serializer[Any]):
    comment = serializers.CharField(
        max_length=5_000, required=False, help_text="With a comment the note goes back to its author."
    )


class PatientNotes(APIView):
    """What was written about a patient, without its text; and a new note."""

    permission_classes = [or_patient(Needs("chart.view", write="chart.write"))]

    @extend_schema(operation_id="patient_notes", parameters=[CURSOR], responses=NotePage)
    def get(self, request: Request, uid: UUID) -> Response:
        if isinstance(request.user, PatientCaller):
            if not request.user.by_mail:
                raise Forbidden(_("Sign in with the code that comes by email."))
            rows = access.own_notes(request.user, uid)
        else:
            rows = queries.notes_of(get_record(request.user, uid, to="chart.view"))
        before = read_place(request.query_params.get("cursor", ""))
        if before is not None:
            rows = rows.filter(before.condition("begun_at", "uid"))
        found = list(rows[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        following = next_place(found[-1].begun_at, found[-1].uid) if more else None
        found_json = [line_json(note) for note in found]
        if isinstance(request.user, PatientCaller):
            found_json = [one | {"cosignature": None} for one in found_json]
        return Response({"results": found_json, "next": following})

    @extend_schema(operation_id="notes_create", request=NewNote, responses={201: NoteOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        at, user = now(), _user(request)
        person = get_record(user, uid, to="chart.write")
        given = _body(request)
        encounter = _encounter(given, person, request, at)
        template = queries.template_for(encounter.service)
        typed = read_typed(template, given)
        note = actions.begin_note(encounter, template=template, user=user, at=at)
        note.encounter = encounter
        actions.save_note(note, typed, revision=1, user=user, at=at)
        return _answer(request, note.uid, status.HTTP_201_CREATED)


class OneNote(APIView):
    """One note with its text; an event of its own in the trail."""

    permission_classes = [or_patient(Needs("chart.view", write="chart.write"))]

    @extend_schema(operation_id="notes_get", responses=NoteOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        if isinstance(request.user, PatientCaller):
            return Response(own_json(access.own_note(request.user, uid)))
        return _answer(request, uid)

    @extend_schema(operation_id="notes_change", request=NoteChange, responses=NoteOutput)
    def patch(self, request: Request, uid: UUID) -> Response:
        note = access.get_note(request.user, uid, to="chart.write")
        given = _body(request)
        if note.is_signed:
            raise actions.NoteSigned
        typed = read_typed(note.template, given, note)
        actions.save_note(note, typed, revision=_revision(request, given), user=_user(request), at=now())
        return _answer(request, uid)


class SignNote(APIView):
    permission_classes = [Needs("chart.sign")]

    @extend_schema(operation_id="notes_sign", request=RevisionInput, responses=NoteOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """Sign: from here the database lets nothing change it."""
        note = access.get_note(request.user, uid, to="chart.sign")
        revision = note.revision if note.is_signed else _revision(request, _body(request))
        actions.sign_note(note, revision=revision, user=_user(request), at=now())
        return _answer(request, uid)


class NoteAddenda(APIView):
    permission_classes = [Needs("chart.sign")]

    @extend_schema(operation_id="notes_add_addendum", request=AddendumInput, responses={201: NoteOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        """Add to a signed note, signed by the caller."""
        require_object(request.user, "chart.write")
        note = access.get_note(request.user, uid, to="chart.write")
        reader = Reader(_body(request))
        text = reader.text("text")
        reader.done()
        reviews.add_addendum(note, text, user=_user(request), at=now())
        return _answer(request, uid, status.HTTP_201_CREATED)


class CosignNote(APIView):
    permission_classes = [Needs("chart.cosign")]

    @extend_schema(operation_id="notes_cosign", request=CosignInput, responses=NoteOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        """Co-sign, or return with a comment."""
        require_object(request.user, "chart.view")
        note = access.get_note(request.user, uid)
        reader = Reader(_body(request))
        comment = reader.text("comment")
        reader.done()
        if comment:
            reviews.return_note(note, comment, user=_user(request), at=now())
        else:
            reviews.cosign_note(note, user=_user(request), at=now())
        return _answer(request, uid)


def line_json(note: Note) -> dict[str, Any]:
    encounter = note.encounter
    zone = encounter.location.zone
    review = getattr(note, "cosignature", None)
    return {
        "id": str(note.uid),
        "encounter": str(encounter.uid),
        "state": note.state,
        "revision": note.revision,
        "author": note.author.display_name,
        "provider": str(encounter.provider.uid),
        "service": str(encounter.service.uid) if encounter.service else None,
        "began_at": local(encounter.began_at, zone).isoformat(),
        "saved_at": local(note.saved_at, zone).isoformat(),
        "signed_at": local(note.signed_at, zone).isoformat() if note.signed_at else None,
        "cosignature": review.state if review else None,
    }


def own_json(note: Note) -> dict[str, Any]:
    """For the patient: what was signed and added. What colleagues said to each other about it is not part of it."""
    whole = note_json(note)
    added = [one for one in whole["addenda"] if one["kind"] == AddendumKind.ADDENDUM]
    return whole | {"cosignature": None, "addenda": added}


def note_json(note: Note) -> dict[str, Any]:
    zone = note.encounter.location.zone
    open_fields = [] if note.is_signed else missing(note.template, note.parts, note.values)
    added = list(note.addenda.select_related("author"))
    for one in added:
        one.note = note
    return {
        **line_json(note),
        **note.parts,
        "answers": note.values,
        "missing": [one["field"] for one in open_fields],
        "hash": note.content_hash,
        "intact": queries.is_intact(note) if note.is_signed else None,
        "addenda": [
            {
                "id": str(one.uid),
                "kind": one.kind,
                "author": one.author.display_name,
                "signed_at": local(one.signed_at, zone).isoformat(),
                "text": one.text,
            }
            for one in added
        ],
    }


def _answer(request: Request, uid: UUID, code: int = 200) -> Response:
    note = access.get_note(request.user, uid)
    return Response(note_json(note), status=code, headers={"ETag": f'"{note.revision}"'})


def _encounter(given: Mapping[str, Any], person: Person, request: Request, at: datetime) -> Encounter:
    reader = Reader(given)
    named, service = reader.uid("encounter"), reader.uid("service")
    provider, location = reader.uid("provider"), reader.uid("location")
    found = Encounter.objects.filter(uid=named, person=person).first() if named else None
    if named and found is None:
        reader.wrong("encounter", "unknown", _("This patient has no such encounter."))
    treats = (
        Provider.objects.in_use().filter(uid=provider).first()
        if provider
        else Provider.objects.in_use().filter(user=_user(request)).first()
    )
    if found is None and treats is None:
        reader.wrong("provider", "missing", _("Name the provider who treats."))
    place = Location.objects.open().filter(**({"uid": location} if location else {})).first()
    if place is None:
        reader.wrong("location", "unknown", _("There is no such location."))
    reader.done()
    if found is not None:
        return access.get_encounter(request.user, found.uid, to="chart.write")
    assert treats is not None
    assert place is not None
    return begin_encounter(
        person,
        treats,
        location=place,
        kind=EncounterKind.TREATMENT,
        service=practice.service(service) if service else None,
        by=actor_of(request),
        at=at,
    )


def _revision(request: Request, given: Mapping[str, Any]) -> int:
    """The revision that the caller has read: If-Match, or the field."""
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    value: Any = given.get("revision", tag)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if type(value) is not int:
        told = _("Send the revision that you have read, here or as If-Match.")
        raise Invalid(errors=[failure("revision", "missing", told)])
    return value


def _body(request: Request) -> Mapping[str, Any]:
    if not isinstance(request.data, Mapping):
        raise BadRequest(_("Send a JSON object."))
    return request.data


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
