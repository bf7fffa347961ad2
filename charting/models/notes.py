"""The note of an encounter: a draft until it is signed, then fixed for ever; what is added later; the co-signature."""

from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from charting.models.encounters import Encounter
from charting.models.templates import NoteTemplate
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from practice.models import Provider
from vault.fields import SealedJSONField, SealedTextField


class Part(StrEnum):
    """The four parts of a note, in their order."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    PLAN = "plan"


PARTS = tuple(str(part) for part in Part)
PART_LABELS = {
    "subjective": _("Subjective"),
    "objective": _("Objective"),
    "assessment": _("Assessment"),
    "plan": _("Plan"),
}


class NoteState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


class Note(Outward):
    """One a encounter. The database itself refuses to change or delete it once it is signed (the migration that locks notes)."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="note")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    template = models.ForeignKey(NoteTemplate, models.PROTECT, related_name="+", null=True, db_index=False)
    subjective = SealedTextField(tag="soap.subjective/1")
    objective = SealedTextField(tag="soap.objective/1")
    assessment = SealedTextField(tag="soap.assessment/1")
    plan = SealedTextField(tag="soap.plan/1")
    # {"values": {key: value}}; signed notes also keep {"shown": [[label, text], …]}, as the reader saw them
    answers = SealedJSONField(tag="soap.answers/1")
    revision = models.PositiveIntegerField(default=1)
    edit_key = models.UUIDField(
        null=True
    )  # the open page that saved last: it may repeat what it has not heard of
    state = models.CharField(max_length=8, choices=NoteState.choices, default=NoteState.DRAFT)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    content_hash = SealedTextField(tag="soap.content_hash/1", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["author"], condition=models.Q(state="draft"), name="charting_note_drafts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", signed_at=None, signed_by=None, content_hash__isnull=True)
                | models.Q(
                    state="signed",
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    content_hash__isnull=False,
                ),
                name="charting_note_signed",
            )
        ]

    def __str__(self) -> str:
        return f"note {self.uid}"

    @property
    def is_signed(self) -> bool:
        return self.state == NoteState.SIGNED

    @property
    def parts(self) -> dict[str, str]:
        return {part: getattr(self, part) for part in PARTS}

    @property
    def values(self) -> dict[str, object]:
        return dict(self.answers.get("values", {}))

    def sealing_subject(self) -> UUID:
        return self.encounter.person.uid


class AddendumKind(models.TextChoices):
    ADDENDUM = "addendum", _("Addendum")
    RETURNED = "returned", _("Returned with a comment")


class Addendum(Outward):
    """What is added to a signed note, signed by whoever wrote it. It stays as it is."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    note = models.ForeignKey(Note, models.PROTECT, related_name="addenda")
    kind = models.CharField(max_length=8, choices=AddendumKind.choices, default=AddendumKind.ADDENDUM)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    text = SealedTextField(tag="soap.addendum/1")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]

    def __str__(self) -> str:
        return f"addendum {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.note.encounter.person.uid


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("Waiting for co-signature")
    RETURNED = "returned", _("Returned to the author")
    COSIGNED = "cosigned", _("Co-signed")


class CoSignature(models.Model):
    """A supervisor must see this note: why, until when, and what came of it. Fixed once co-signed (the migration that locks notes)."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    note = models.OneToOneField(Note, models.PROTECT, related_name="cosignature")
    reason = models.CharField(max_length=12)  # cosigning.Reason: which rule chose it
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.WAITING)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=~models.Q(state="cosigned"), name="charting_cosign_open"
            ),
        ]

    def __str__(self) -> str:
        return f"co-signature of {self.note_id}"


class SamplingRule(models.Model):
    """Which signed notes of a provider a supervisor must see; without a provider, of everybody without a rule."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    provider = models.OneToOneField(Provider, models.CASCADE, related_name="+", null=True)
    percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    services = ArrayField(models.UUIDField(), default=list, blank=True)  # of these every one
    first_months = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(60)])
    since = models.DateField(null=True)  # from when the first months count
    days = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(90)])  # to co-sign in

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(provider=None),
                name="charting_rule_default",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="charting_rule_percent"),
        ]

    def __str__(self) -> str:
        return f"rule of {self.provider_id or 'everybody'}"
