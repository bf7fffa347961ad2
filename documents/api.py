"""Documents by program: one comes sealed, one goes out whole, what is said of them, and their release."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api_auth import Needs
from core.clock import now
from core.problems import Forbidden, Invalid, NotFound, failure
from documents import access, actions, keeping, opening, shown
from documents.models import Document, Kind
from documents.serializers import (
    DocumentInput,
    DocumentOutput,
    DocumentPage,
    RemovalInput,
    document_json,
    read_fields,
)
from documents.walk import EXPECTED
from files import uploads
from files.api import FORM, Unread, idempotency_key, require_form
from patients import cursors
from patients.callers import PatientCaller, StaffOrPatient
from patients.models import Person
from tenants import sites

CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")


class Documents(APIView):
    """One document. Sealed while it arrives; never read, never on a disk in clear."""

    permission_classes = [Needs("documents.manage")]
    parser_classes = [Unread]

    @extend_schema(
        operation_id="documents_add",
        request={FORM: DocumentInput},
        responses={200: DocumentOutput, 201: DocumentOutput},
    )
    def post(self, request: Request) -> Response:
        require_form(request)
        at, by, key = now(), actor_of(request), idempotency_key(request)
        found: list[Person] = []

        def named(fields: QueryDict, _field: str) -> tuple[UUID, UUID | None]:
            found.append(self._person(request, fields))
            return found[0].uid, actions.document_uid(found[0], by, key)

        fields, files = uploads.receive(request._request, EXPECTED, named)
        person = found[0] if found else self._person(request, fields)
        kinds = [each for each in Kind if access.may_file(request.user, person, each, at=at)]
        entry, wrong = read_fields(fields, today=shown.today(at), kinds=kinds)
        wrong += uploads.failures(EXPECTED, files)
        if wrong:
            raise Invalid(errors=wrong)
        file = files["file"]
        first = keeping.find_first(person, file.uid, file.size)
        if first is not None:
            return Response(document_json(first), status=status.HTTP_200_OK)
        kept = keeping.keep_document(person, file, entry, by=by, at=at)
        return Response(document_json(kept), status=status.HTTP_201_CREATED)

    def _person(self, request: Request, fields: QueryDict) -> Person:
        try:
            uid = UUID(fields.get("patient") or "")
        except ValueError:
            told = "Say whose document this is, before the file."
            raise Invalid(errors=[failure("patient", "required", told)]) from None
        try:
            return access.person_to_file_for(request.user, uid)
        except NotFound:
            told = "There is no such patient."
            raise Invalid(errors=[failure("patient", "unknown", told)]) from None


class OneDocument(APIView):
    """What is said of it."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="documents_read", responses=DocumentOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        if isinstance(request.user, PatientCaller):
            return Response(document_json(access.get_own(_own(request.user, uid), uid)))
        return Response(document_json(access.get_document(request.user, uid)))


class DocumentContent(APIView):
    """The file itself, verified whole before its first byte leaves; each opening is an event of its own."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="documents_content",
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "image/webp"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        if isinstance(request.user, PatientCaller):
            person = _own(request.user, uid)
            found = access.open_own(person, uid, by=request.user.acting_for(person))
        else:
            found = access.open_document(request.user, uid)
        return opening.document_response(found)


class ReleaseDocument(APIView):
    """Show it to its patient in the portal."""

    permission_classes = [Needs("documents.manage")]

    @extend_schema(operation_id="documents_release", request=None, responses=DocumentOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        found = access.get_document(request.user, uid, to="documents.manage")
        actions.release(found, site=sites.site(), by=actor_of(request), at=now())
        return Response(document_json(_again(found)))


class WithdrawDocument(APIView):
    """Show it no more."""

    permission_classes = [Needs("documents.manage")]

    @extend_schema(operation_id="documents_withdraw", request=None, responses=DocumentOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        found = access.get_document(request.user, uid, to="documents.manage")
        actions.withdraw(found, by=actor_of(request), at=now())
        return Response(document_json(_again(found)))


class RemoveDocument(APIView):
    """Out of sight for the staff and the patient, for a reason that is kept; it can be taken back."""

    permission_classes = [Needs("documents.manage")]

    @extend_schema(operation_id="documents_remove", request=RemovalInput, responses=DocumentOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        found = access.get_document(request.user, uid, to="documents.manage")
        given = request.data if isinstance(request.data, Mapping) else {}
        reason = given.get("reason", "")
        actions.remove(
            found, reason=reason if isinstance(reason, str) else "", by=actor_of(request), at=now()
        )
        return Response(document_json(_again(found)))


class RestoreDocument(APIView):
    """What was removed is in the record again."""

    permission_classes = [Needs("documents.manage")]

    @extend_schema(operation_id="documents_restore", request=None, responses=DocumentOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        found = access.get_document(request.user, uid, to="documents.manage")
        actions.restore(found, site=sites.site(), by=actor_of(request), at=now())
        return Response(document_json(_again(found)))


class PatientDocuments(APIView):
    """What is kept of a patient, the newest first; a patient gets what was released, and what they sent."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_documents", parameters=[CURSOR], responses=DocumentPage)
    def get(self, request: Request, uid: UUID) -> Response:
        before = cursors.read_place(request.query_params.get("cursor", ""))
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            if not request.user.by_mail:
                raise Forbidden("Sign in with the code that comes by email.")
            rows, following = access.own_documents(person, by=request.user.acting_for(person), before=before)
        else:
            rows, following = access.documents_of(request.user, uid, at=now(), before=before)
        return Response({"results": [document_json(row) for row in rows], "next": following})


def _own(caller: PatientCaller, uid: UUID) -> Person:
    """Of the patient who calls, or whom they look after; 404 for all others."""
    if not caller.by_mail:
        raise NotFound
    return caller.reach(access.person_of_own(uid).uid)


def _again(document: Document) -> Document:
    person = document.person
    document.refresh_from_db(fields=["released_at", "removed_at"])
    document.person = person
    return document
