"""What anybody may ask a clinic: its services, and the texts a booking refers to."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_auth import Anyone
from practice.models import PolicyKind
from practice.queries import bookable_services, current_texts
from practice.serializers import (
    BookingTextsSerializer,
    ServicePageSerializer,
    ServiceSerializer,
    TextSerializer,
)


class Services(APIView):
    """The services that can be booked online, in the clinic's order."""

    permission_classes = [Anyone]

    @extend_schema(operation_id="services_list", responses=ServicePageSerializer)
    def get(self, request: Request) -> Response:
        rows = [ServiceSerializer(service).data for service in bookable_services()]
        return Response({"results": rows, "next": None})


class BookingTexts(APIView):
    """Each text with its version; a booking that agrees to one names the version that was shown."""

    permission_classes = [Anyone]

    @extend_schema(operation_id="booking_texts", responses=BookingTextsSerializer)
    def get(self, request: Request) -> Response:
        texts = current_texts()
        return Response(
            {kind: TextSerializer(texts[kind]).data if kind in texts else None for kind in PolicyKind.values}
        )
