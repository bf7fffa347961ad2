"""The clinic as it presents itself, and the rules it books by: one row."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tables import Holder, Retention, TableClass

ONLY = 1
LOGO_PATH = "/logo/"


class ClinicKind(models.TextChoices):
    MEDSPA = "medspa", _("medical spa")
    TATTOO_REMOVAL = "tattoo_removal", _("tattoo removal clinic")
    AESTHETIC = "aesthetic", _("aesthetic practice")


def usual_reminders() -> list[dict[str, Any]]:
    return [{"hours": 72, "channels": ["email"]}, {"hours": 24, "channels": ["email", "sms"]}]


class ClinicProfile(models.Model):
    """Name and voice of the clinic, and how far ahead and how late it may be booked."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    id = models.SmallIntegerField(primary_key=True, default=ONLY, editable=False)
    kind = models.CharField(max_length=20, choices=ClinicKind.choices, default=ClinicKind.MEDSPA)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=200, blank=True)
    accent = models.CharField(max_length=7, default="#44513f")
    logo_mark = models.CharField(
        max_length=20, blank=True
    )  # a drawn mark's name (img/marks.svg), or 1-2 letters
    logo_digest = models.CharField(
        max_length=64, blank=True
    )  # of the uploaded logo; it stands before the mark
    locale = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3, default="USD")
    region = models.CharField(max_length=2, default="US")  # how phone numbers without a + are read
    sms_sender = models.CharField(max_length=20, blank=True)  # E.164

    slot_minutes = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(5), MaxValueValidator(60)]
    )
    min_notice_minutes = models.PositiveIntegerField(default=120)
    horizon_days = models.PositiveSmallIntegerField(default=180, validators=[MinValueValidator(1)])
    hold_minutes = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])
    free_cancel_hours = models.PositiveSmallIntegerField(default=24)
    reminder_offsets_hours = models.JSONField(default=usual_reminders)

    preset_applied_at = models.DateTimeField(null=True)
    set_up_hidden_at = models.DateTimeField(null=True)  # the checklist was put away

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=ONLY), name="practice_profile_one_row"),
            models.CheckConstraint(
                condition=models.Q(accent__regex=r"^#[0-9a-f]{6}$"), name="practice_profile_accent"
            ),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__in=[5, 10, 15, 20, 30, 60]), name="practice_profile_slot"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """The address of the logo, the name of a drawn mark, or a letter where neither was chosen."""
        if self.logo_digest:
            return f"{LOGO_PATH}{self.logo_digest}/"
        return self.logo_mark or self.name[:1].upper()


class Logo(models.Model):
    """The clinic's logo as a file: small enough for the row, named by its digest."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    id = models.SmallIntegerField(primary_key=True, default=ONLY, editable=False)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=ONLY), name="practice_logo_one_row")]
