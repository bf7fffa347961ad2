"""What people agree to: a form, its published versions, which services ask for it, signatures, withdrawals."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Service
from vault.fields import SealedJSONField, SealedTextField


class FormKind(models.TextChoices):
    TREATMENT = "treatment", _("Treatment consent")
    PHOTO_TREATMENT = "photo_treatment", _("Photos for the record")
    PHOTO_MARKETING = "photo_marketing", _("Photos for marketing")
    MARKETING = "marketing_authorization", _("Marketing authorization")
    NPP = "npp", _("Notice of Privacy Practices")
    FINANCIAL = "financial", _("Financial policy")
    OTHER = "other", _("Other")


# By law nobody is treated on condition of these, so they are asked for and never demanded.
NEVER_DEMANDED: Final = (FormKind.PHOTO_MARKETING, FormKind.MARKETING, FormKind.NPP)


class Asked(models.TextChoices):
    SERVICES = "services", _("Whoever books certain services")
    EVERYONE = "everyone", _("Everybody who has a visit")
    OFFERED = "offered", _("Nobody; it can be signed by whoever wants to")


class Signer(models.TextChoices):
    PATIENT = "patient", _("The patient; for somebody under 18 a guardian")
    SELF = "self", _("The patient alone, once 18")


class ConsentFormQuerySet(models.QuerySet["ConsentForm"]):
    def in_use(self) -> "ConsentFormQuerySet":
        return self.filter(archived_at=None)


class ConsentForm(Outward):
    """One paper with all its versions. What is being written lies in `draft` until it is published."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    kind = models.CharField(max_length=24, choices=FormKind.choices)
    name = models.CharField(
        max_length=120
    )  # among the staff; what is signed carries the title of its version
    asked = models.CharField(max_length=10, choices=Asked.choices, default=Asked.SERVICES)
    signer = models.CharField(max_length=8, choices=Signer.choices, default=Signer.PATIENT)
    needs_drawing = models.BooleanField(default=True)  # a drawn signature beside the typed name
    position = models.PositiveSmallIntegerField(default=0)
    draft = models.JSONField(null=True)  # see consents.drafts
    revision = models.PositiveIntegerField(
        default=0
    )  # grows with each change, so that nobody writes over another
    archived_at = models.DateTimeField(null=True)
    services = models.ManyToManyField(Service, through="ServiceConsent", related_name="consent_forms")

    objects = ConsentFormQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            # Several notices at once would leave open which one is in force.
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="npp", archived_at=None),
                name="consents_form_one_notice",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_demanded(self) -> bool:
        """Whether a treatment waits for it."""
        return self.kind not in NEVER_DEMANDED


class ConsentVersion(Outward):
    """A text as it was published, in every language it has. It never changes: a new one stands beside it."""

    table_class = TableClass.APPEND_ONLY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    form = models.ForeignKey(ConsentForm, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField()  # {"en": {"title", "body"}, "es": …}
    text_hash = models.BinaryField(max_length=32)
    valid_months = models.PositiveSmallIntegerField(null=True)  # null: until withdrawn or replaced
    asks_again = models.BooleanField(default=True)  # who signed an earlier version signs anew
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        ordering = ["form", "number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="consents_version_number")]

    def __str__(self) -> str:
        return f"version {self.number} of form {self.form_id}"

    def text_in(self, language: str) -> tuple[str, dict[str, str]]:
        """The text in the language, or in English where there is none: (language, {"title", "body"})."""
        chosen = (
            language if language in self.texts else ("en" if "en" in self.texts else next(iter(self.texts)))
        )
        return chosen, self.texts[chosen]

    @property
    def title(self) -> str:
        return self.text_in("en")[1]["title"]


class ServiceConsent(models.Model):
    """Whoever books the service is asked for the form."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    service = models.ForeignKey(Service, models.CASCADE, related_name="asks_for", db_index=False)
    form = models.ForeignKey(ConsentForm, models.CASCADE, related_name="asked_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "form"], name="consents_service_form")]


class Channel(models.TextChoices):
    PORTAL = "portal", _("In the portal")
    TABLET = "tablet", _("At the clinic")
    API = "api", _("By program")


class SignatureQuerySet(models.QuerySet["Signature"]):
    def of(self, person: Person) -> "SignatureQuerySet":
        """The newest first, with all that is asked of them."""
        rows = self.filter(person__in=Person.objects.same_as(person)).select_related(
            "version", "version__form", "withdrawal", "signer"
        )
        return rows.order_by("-signed_at", "-id")


class Signature(Outward):
    """Somebody agreed: the exact text, what was ticked, by whom, how and when. Nothing of it can be changed."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="signatures", db_index=False)
    version = models.ForeignKey(ConsentVersion, models.PROTECT, related_name="signatures", db_index=False)
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    relation = models.CharField(max_length=10, blank=True)  # of a guardian who signed; blank: the patient did
    language = models.CharField(max_length=8)
    text = SealedTextField(tag="consents.signature.text/1")
    boxes = SealedJSONField(tag="consents.signature.boxes/1")  # [{"text", "required", "ticked"}]
    name = SealedTextField(tag="consents.signature.name/1")
    strokes = SealedJSONField(
        tag="consents.signature.strokes/1"
    )  # [[[x, y, ms], …], …], empty where not drawn
    device = SealedJSONField(tag="consents.signature.device/1")  # {"ip", "agent"}
    channel = models.CharField(max_length=8, choices=Channel.choices)
    collected_by = models.CharField(max_length=100, blank=True)  # who of the staff handed out the tablet
    visit = models.UUIDField(null=True)  # for which visit it was asked, if for one
    signed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    text_hash = models.BinaryField(max_length=32)  # SHA-256 of `text`
    seal_hash = models.BinaryField(max_length=32)  # SHA-256 of all that was signed: consents.sealing

    objects = SignatureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-signed_at"], name="consents_signature_person")]

    def __str__(self) -> str:
        return f"signature {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid

    @property
    def ended(self) -> "Withdrawal | None":
        return getattr(self, "withdrawal", None)

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    def sealed(self) -> dict[str, Any]:
        """All that was signed, as `seal_hash` covers it."""
        return {
            "signature": str(self.uid),
            "person": str(self.person.uid),
            "signer": str(self.signer.uid),
            "relation": self.relation,
            "version": str(self.version.uid),
            "language": self.language,
            "text": self.text,
            "boxes": self.boxes,
            "name": self.name,
            "strokes": self.strokes,
            "device": self.device,
            "channel": self.channel,
            "signed_at": self.signed_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }


class EndKind(models.TextChoices):
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOIDED = "voided", _("Void: taken by mistake")


class EndedHow(models.TextChoices):
    PORTAL = "portal", _("In the portal")
    SPOKEN = "spoken", _("Said to the staff")
    WRITTEN = "written", _("In writing")
    API = "api", _("By program")


class Withdrawal(Outward):
    """From here on the signature counts no more. It stays, and so does what was done under it."""

    table_class = TableClass.CLINICAL_APPEND_ONLY
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="withdrawal")
    kind = models.CharField(max_length=10, choices=EndKind.choices, default=EndKind.WITHDRAWN)
    how = models.CharField(max_length=8, choices=EndedHow.choices)
    reason = SealedTextField(tag="consents.withdrawal.reason/1", default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"withdrawal {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.signature.person.uid
