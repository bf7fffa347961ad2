"""The trail as programs read it."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.views import APIView

from accounts.actors import actor_of
from accounts.api_auth import Needs
from audit.models import Event
from audit.trail import note_list
from core.problems import Invalid, failure
from patients.callers import PatientCaller, or_patient

PAGE = 50
MOST = 200


class AuditEvents(APIView):
    """Newest first. The detail of an event stays sealed; the API tells who did what to whom, and when."""

    permission_classes = [or_patient(Needs("audit.view"))]

    @extend_schema(
        operation_id="audit_events_list",
        parameters=[
            OpenApiParameter("patient", OpenApiTypes.UUID, description="Only what concerns this patient"),
            OpenApiParameter("verb", OpenApiTypes.STR),
            OpenApiParameter("cursor", OpenApiTypes.UUID, description="`next` of the page before"),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"At most {MOST}"),
        ],
        responses={
            200: OpenApiResponse(OpenApiTypes.OBJECT, description='{"results": [event], "next": cursor}')
        },
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        asked, caller = _read(request), request.user
        events = Event.objects.order_by("-id")
        own: set[UUID] | None = None
        if isinstance(caller, PatientCaller):
            own = {person.uid for person in caller.people()}
            events = events.filter(Q(patient_id__in=own) | Q(shown__overlap=list(own)))
            if asked["patient"] and asked["patient"] not in own:
                events = events.none()  # nor whether another stood in the same list
        if asked["patient"]:
            events = events.filter(Q(patient_id=asked["patient"]) | Q(shown__contains=[asked["patient"]]))
        if asked["verb"]:
            events = events.filter(verb=asked["verb"])
        if asked["cursor"]:
            events = events.filter(id__lt=asked["cursor"])
        found = list(events.defer("body", "detail")[: asked["limit"] + 1])
        page = found[: asked["limit"]]
        persons = {event.patient_id for event in page if event.patient_id}
        by = caller.acting_for(caller.person) if isinstance(caller, PatientCaller) else actor_of(request)
        note_list("audit.viewed", by=by, kind="audit.event", shown=persons if own is None else persons & own)
        following = str(page[-1].id) if len(found) > len(page) else None
        return JsonResponse({"results": [as_json(event, own) for event in page], "next": following})


def as_json(event: Event, own: set[UUID] | None = None) -> dict[str, Any]:
    """`own`: the only persons whom the reader may hear of; None for the staff."""
    shown = [person for person in event.shown if own is None or person in own]
    whose = event.patient_id if own is None or event.patient_id in own else None
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "actor": {"kind": event.actor_kind, "id": event.actor_id},
        "verb": event.verb,
        "object": {"type": event.object_type, "id": event.object_id},
        "patient": str(whose) if whose else None,
        "shown": [str(person) for person in shown],
        "request_id": str(event.request_id) if event.request_id else None,
    }


def _read(request: HttpRequest) -> dict[str, Any]:
    wrong = []
    found: dict[str, Any] = {"verb": request.GET.get("verb", "")[:60], "limit": PAGE}
    for name in ("patient", "cursor"):
        text = request.GET.get(name, "")
        try:
            found[name] = UUID(text) if text else None
        except ValueError:
            wrong.append(failure(name, "invalid", "This must be an id."))
    limit = request.GET.get("limit", "")
    if limit and (not limit.isdigit() or not 1 <= int(limit) <= MOST):
        wrong.append(failure("limit", "invalid", f"This must be a number from 1 to {MOST}."))
    elif limit:
        found["limit"] = int(limit)
    if wrong:
        raise Invalid(errors=wrong)
    return found
