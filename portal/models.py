"""Codes on their way to a mail address or a phone, and the sessions that were begun with them."""

from django.db import models

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import ContactKind, Person
from vault.fields import SealedTextField


class Purpose(models.TextChoices):
    SIGN_IN = "sign_in", "sign_in"
    CONTACT = "contact", "contact"  # a new number or address, before it replaces the old one


class OneTimeCode(Outward):
    """One code somebody asked for. The row is the same whether anybody here has that contact or not.

    `code_hash` stays empty until a worker has sent a code: for a stranger there is nothing that could be guessed.
    """

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.WHILE_NEEDED

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)  # what was typed
    to = SealedTextField(tag="portal.code.to/1")
    index = models.BinaryField(max_length=16)  # the contact that the code proves
    sent_by = models.CharField(max_length=10, choices=ContactKind.choices, blank=True)
    nonce_hash = models.BinaryField(max_length=32, unique=True)  # of the browser that asked
    code_hash = models.BinaryField(max_length=32, null=True)
    language = models.CharField(max_length=10, default="en")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="portal_code_expires")]

    def sealing_subject(self) -> None:
        """The clinic's own key: nobody knows yet whose contact it is."""
        return


class PatientSession(Outward):
    """A browser that showed a code. `person` is empty until it is clear who of those on the contact it is."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.WHILE_NEEDED

    token_hash = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=10, choices=ContactKind.choices)  # by what the code came
    index = models.BinaryField(max_length=16)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    acting_for = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", db_index=False)
    offered = models.JSONField(default=list)  # ids of the persons among whom this browser may choose
    tries = models.PositiveSmallIntegerField(default=0)  # of the second check
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="portal_session_started")]

    def __str__(self) -> str:
        return f"patient session {self.uid}"

    @property
    def by_mail(self) -> bool:
        return self.kind == ContactKind.EMAIL

    @property
    def subject(self) -> Person:
        """Whose pages these are: the person's own, or those of the dependant being looked after."""
        if self.person is None:
            raise RuntimeError("nobody has been chosen in this session yet")
        return self.acting_for or self.person
