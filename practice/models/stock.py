"""What is injected and used up: products, their lots, and the ledger of every unit.

Quantities are whole hundredths of the product's unit (practice.quantities). The ledger is append-only; a level is the
sum of its movements, kept so that two hands that reach for the last units meet at one row.
"""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import Zone, local_date
from core.models import Outward
from core.money import Money
from core.tables import Holder, Retention, TableClass
from practice.models.places import Location
from practice.quantities import HUNDRED, MOST
from vault.fields import SealedTextField


class ProductKind(models.TextChoices):
    NEUROTOXIN = "neurotoxin", _("Neurotoxin")
    FILLER = "filler", _("Filler")
    BIOSTIMULATOR = "biostimulator", _("Biostimulator")
    TOPICAL = "topical", _("Topical")
    CONSUMABLE = "consumable", _("Consumable")


INJECTED = (ProductKind.NEUROTOXIN, ProductKind.FILLER, ProductKind.BIOSTIMULATOR)


class Unit(models.TextChoices):
    UNITS = "unit", _("units")
    ML = "ml", _("mL")
    GRAM = "g", _("g")
    PIECE = "piece", _("pieces")


SHORT = {Unit.UNITS: "u", Unit.ML: "mL", Unit.GRAM: "g", Unit.PIECE: "pc"}


class ProductQuerySet(models.QuerySet["Product"]):
    def in_use(self) -> "ProductQuerySet":
        return self.filter(archived_at=None)

    def injected(self) -> "ProductQuerySet":
        return self.in_use().filter(kind__in=INJECTED)


class Product(Outward):
    """Something that is kept in stock. Its price is of one whole unit."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    name = models.CharField(max_length=120)
    manufacturer = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=ProductKind.choices)
    unit = models.CharField(max_length=6, choices=Unit.choices)
    per_vial = models.PositiveIntegerField(default=HUNDRED)  # hundredths of the unit in one vial or package
    price_amount = models.PositiveIntegerField(default=0)  # minor units of the currency
    currency = models.CharField(max_length=3, default="USD")
    archived_at = models.DateTimeField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "manufacturer"], name="practice_product_once"),
            models.CheckConstraint(
                condition=Q(per_vial__gte=1, per_vial__lte=MOST), name="practice_product_per_vial"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def short_unit(self) -> str:
        return SHORT[Unit(self.unit)]


class Lot(Outward):
    """One batch of a product. Usable to the end of `expires_on` by the clock of the place where it is used."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    product = models.ForeignKey(Product, models.PROTECT, related_name="lots", db_index=False)
    number = models.CharField(max_length=40)
    expires_on = models.DateField()
    recalled_at = models.DateTimeField(null=True)  # blocked from use since
    recalled_by = models.CharField(max_length=100, blank=True)
    recall_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["expires_on", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="practice_lot_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_recalled(self) -> bool:
        return self.recalled_at is not None

    def has_expired(self, at: datetime, zone: Zone) -> bool:
        """From the midnight that ends its last day, at the place with that zone."""
        return local_date(at, zone) > self.expires_on

    def days_left(self, on: date) -> int:
        """0 on its last day; negative once it has expired."""
        return (self.expires_on - on).days


class StockLevel(models.Model):
    """What is left of a lot at a location: the row whose lock decides who gets the last units.

    One vial of a lot is open at a location at a time; the next is opened when it is used up or thrown away. So what is
    open follows from what is left.
    """

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="levels", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    left = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)  # the vial that is open now
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="practice_level_once"),
            models.CheckConstraint(condition=Q(left__gte=0), name="practice_level_left"),
        ]

    def __str__(self) -> str:
        return f"level {self.pk}"

    @property
    def sealed_vials(self) -> int:
        return self.left // self.lot.product.per_vial

    @property
    def open_left(self) -> int:
        return self.left % self.lot.product.per_vial

    @property
    def open_drawn(self) -> int:
        """What has been taken out of the vial that is open; nothing where none is."""
        return self.lot.product.per_vial - self.open_left if self.open_left else 0


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("Received")
    TRANSFERRED = "transferred", _("Moved")
    CHARTED = "charted", _("Charted")
    WASTED = "wasted", _("Wasted")
    COUNTED = "counted", _("Count")
    ADJUSTED = "adjusted", _("Corrected")
    RETURNED = "returned", _("Returned")


class WasteReason(models.TextChoices):
    NOT_USED = "not_used", _("Drawn, not used")
    END_OF_VIAL = "end_of_vial", _("Open vial thrown away")
    EXPIRED = "expired", _("Expired")
    DAMAGED = "damaged", _("Broken or spilled")
    CONTAMINATED = "contaminated", _("Contaminated")
    RECALLED = "recalled", _("Recalled")
    OTHER = "other", _("Other")


class StockMovement(Outward):
    """One change of a level. Never altered: what was wrong is taken back by a movement of its own."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=11, choices=MovementKind.choices)
    quantity = models.IntegerField()  # signed: what it did to the level
    left_after = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=WasteReason.choices, blank=True)
    note = SealedTextField(tag="practice.stock_movement.note/1", null=True)
    source = models.UUIDField(null=True)  # what made it: an injection map, the two sides of a transfer
    reverses = models.UUIDField(null=True)  # the movement that it takes back
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["lot", "location", "id"], name="practice_movement_lot"),
            models.Index(fields=["location", "at"], name="practice_movement_day"),
            models.Index(
                fields=["source"], name="practice_movement_source", condition=Q(source__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reverses"], name="practice_movement_undone", condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(quantity=0) | Q(kind=MovementKind.COUNTED), name="practice_movement_moves"
            ),
            models.CheckConstraint(
                condition=~Q(kind=MovementKind.WASTED) | ~Q(reason="") | Q(reverses__isnull=False),
                name="practice_movement_waste_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"movement {self.uid}"

    def sealing_subject(self) -> None:
        return None
