"""Host names that clinics bring along, and whether they have shown that these are theirs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from tenants.models import Clinic


class Finding(models.TextChoices):
    """What the last look-up of the TXT record came to."""

    PROVED = "proved", _("found")
    MISSING = "missing", _("not there yet")
    WRONG = (
        "wrong",
        _("another record"),
    )
    TIMEOUT = "timeout", _("no answer in time")
    FAILED = "failed", _("fault of the name servers")


class Way(models.TextChoices):
    """Where the host itself leads, by its addresses."""

    HERE = "here", _("to the platform")
    ELSEWHERE = "elsewhere", _("elsewhere")
    NOWHERE = "nowhere", _("nowhere yet")
    UNKNOWN = "unknown", _("not known")


class CustomDomain(Outward):
    """A clinic's own host name. Only once it is verified does it become a `tenants.Domain` and lead anywhere."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    class State(models.TextChoices):
        ASKED = "asked", _("waits for its TXT record")
        VERIFIED = "verified", _("verified")

    clinic = models.ForeignKey(
        Clinic, models.CASCADE, related_name="custom_domains", verbose_name=_("clinic")
    )
    host = models.CharField(_("host"), max_length=253, unique=True)
    token = models.CharField(_("TXT record"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    record_seen = models.CharField(_("record as it was found"), max_length=255, blank=True)
    checked_at = models.DateTimeField(_("last checked"), null=True)
    finding = models.CharField(_("found"), max_length=10, choices=Finding.choices, blank=True, db_default="")
    way = models.CharField(_("leads"), max_length=10, choices=Way.choices, blank=True, db_default="")
    leads_to = models.CharField(_("addresses"), max_length=255, blank=True, db_default="")
    verified_at = models.DateTimeField(_("verified"), null=True)
    verified_by = models.UUIDField(_("verified by"), null=True)  # a platform user

    class Meta:
        verbose_name = _("custom domain")
        verbose_name_plural = _("custom domains")
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host

    @property
    def record_name(self) -> str:
        return f"_medspa.{self.host}"

    @property
    def leads_here(self) -> bool:
        return self.way == Way.HERE

    @property
    def is_verified(self) -> bool:
        return self.state == self.State.VERIFIED
