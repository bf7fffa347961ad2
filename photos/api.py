"""Photos by program, and from the capture page: one comes sealed, one goes out whole, and the list of a patient's."""

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
from files import uploads
from files.api import FORM, Unread, idempotency_key, require_form
from patients import cursors
from patients.access import get_record
from patients.callers import PatientCaller, StaffOrPatient
from patients.models import Person
from photos import access, actions, keeping, opening
from photos.models import ImageKind, Photo, PhotoSet
from photos.serializers import Entry, PhotoInput, PhotoOutput, PhotoPage, photo_json, read_entry, read_uuid
from photos.uploads import EXPECTED

CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")
SIZE = OpenApiParameter("size", str, enum=["original", "thumbnail"], description="Else the original.")


class Photos(APIView):
    """One photo with its thumbnail. Sealed while it arrives; never decoded, never on a disk in clear."""

    permission_classes = [Needs("photos.manage")]
    parser_classes = [Unread]

    @extend_schema(
        operation_id="photos_add", request={FORM: PhotoInput}, responses={200: PhotoOutput, 201: PhotoOutput}
    )
    def post(self, request: Request) -> Response:
        require_form(request)
        at, found = now(), list[Person]()

        def named(fields: QueryDict, _field: str) -> tuple[UUID, None]:
            if not found:
                found.append(self._person(request, fields))
            return found[0].uid, None

        fields, files = uploads.receive(request._request, EXPECTED, named)
        person = found[0] if found else self._person(request, fields)
        entry, wrong = read_entry(fields, at=at)
        wrong += uploads.failures(EXPECTED, files)
        photo_set = self._set(person, entry)
        if wrong:
            raise Invalid(errors=wrong)
        uid = self._uid(request, person)
        first = Photo.objects.prefetch_related("images").filter(uid=uid).first() if uid else None
        if first is not None:
            return self._answer(keeping.same_upload(first, entry.angle, files), status.HTTP_200_OK)
        by = actor_of(request)
        note = actions.read_note(entry.note)
        photo_set = photo_set or actions.begin_set(
            person,
            stage=entry.stage,
            taken_at=entry.taken_at or at,
            service=entry.service,
            visit=entry.visit,
            sitting=entry.sitting,
            by=by,
        )
        photo = keeping.keep_photo(photo_set, entry.angle, files, by=by, at=at, note=note, uid=uid)
        return self._answer(photo, status.HTTP_201_CREATED)

    def _person(self, request: Request, fields: QueryDict) -> Person:
        uid = read_uuid(fields.get("patient"))
        if uid is None:
            told = "Say whose photo this is, before the files."
            raise Invalid(errors=[failure("patient", "required", told)])
        try:
            return get_record(request.user, uid, to="photos.manage")
        except NotFound:
            told = "There is no such patient."
            raise Invalid(errors=[failure("patient", "unknown", told)]) from None

    def _set(self, person: Person, entry: Entry) -> PhotoSet | None:
        if entry.set is None:
            return None
        found = PhotoSet.objects.filter(person=person, uid=entry.set).first()
        if found is None:
            raise Invalid(errors=[failure("set", "unknown", "There is no such set of this patient.")])
        found.person = person
        return found

    def _uid(self, request: Request, person: Person) -> UUID | None:
        key = idempotency_key(request)
        if not key:
            return None
        return actions.photo_uid(person, f"{actor_of(request).id} {key}")

    def _answer(self, photo: Photo, code: int) -> Response:
        return Response(photo_json(photo), status=code)


class PhotoContent(APIView):
    """The image itself, verified whole before its first byte leaves; each opening is an event of its own."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="photos_content",
        parameters=[SIZE],
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "image/webp"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        small = request.query_params.get("size") == "thumbnail"
        kind = ImageKind.THUMBNAIL if small else ImageKind.ORIGINAL
        if isinstance(request.user, PatientCaller):
            caller = request.user
            if not caller.by_mail:
                raise NotFound
            person = caller.reach(access.person_of_released(uid).uid)
            image = access.open_own_image(person, uid, by=caller.acting_for(person), kind=kind)
        else:
            image = access.open_image(request.user, uid, kind=kind)
        return opening.image_response(image)


class PatientPhotos(APIView):
    """What was taken of a patient, the newest first; a patient gets what the clinic released to them."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_photos", parameters=[CURSOR], responses=PhotoPage)
    def get(self, request: Request, uid: UUID) -> Response:
        before = cursors.read_place(request.query_params.get("cursor", ""))
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            if not request.user.by_mail:
                raise Forbidden("Sign in with the code that comes by email.")
            rows, following = access.own_photos(person, by=request.user.acting_for(person), before=before)
        else:
            rows, following = access.photos_of(request.user, uid, before=before)
        return Response({"results": [photo_json(row) for row in rows], "next": following})
