"""People by program: the list and search, one person, and below each the messages and the access log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import require_object
from accounts.actors import actor_of
from accounts.api_auth import Needs
from core.clock import local, local_date, now
from core.problems import BadRequest
from messaging import inapp
from patients import access, actions, care, cursors, letters, merging, self_service
from patients.callers import PatientCaller, StaffOrPatient, or_patient
from patients.rules import Entry, read_details
from patients.serializers import (
    AccessPage,
    BreakGlassInput,
    BreakGlassOutput,
    CreatedPerson,
    MergeInput,
    MergeOutput,
    MessageInput,
    MessageOutput,
    MessagePage,
    PersonInput,
    PersonOutput,
    PersonPage,
    access_json,
    merge_json,
    message_json,
    people_json,
    person_json,
    read_merge,
    read_message,
)
from practice.profile import clinic_zone, profile
from tenants import sites

CURSOR = OpenApiParameter("cursor", str, description="The `next` of the page before.")


class Patients(APIView):
    """Who was here last comes first; with `q` the best find. There is no alphabetical browse."""

    permission_classes = [or_patient(Needs("patients.view", write="patients.manage"))]

    @extend_schema(
        operation_id="patients_list",
        parameters=[
            OpenApiParameter(
                "q", str, description="The beginning of names, a phone number or an email address."
            ),
            CURSOR,
        ],
        responses=PersonPage,
    )
    def get(self, request: Request) -> Response:
        if isinstance(request.user, PatientCaller):
            own = access.own_people(request.user)
            return Response({"results": people_json(own, request.user), "next": None})
        text = request.query_params.get("q", "").strip()
        if text:
            found = access.search(request.user, text, region=profile().region)
            return Response({"results": people_json(found, request.user), "next": None})
        after = cursors.read_cursor(request.query_params.get("cursor", ""))
        people, following = access.recent(request.user, after=after)
        return Response({"results": people_json(people, request.user), "next": following})

    @extend_schema(operation_id="patients_create", request=PersonInput, responses={201: CreatedPerson})
    def post(self, request: Request) -> Response:
        at = now()
        details = read_details(
            body_of(request), on=local_date(at, clinic_zone()), entry=Entry.STAFF, region=profile().region
        )
        alike = access.possible_duplicates(request.user, details)
        person = actions.create_person(details, by=actor_of(request), at=at)
        body = person_json(person, request.user)
        body["possible_duplicates"] = [str(one.uid) for one in alike]
        return Response(body, status=status.HTTP_201_CREATED)


class Patient(APIView):
    """One person. A forbidden id looks like one that does not exist."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patients_get", responses=PersonOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        if isinstance(request.user, PatientCaller):
            return Response(person_json(access.own_person(request.user, uid), request.user))
        return Response(person_json(access.get_person(request.user, uid), request.user))

    @extend_schema(operation_id="patients_change", request=PersonInput(partial=True), responses=PersonOutput)
    def patch(self, request: Request, uid: UUID) -> Response:
        if isinstance(request.user, PatientCaller):
            return self._change_own(request, request.user, uid)
        person = access.get_person(request.user, uid, to="manage")
        given = body_of(request)
        on = local_date(now(), clinic_zone())
        actions.update_person(person, given, by=actor_of(request), on=on, region=profile().region)
        return Response(person_json(access.get_person(request.user, uid, to="manage"), request.user))

    def _change_own(self, request: Request, caller: PatientCaller, uid: UUID) -> Response:
        person = access.own_person(caller, uid, to="manage")
        on = local_date(now(), clinic_zone())
        self_service.change_own(person, body_of(request), by=caller.acting_for(person), on=on)
        person.refresh_from_db(fields=["language"])
        return Response(person_json(person, caller))


class PatientMessages(APIView):
    """What was written to the person and by the person, the newest first; and writing."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_messages", parameters=[CURSOR], responses=MessagePage)
    def get(self, request: Request, uid: UUID) -> Response:
        before = cursors.read_place(request.query_params.get("cursor", ""))
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            rows, following = access.own_messages(
                person, by=request.user.acting_for(person), before=before, most=access.PAGE
            )
            inapp.mark_read(person.uid, at=now())
        else:
            rows, following = access.messages_of(request.user, uid, before=before)
        return Response({"results": [message_json(row, request.user) for row in rows], "next": following})

    @extend_schema(operation_id="patient_write", request=MessageInput, responses={201: MessageOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        at = now()
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            given = read_message(body_of(request), own=True)
            by = request.user.acting_for(person)
            message = letters.write_to_clinic(person, given["body"], by=by, at=at)
        else:
            require_object(request.user, "messages.send")
            person = access.get_person(request.user, uid)
            given = read_message(body_of(request), own=False)
            message = letters.send(request.user, person, **given, site=sites.site(), at=at)
        return Response(message_json(message, request.user), status=status.HTTP_201_CREATED)


class PatientBreakGlass(APIView):
    """For whoever reads charts and is not on the care team: a reason, and the record is open for four hours."""

    permission_classes = [StaffOrPatient]

    @extend_schema(
        operation_id="patient_break_glass", request=BreakGlassInput, responses={201: BreakGlassOutput}
    )
    def post(self, request: Request, uid: UUID) -> Response:
        require_object(request.user, "chart.view")
        person = access.get_person(request.user, uid)
        reason = body_of(request).get("reason", "")
        opened = care.break_glass(
            request.user, person, reason=reason if isinstance(reason, str) else "", at=now()
        )
        body = {"id": str(opened.uid), "until": local(opened.until, clinic_zone()).isoformat()}
        return Response(body, status=status.HTTP_201_CREATED)


class PatientMerge(APIView):
    """Another record of the same patient goes into this one."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_merge", request=MergeInput, responses={201: MergeOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        require_object(request.user, "patients.merge")
        access.get_person(request.user, uid, to="manage")
        other, choices = read_merge(body_of(request))
        access.get_person(request.user, other, to="manage")
        made = merging.merge(request.user, uid, other, choices=choices, at=now())
        return Response(merge_json(made), status=status.HTTP_201_CREATED)


class MergePart(APIView):
    """Two that were merged are two again."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="merge_part", request=None, responses=MergeOutput)
    def post(self, request: Request, uid: UUID) -> Response:
        return Response(merge_json(merging.part(request.user, uid, at=now())))


class PatientAccessLog(APIView):
    """Who saw or changed anything of this person, the newest first."""

    permission_classes = [StaffOrPatient]

    @extend_schema(operation_id="patient_access_log", parameters=[CURSOR], responses=AccessPage)
    def get(self, request: Request, uid: UUID) -> Response:
        before = cursors.read_place(request.query_params.get("cursor", ""))
        if isinstance(request.user, PatientCaller):
            person = request.user.reach(uid)
            rows, following = access.own_access_log(person, by=request.user.acting_for(person), before=before)
        else:
            rows, following = access.access_log_of(request.user, uid, before=before)
        return Response({"results": [access_json(row) for row in rows], "next": following})


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent."""
    if not isinstance(request.data, Mapping):
        raise BadRequest(_("Send a JSON object."))
    return request.data
