"""A person, the ways to reach them, and the tokens by which their name is found."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.rules import age_on
from practice.models import Resource
from vault.fields import SealedDateField, SealedJSONField, SealedTextField
from vault.keys import SubjectKeyDraft


class PersonState(models.TextChoices):
    CLAIMED = "claimed", "claimed"  # somebody said so in a form
    VERIFIED = "verified", "verified"  # the clinic knows, or a code was entered


class PersonQuerySet(models.QuerySet["Person"]):
    def present(self) -> "PersonQuerySet":
        return self.filter(archived_at=None)

    def same_as(self, person: "Person") -> "PersonQuerySet":
        """The record and all that were merged into it: for rows that are only ever added, and so never move."""
        return self.filter(models.Q(pk=person.pk) | models.Q(merged_into=person.pk))

    def by_last_visit(self) -> "PersonQuerySet":
        """Who was here last comes first; there is no alphabetical browse over sealed names."""
        return self.order_by(models.F("last_visit_at").desc(nulls_last=True), "-id")


class Person(Outward):
    """Somebody who is, or would be, a patient. Claimed until a code or the staff says it is them."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    state = models.CharField(max_length=10, choices=PersonState.choices, default=PersonState.CLAIMED)
    first_name = SealedTextField(tag="patients.person.first_name/1")
    last_name = SealedTextField(tag="patients.person.last_name/1")
    date_of_birth = SealedDateField(tag="patients.person.date_of_birth/1", null=True)
    language = models.CharField(max_length=10, blank=True)
    timezone = models.CharField(max_length=40, blank=True)
    # Busy like a room or a provider, so that one person cannot be in two visits: verified persons only.
    resource = models.OneToOneField(Resource, models.PROTECT, null=True, related_name="person")
    created_at = models.DateTimeField()
    last_visit_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    # Always the record that stands now, also after a second merge: one step leads there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="absorbed", db_index=False, editable=False
    )

    objects = PersonQuerySet.as_manager()

    # Held while a new person's key is not stored yet; the vault forgets a draft that nobody holds.
    key_draft: SubjectKeyDraft | None = None

    class Meta:
        indexes = [
            models.Index(
                models.F("last_visit_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="patients_person_last_visit",
            ),
            models.Index(
                fields=["merged_into"],
                name="patients_person_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.uid}"  # never the name: this ends in logs

    def sealing_subject(self) -> UUID:
        return self.uid

    @property
    def is_verified(self) -> bool:
        return self.state == PersonState.VERIFIED

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def age(self, on: date) -> int | None:
        return age_on(self.date_of_birth, on) if self.date_of_birth else None

    def contact(self, kind: str) -> str:
        """The primary number or address, or nothing. No query where they are prefetched."""
        points = [point for point in self.contact_points.all() if point.kind == kind]
        points.sort(key=lambda point: (not point.is_primary, point.pk))
        return points[0].value if points else ""

    @property
    def phone(self) -> str:
        return self.contact(ContactKind.PHONE)

    @property
    def email(self) -> str:
        return self.contact(ContactKind.EMAIL)


class ContactKind(models.TextChoices):
    PHONE = "phone", "phone"
    EMAIL = "email", "email"


class ContactPoint(Outward):
    """A number or an address of a person. Not unique: families share phones."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = SealedTextField(tag="patients.contact_point.value/1")
    index = models.BinaryField(max_length=16)
    is_primary = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["index"], name="patients_contact_index")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"

    def sealing_subject(self) -> UUID:
        return self.person.uid


class NameToken(models.Model):
    """A keyed 16-bit hash of the first letters of a word of somebody's name."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_tokens", db_index=False)
    token = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "token"], name="patients_token_once")]
        indexes = [models.Index(fields=["token", "person"], name="patients_token_person")]


class Relation(models.TextChoices):
    PARENT = "parent", _("Parent")
    GUARDIAN = "guardian", _("Legal guardian")
    CARER = "carer", _("Carer with authority")


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def standing(self) -> "GuardianshipQuerySet":
        """Not ended, between two who are both still here."""
        return self.filter(ended_at=None, guardian__archived_at=None, dependant__archived_at=None)


class Guardianship(Outward):
    """Somebody looks after somebody else here. Linked and unlinked by the staff, who has seen why."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    guardian = models.ForeignKey(Person, models.CASCADE, related_name="dependant_links", db_index=False)
    dependant = models.ForeignKey(Person, models.CASCADE, related_name="guardian_links")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "dependant"],
                condition=models.Q(ended_at=None),
                name="patients_guardian_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(guardian=models.F("dependant")), name="patients_guardian_another"
            ),
        ]

    def __str__(self) -> str:
        return f"guardianship {self.uid}"


class Correction(Outward):
    """What a patient says is wrong in who we think they are. The record changes by the staff's hand only."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.CASCADE, related_name="corrections")
    text = SealedTextField(tag="patients.correction.text/1")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"correction {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid


class CareRelation(models.Model):
    """Somebody of the staff treats, or treated, a person: the clinical record is open to them."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.CASCADE, related_name="care_team", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "user"], name="patients_care_once")]


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def live(self, at: datetime) -> "BreakGlassQuerySet":
        return self.filter(opened_at__lte=at, until__gt=at)

    def unreviewed(self) -> "BreakGlassQuerySet":
        return self.filter(reviewed_at=None)


class Finding(models.TextChoices):
    RIGHT = "right", _("It was needed")
    WRONG = "wrong", _("It was not needed: we talk about it")


class BreakGlass(Outward):
    """A record opened by somebody outside its care team, with a typed reason, for a few hours; then looked at."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.AUDIT

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reason = SealedTextField(tag="patients.break_glass.reason/1")
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=100, blank=True)
    finding = models.CharField(max_length=5, choices=Finding.choices, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "user", "until"], name="patients_glass_live")]

    def __str__(self) -> str:
        return f"break-glass {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid


class Merge(Outward):
    """Two records of one patient put together, and what is needed to part them again exactly."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    detail = SealedJSONField(tag="patients.merge.detail/1")
    merged_at = models.DateTimeField()
    parted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(parted_at=None), name="patients_merged_once"
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.kept.uid
