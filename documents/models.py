"""The noun: one paper of one patient, with its sealed file."""

from typing import Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.tables import Holder, Retention, TableClass
from files.models import SealedFile
from patients.models import Person
from vault.fields import SealedTextField


class Kind(models.TextChoices):
    IDENTIFICATION = "identification", _("Photo ID")
    INSURANCE = "insurance", _("Insurance card")
    REFERRAL = "referral", _("Referral")
    LAB = "lab", _("Lab result")
    PATHOLOGY = "pathology", _("Pathology report")
    IMAGING = "imaging", _("Imaging report")
    LETTER = "letter", _("Letter from another provider")
    RECORDS = "records", _("Earlier records")
    CONSENT = "consent", _("Consent signed elsewhere")
    OTHER = "other", pgettext_lazy("of a document", "Other")


# What the front desk files and opens. All other kinds are part of the clinical record.
ADMINISTRATIVE: Final = frozenset({Kind.IDENTIFICATION, Kind.INSURANCE, Kind.REFERRAL})
# What patients may say of what they send.
OF_PATIENTS: Final = (
    Kind.RECORDS,
    Kind.LAB,
    Kind.REFERRAL,
    Kind.INSURANCE,
    Kind.IDENTIFICATION,
    Kind.OTHER,
)


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> "DocumentQuerySet":
        """Without those that were removed."""
        return self.filter(removed_at=None)

    def for_patient(self) -> "DocumentQuerySet":
        """What the patient sees: what was released, and what they sent themselves."""
        return self.kept().filter(models.Q(released_at__isnull=False) | models.Q(from_patient=True))

    def waiting(self) -> "DocumentQuerySet":
        """Sent by the patient, and nobody has looked at it yet."""
        return self.kept().filter(from_patient=True, seen_at=None)


class Document(SealedFile):
    """One paper. Nothing is deleted: what was removed stays, with who and why."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    title = SealedTextField(tag="documents.document.title/1")
    dated = models.DateField(null=True)  # what the paper itself says
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    from_patient = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=100, blank=True)
    removal = SealedTextField(tag="documents.document.removal/1", default="")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["object_key"], name="documents_document_key")]
        indexes = [
            models.Index(fields=["person", "-added_at"], name="documents_of_person"),
            models.Index(
                fields=["added_at"],
                condition=models.Q(from_patient=True, seen_at=None, removed_at=None),
                name="documents_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid

    @property
    def is_clinical(self) -> bool:
        return self.kind not in ADMINISTRATIVE

    @property
    def is_waiting(self) -> bool:
        return self.from_patient and self.seen_at is None and self.removed_at is None

    @property
    def saved_as(self) -> str:
        """A file name that says nothing of the patient; none for an image, which browsers show by themselves."""
        if self.media_type.startswith("image/"):
            return ""
        return f"{self.kind}-{(self.dated or self.added_at.date()).isoformat()}.pdf"
