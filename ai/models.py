"""The ledger of what was asked of a model and what came of it, and who wants nothing to do with one."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from vault.fields import SealedJSONField


class Outcome(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    FAILED = "failed", _("Failed")


class Act(Outward):
    """One question to a model, or to the rules that stand in for it. `output` is sealed with the subject's key."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    at = models.DateTimeField()
    purpose = models.CharField(max_length=40)
    model = models.CharField(max_length=80)  # "rules/…" where no model was asked
    prompt_version = models.CharField(max_length=40)
    inputs_hash = models.CharField(max_length=64)  # keyed: says nothing to who does not hold the inputs
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    problem = models.CharField(max_length=40, blank=True)
    output = SealedJSONField(tag="ai.act.output/1")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    subject = models.UUIDField()
    about = models.UUIDField()  # what it was drafted for

    class Meta:
        indexes = [
            models.Index(fields=["about", "-at"], name="ai_act_about"),
            models.Index(fields=["-at"], name="ai_act_at"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.uid}"

    @property
    def by_rules(self) -> bool:
        return self.model.startswith("rules/")

    def sealing_subject(self) -> UUID:
        return self.subject


class Decision(models.TextChoices):
    USED = "used", _("Used")
    DISMISSED = "dismissed", _("Dismissed")


class Verdict(models.Model):
    """What a person made of one part of a draft. It stays as it is; the first one counts."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    act = models.ForeignKey(Act, models.PROTECT, related_name="verdicts", db_index=False)
    part = models.CharField(max_length=20)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "part"], name="ai_verdict_once")]

    def __str__(self) -> str:
        return f"{self.part}: {self.decision}"


class Of(models.TextChoices):
    CLINIC = "clinic", _("Clinic")
    STAFF = "staff", _("Staff")
    PATIENT = "patient", _("Patient")


class Choice(models.Model):
    """Whether drafts by a model are wanted: by the clinic (no row: no), by one of the staff, by a patient (no row: yes)."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    of = models.CharField(max_length=8, choices=Of.choices)
    subject = models.UUIDField(null=True)
    allowed = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "subject"], name="ai_choice_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.of}: {'allowed' if self.allowed else 'not allowed'}"
