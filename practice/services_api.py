"""Programs change the offer; what anybody may read of it is in `practice.api`."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import require
from accounts.actors import actor_of
from accounts.api_auth import Needs
from audit.actors import Actor
from core.clock import now
from core.problems import Invalid, failure
from practice import access, actions
from practice.api import Services
from practice.models import Provider, Service, ServiceCategory
from practice.settings_api import CURSOR, VIEW, given, page
from practice.settings_serializers import ServiceDetail, ServiceInput, page_of, service_json

MANAGE = "services.manage"


class ServicesToo(Services):
    """The public list, to which those who may change the offer add."""

    @extend_schema(operation_id="services_create", request=ServiceInput, responses={201: ServiceDetail})
    def post(self, request: Request) -> Response:
        require(request.user, MANAGE)
        fields = given(ServiceInput, request)
        by = actor_of(request)
        with transaction.atomic():
            row = _write(None, fields, by)
        return Response(service_json(row), status=status.HTTP_201_CREATED)


class AllServices(APIView):
    """The whole offer with all its details: what is not booked online and what is archived too."""

    permission_classes = [Needs(VIEW)]

    @extend_schema(operation_id="services_all", parameters=[CURSOR], responses=page_of(ServiceDetail))
    def get(self, request: Request) -> Response:
        rows = Service.objects.select_related("category").prefetch_related("providers")
        return page(request, rows, service_json)


class OneService(APIView):
    permission_classes = [Needs(VIEW, write=MANAGE)]

    @extend_schema(operation_id="services_get", responses=ServiceDetail)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(service_json(access.get_service(request.user, uid, to=VIEW)))

    @extend_schema(
        operation_id="services_change", request=ServiceInput(partial=True), responses=ServiceDetail
    )
    def patch(self, request: Request, uid: UUID) -> Response:
        row = access.get_service(request.user, uid)
        fields = given(ServiceInput, request, partial=True)
        with transaction.atomic():
            row = _write(row, fields, actor_of(request))
        return Response(service_json(row))


def _write(row: Service | None, fields: dict[str, Any], by: Actor) -> Service:
    givers = _providers(fields.pop("providers")) if "providers" in fields else None
    archived = fields.pop("archived", None)
    if "category" in fields:
        fields["category"] = _heading(fields["category"], by)
    if row is None:
        row = actions.create_service(by=by, **fields)
    elif fields:
        actions.update_service(row, by=by, **fields)
    if givers is not None:
        actions.set_service_providers(row, givers, by=by)
    if archived is True and row.archived_at is None:
        actions.archive_service(row, by=by, at=now())
    if archived is False and row.archived_at is not None:
        actions.restore_service(row, by=by)
    return row


def _providers(uids: list[UUID]) -> list[Provider]:
    found = list(Provider.objects.in_use().filter(uid__in=uids))
    missing = set(uids) - {one.uid for one in found}
    if missing:
        message = _("Nobody who treats here has this id: %(id)s.") % {"id": min(missing)}
        raise Invalid(errors=[failure("providers", "unknown", message)])
    return found


def _heading(name: str, by: Actor) -> ServiceCategory:
    known = ServiceCategory.objects.filter(name__iexact=name.strip()).first()
    return known or actions.create_category(by=by, name=name, position=ServiceCategory.objects.count())
