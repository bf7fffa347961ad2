"""The stock by program: products, lots and what is left of them, the ledger; deliveries and counts."""

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
from core.clock import local, now
from core.problems import Invalid, failure
from practice import access
from practice.actions import stock as actions
from practice.models import Lot, MovementKind, Product, ProductKind, StockMovement, Unit
from practice.quantities import read_quantity, write_quantity
from practice.settings_api import CURSOR, given, page, place_of

VIEW, MANAGE = "stock.view", "stock.manage"
LOT = OpenApiParameter("lot", UUID, description="Of one lot only.")
PRODUCT = OpenApiParameter("product", UUID, description="Of one product only.")
QUANTITY = "In the product's unit, with at most two decimals, such as 2.5."


class ProductOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    manufacturer = serializers.CharField()
    kind = serializers.ChoiceField(ProductKind.values)
    unit = serializers.ChoiceField(Unit.values)
    per_vial = serializers.CharField(help_text=QUANTITY)
    archived_at = serializers.DateTimeField(allow_null=True)


class LevelOutput(serializers.Serializer[Any]):
    location = serializers.UUIDField()
    left = serializers.CharField(help_text=QUANTITY)
    counted_at = serializers.DateTimeField(allow_null=True)


class LotOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    product = serializers.UUIDField()
    number = serializers.CharField()
    expires_on = serializers.DateField()
    recalled_at = serializers.DateTimeField(allow_null=True)
    levels = LevelOutput(many=True)


class MovementOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    lot = serializers.UUIDField()
    location = serializers.UUIDField()
    kind = serializers.ChoiceField(MovementKind.values)
    quantity = serializers.CharField(help_text="What it did to the level, with its sign.")
    left_after = serializers.CharField(help_text=QUANTITY)
    reason = serializers.CharField(help_text="Why it was thrown away; empty for all else.")
    reverses = serializers.UUIDField(allow_null=True, help_text="The movement that it takes back.")
    at = serializers.DateTimeField()


class ProductPage(serializers.Serializer[Any]):
    results = ProductOutput(many=True)
    next = serializers.CharField(allow_null=True)


class LotPage(serializers.Serializer[Any]):
    results = LotOutput(many=True)
    next = serializers.CharField(allow_null=True)


class MovementPage(serializers.Serializer[Any]):
    results = MovementOutput(many=True)
    next = serializers.CharField(allow_null=True)


class DeliveryInput(serializers.Serializer[Any]):
    product = serializers.UUIDField()
    number = serializers.CharField(max_length=40)
    expires_on = serializers.DateField()
    location = serializers.UUIDField()
    quantity = serializers.CharField(max_length=20, help_text=QUANTITY)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class CountInput(serializers.Serializer[Any]):
    location = serializers.UUIDField()
    found = serializers.CharField(max_length=20, help_text=f"What is there. {QUANTITY}")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class StockProducts(APIView):
    permission_classes = [Needs(VIEW)]

    @extend_schema(operation_id="stock_products", parameters=[CURSOR], responses=ProductPage)
    def get(self, request: Request) -> Response:
        return page(request, Product.objects.all(), product_json)


class StockLots(APIView):
    """Lots with what is left of them, and a delivery put on the shelf."""

    permission_classes = [Needs(VIEW, write=MANAGE)]

    @extend_schema(operation_id="stock_lots", parameters=[CURSOR, PRODUCT], responses=LotPage)
    def get(self, request: Request) -> Response:
        rows = Lot.objects.select_related("product").prefetch_related("levels__location")
        if (product := _asked(request, "product")) is not None:
            rows = rows.filter(product__uid=product)
        return page(request, rows, lot_json)

    @extend_schema(operation_id="stock_receive", request=DeliveryInput, responses={201: MovementOutput})
    def post(self, request: Request) -> Response:
        sent = given(DeliveryInput, request)
        product = Product.objects.filter(uid=sent["product"]).first()
        if product is None:
            raise Invalid(errors=[failure("product", "unknown", _("There is no such product."))])
        made = actions.receive(
            product,
            number=sent["number"],
            expires_on=sent["expires_on"],
            location=place_of(sent["location"]),
            quantity=_quantity("quantity", sent["quantity"]),
            note=sent.get("note", ""),
            by=actor_of(request),
            at=now(),
        )
        return Response(movement_json(made), status=status.HTTP_201_CREATED)


class StockLot(APIView):
    permission_classes = [Needs(VIEW)]

    @extend_schema(operation_id="stock_lot", responses=LotOutput)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(lot_json(access.get_lot(request.user, uid)))


class StockCount(APIView):
    permission_classes = [Needs(MANAGE)]

    @extend_schema(operation_id="stock_count", request=CountInput, responses={201: MovementOutput})
    def post(self, request: Request, uid: UUID) -> Response:
        """What was counted becomes what is left."""
        lot = access.get_lot(request.user, uid, to=MANAGE)
        sent = given(CountInput, request)
        found = _quantity("found", sent["found"])
        how: dict[str, Any] = {"note": sent.get("note", ""), "by": actor_of(request), "at": now()}
        made = actions.count(lot, location=place_of(sent["location"]), found=found, **how)
        return Response(movement_json(made), status=status.HTTP_201_CREATED)


class StockMovements(APIView):
    """The ledger: what was received, moved, charted, wasted, counted; nothing of it ever changes."""

    permission_classes = [Needs(VIEW)]

    @extend_schema(operation_id="stock_movements", parameters=[CURSOR, LOT], responses=MovementPage)
    def get(self, request: Request) -> Response:
        require_object(request.user, VIEW)
        rows = StockMovement.objects.select_related("lot", "location")
        if (lot := _asked(request, "lot")) is not None:
            rows = rows.filter(lot__uid=lot)
        return page(request, rows, movement_json)


def product_json(row: Product) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "name": row.name,
        "manufacturer": row.manufacturer,
        "kind": row.kind,
        "unit": row.unit,
        "per_vial": write_quantity(row.per_vial),
        "archived_at": row.archived_at,
    }


def lot_json(row: Lot) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "product": str(row.product.uid),
        "number": row.number,
        "expires_on": row.expires_on.isoformat(),
        "recalled_at": row.recalled_at,
        "levels": [
            {
                "location": str(level.location.uid),
                "left": write_quantity(level.left),
                "counted_at": level.counted_at,
            }
            for level in row.levels.all()
        ],
    }


def movement_json(row: StockMovement) -> dict[str, Any]:
    return {
        "id": str(row.uid),
        "lot": str(row.lot.uid),
        "location": str(row.location.uid),
        "kind": row.kind,
        "quantity": write_quantity(row.quantity),
        "left_after": write_quantity(row.left_after),
        "reason": row.reason,
        "reverses": str(row.reverses) if row.reverses else None,
        "at": local(row.at, row.location.zone).isoformat(),
    }


def _quantity(field: str, text: str) -> int:
    try:
        return read_quantity(text)
    except ValueError:
        raise Invalid(errors=[failure(field, "invalid", _("Give a quantity such as 20 or 0.5."))]) from None


def _asked(request: Request, name: str) -> UUID | None:
    text = request.query_params.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(errors=[failure(name, "invalid", _("This is not an id."))]) from None
