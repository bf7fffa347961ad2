"""A course of laser treatments, and each session of it."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from charting.lasers.intervals import Interval
from charting.lasers.kirby_desai import Facts
from charting.lasers.parameters import Parameters
from charting.models.encounters import Encounter
from core.models import Outward
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Device, Service
from vault.fields import SealedJSONField, SealedTextField


class SeriesStatus(models.TextChoices):
    ACTIVE = "active", _("Under way")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped")


class LaserSeries(Outward):
    """So many sessions on one area. `facts`: what is asked of a tattoo, or the skin type alone."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="laser_series")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    title = SealedTextField(tag="charting.laser_series.title/1")
    planned = models.PositiveSmallIntegerField()
    least_days = models.PositiveSmallIntegerField()
    ideal_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField()
    facts = SealedJSONField(tag="charting.laser_series.facts/1")
    status = models.CharField(max_length=10, choices=SeriesStatus.choices, default=SeriesStatus.ACTIVE)
    began_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    planned__gte=1,
                    least_days__gte=1,
                    least_days__lte=models.F("ideal_days"),
                    ideal_days__lte=models.F("most_days"),
                ),
                name="charting_series_interval",
            )
        ]

    def __str__(self) -> str:
        return f"laser series {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.person.uid

    @property
    def interval(self) -> Interval:
        return Interval(self.least_days, self.ideal_days, self.most_days)

    @property
    def skin(self) -> int | None:
        """The Fitzpatrick type, 1 to 6, where somebody wrote it down."""
        kept = (self.facts or {}).get("skin", "")
        return int(kept) if kept else None

    @property
    def tattoo(self) -> Facts | None:
        return Facts.of(self.facts)


class LaserSession(Outward):
    """What was set and seen. Number 0 is a test spot; a locked row is refused by the database."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    series = models.ForeignKey(LaserSeries, models.PROTECT, related_name="sessions", db_index=False)
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="laser_sessions")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    is_test = models.BooleanField(default=False)
    at = models.DateTimeField()
    settings = SealedJSONField(tag="charting.laser_session.settings/1")
    notes = SealedTextField(tag="charting.laser_session.notes/1")
    reason = SealedTextField(tag="charting.laser_session.reason/1")
    version = models.PositiveIntegerField(default=1)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "encounter"], name="charting_session_once"),
            models.UniqueConstraint(
                fields=["series", "number"],
                condition=models.Q(is_test=False),
                name="charting_session_number",
            ),
        ]

    def __str__(self) -> str:
        return f"laser session {self.uid}"

    def sealing_subject(self) -> UUID:
        return self.encounter.person.uid

    @property
    def parameters(self) -> Parameters:
        return Parameters.of(self.settings)
