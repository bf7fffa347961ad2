"""What was injected where: the map of an encounter, its points, and who was told when a lot was recalled."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charting.models.encounters import Encounter
from core.models import Outward
from core.money import Money
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Lot, Product
from practice.quantities import HUNDRED, MOST
from vault.fields import SealedJSONField


class View(models.TextChoices):
    """The drawings, each 320 × 380; a point is in thousandths of their width and height."""

    FACE_FRONT = "face_front", _("Face, front")
    FACE_LEFT = "face_left", _("Face, left side")
    FACE_RIGHT = "face_right", _("Face, right side")
    BODY_FRONT = "body_front", _("Body, front")
    BODY_BACK = "body_back", _("Body, back")


class Depth(models.TextChoices):
    INTRADERMAL = "intradermal", _("Intradermal")
    SUBCUTANEOUS = "subcutaneous", _("Subcutaneous")
    INTRAMUSCULAR = "intramuscular", _("Intramuscular")
    SUPRAPERIOSTEAL = "supraperiosteal", _("Supraperiosteal")


class Technique(models.TextChoices):
    BOLUS = "bolus", _("Bolus")
    SERIAL = "serial", _("Serial puncture")
    LINEAR = "linear", _("Linear threading")
    FANNING = "fanning", _("Fanning")
    CANNULA = "cannula", _("Cannula")


class InjectionMap(Outward):
    """All that was injected in one encounter. `version` grows with each change; from `locked_at` the database refuses
    every change of it and of its points (its migration): it is locked with the note that was signed over it."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="injection_map")
    version = models.PositiveIntegerField(default=0)
    drawn = models.JSONField(default=dict)  # lot's uid: hundredths of a unit that were drawn up
    locked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"injection map {self.uid}"

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class InjectionPoint(Outward):
    """One injection. What was removed before the lock stays as a row: it is out of the map, and out of every sum.

    Product, lot and units lie open for the ledger, the invoice and a recall; where and how is sealed.
    """

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    map = models.ForeignKey(InjectionMap, models.PROTECT, related_name="points", db_index=False)
    number = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", null=True)  # None: still to be chosen
    units = models.PositiveIntegerField()  # hundredths of the product's unit
    price_amount = models.PositiveIntegerField()  # of one whole unit, as it was when charted
    currency = models.CharField(max_length=3)
    spot = SealedJSONField(tag="charting.injection_point.spot/1")  # view, x, y, site, depth, technique
    charted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["map", "number"], name="charting_point_number"),
            models.CheckConstraint(condition=Q(units__gte=1, units__lte=MOST), name="charting_point_units"),
        ]

    def __str__(self) -> str:
        return f"injection point {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.map.encounter.person.uid

    @property
    def where(self) -> dict[str, Any]:
        spot: dict[str, Any] = self.spot
        return spot

    @property
    def price(self) -> Money:
        """Of all its units, rounded half up: hundredths of a unit meet minor units of money."""
        return Money((self.price_amount * self.units + HUNDRED // 2) // HUNDRED, self.currency)


class RecallNoticeQuerySet(models.QuerySet["RecallNotice"]):
    def of_recall(self, lot: Lot) -> "RecallNoticeQuerySet":
        """Of the recall that stands; none where the lot is not recalled, or no longer."""
        if lot.recalled_at is None:
            return self.none()
        return self.filter(lot=lot, recalled_at=lot.recalled_at)


class RecallNotice(models.Model):
    """That a patient of a recalled lot was to be told, and how: by a message, or by hand where none reaches them."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recalled_at = models.DateTimeField()  # of which recall of the lot
    queued_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # by telephone or letter
    told_by = models.CharField(max_length=100, blank=True)

    objects = RecallNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "person", "recalled_at"], name="charting_recall_once")
        ]

    def __str__(self) -> str:
        return f"recall notice {self.pk}"
