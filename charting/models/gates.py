"""What must be there before a treatment: the clinic's rules, and the results of good-faith exams."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from charting.models.encounters import Encounter
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models import Provider, Service, ServiceCategory
from vault.fields import SealedTextField


class ExamOutcome(models.TextChoices):
    CLEARED = "cleared", _("Cleared")
    LIMITED = "limited", _("Cleared with limits")
    REFUSED = "refused", _("Not cleared")


class ExamResult(Outward):
    """What a good-faith exam found for one service. A later result replaces an earlier one by standing after it."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="exam_results")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    examiner = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=8, choices=ExamOutcome.choices)
    limits = SealedTextField(tag="charting.exam.limits/1", default="")
    valid_until = models.DateField()  # the last day, in the zone of the location
    examined_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"exam result {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.encounter.person.uid


class GateItem(models.TextChoices):
    CONSENT = "consent", _("Consent signed")
    EXAM = "exam", _("Good-faith exam")
    CONTRAINDICATIONS = "contraindications", _("Contraindications cleared")
    INTAKE = "intake", _("Health form")
    PATCH_TEST = "patch_test", _("Patch test")
    LICENSE = "license", _("Provider’s licence")
    SUPERVISOR = "supervisor", _("Supervisor")
    LOT = "lot", _("Unexpired lot")


class GateMode(models.TextChoices):
    OFF = "off", _("Not asked")
    WARN = "warn", _("Warns")
    BLOCK = "block", _("Blocks")


class Nature(models.TextChoices):
    """Which sort of treatment something speaks against."""

    ANY = "any", _("Any treatment")
    LASER = "laser", _("Laser and light")
    INJECTABLE = "injectable", _("Injectables")
    SKIN = "skin", _("Peels and needling")


class GateRule(models.Model):
    """How one item is asked: of a service, of a category, or of all. The narrowest rule holds."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    item = models.CharField(max_length=18, choices=GateItem.choices)
    category = models.ForeignKey(ServiceCategory, models.CASCADE, related_name="+", null=True, db_index=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="+", null=True, db_index=False)
    mode = models.CharField(max_length=5, choices=GateMode.choices)
    months = models.PositiveSmallIntegerField(default=12)  # how long an exam or a patch test counts
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.ANY)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "category", "service"], nulls_distinct=False, name="charting_gate_rule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(category=None) | models.Q(service=None), name="charting_gate_rule_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.mode}"
