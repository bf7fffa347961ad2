"""A treatment plan: written, offered in versions that never change, and what the patient decided about each."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Keyed
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from vault.fields import SealedJSONField, SealedTextField


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    COMPLETED = "completed", _("Completed")
    ENDED = "ended", _("Ended")


class TreatmentPlan(Keyed):
    """What somebody wants to reach, and by which treatments. What is being written lies in `draft` until it is offered.

    `offered` and `agreed` are numbers of versions, 0 for none: which was given to the patient last and not taken back,
    and which they agreed to last.
    """

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="plans", db_index=False)
    title = SealedTextField(tag="charting.plan.title/1")
    draft = SealedJSONField(tag="charting.plan.draft/1", null=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    offered = models.PositiveSmallIntegerField(default=0)
    agreed = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)  # the first acceptance: from here on visits count
    ended_at = models.DateTimeField(null=True)
    reason = SealedTextField(tag="charting.plan.reason/1", default="")  # why it was ended
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="charting_plan_person")]

    def __str__(self) -> str:
        return f"treatment plan {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid


class PlanVersion(Keyed):
    """What was offered, word by word. It never changes: a change is the next one, which asks again."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    plan = models.ForeignKey(TreatmentPlan, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = SealedJSONField(tag="charting.plan_version.content/1")
    content_hash = models.BinaryField(max_length=32)
    valid_until = models.DateField()
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="charting_plan_number")]

    def __str__(self) -> str:
        return f"version {self.number} of plan {self.plan_id}"

    def sealing_subject(self) -> UUID:
        return self.plan.person.uid


class Decided(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class DecidedHow(models.TextChoices):
    PORTAL = "portal", _("In the portal")
    SPOKEN = "spoken", _("Said at the clinic")
    PHONE = "phone", _("Said on the phone")
    API = "api", _("By program")


class PlanDecision(Keyed):
    """Yes or no to one version: the exact text, who said it, how and when. One a version, and nothing of it changes."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    version = models.OneToOneField(PlanVersion, models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=8, choices=Decided.choices)
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    relation = models.CharField(max_length=10, blank=True)  # of a guardian; blank: the patient
    language = models.CharField(max_length=8)
    text = SealedTextField(tag="charting.plan_decision.text/1")
    name = SealedTextField(tag="charting.plan_decision.name/1")
    reason = SealedTextField(tag="charting.plan_decision.reason/1", default="")
    device = SealedJSONField(tag="charting.plan_decision.device/1")  # {"ip", "agent"}
    how = models.CharField(max_length=8, choices=DecidedHow.choices)
    noted_by = models.CharField(max_length=100, blank=True)  # who of the staff wrote it down
    decided_at = models.DateTimeField()
    text_hash = models.BinaryField(max_length=32)
    seal_hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"decision {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.version.plan.person.uid

    def sealed(self) -> dict[str, object]:
        """All that was decided, as `seal_hash` covers it."""
        return {
            "decision": str(self.uid),
            "version": str(self.version.uid),
            "kind": self.kind,
            "signer": str(self.signer.uid) if self.signer else "",
            "relation": self.relation,
            "language": self.language,
            "text": self.text,
            "name": self.name,
            "reason": self.reason,
            "device": self.device,
            "how": self.how,
            "noted_by": self.noted_by,
            "decided_at": self.decided_at.isoformat(),
        }


class PlanTemplateQuerySet(models.QuerySet["PlanTemplate"]):
    def in_use(self) -> "PlanTemplateQuerySet":
        return self.filter(archived_at=None)


class PlanTemplate(Keyed):
    """Stages that the clinic plans often. Nothing of a patient is in it: only treatments, numbers and prices."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    name = models.CharField(max_length=80)
    stages = models.JSONField(default=list)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "uid"]

    def __str__(self) -> str:
        return self.name
