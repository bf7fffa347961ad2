"""A visit: who comes for what, to whom, when and where, and how far it got."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import Zone, day_span, local
from core.models import Outward
from core.money import Money
from core.spans import Span
from core.tables import Holder, Retention, TableClass
from patients.models import Person
from practice.models import Device, Location, Provider, Room, Service
from vault.fields import SealedTextField


class Status(models.TextChoices):
    BOOKED = "booked", _("Booked")
    CONFIRMED = "confirmed", _("Confirmed")
    ARRIVED = "arrived", _("Arrived")
    IN_ROOM = "in_room", _("In room")
    DONE = "done", _("Done")
    NO_SHOW = "no_show", _("No-show")
    CANCELLED = "cancelled", _("Cancelled")


EXPECTED = (Status.BOOKED, Status.CONFIRMED)
PRESENT = (Status.ARRIVED, Status.IN_ROOM)
UNDO = timedelta(minutes=10)


class BookedVia(models.TextChoices):
    WEB = "web", _("Booking page")
    DESK = "desk", _("Front desk")
    API = "api", _("API")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> "AppointmentQuerySet":
        """All that take time: everything but what was cancelled."""
        return self.exclude(status=Status.CANCELLED)

    def expected(self, at: datetime) -> "AppointmentQuerySet":
        """Booked, not yet begun."""
        return self.filter(status__in=EXPECTED, starts_at__gt=at)

    def starting(self, span: Span) -> "AppointmentQuerySet":
        return self.filter(starts_at__gte=span.start, starts_at__lt=span.end)

    def on(self, day: date, location: Location) -> "AppointmentQuerySet":
        """The visits of a location's day."""
        return self.starting(day_span(day, location.zone)).filter(location=location)

    def whole(self) -> "AppointmentQuerySet":
        """With everything a page names, in one query."""
        return self.select_related("person", "service", "provider", "room", "device", "location")


class Appointment(Outward):
    """One visit, from booking to done. It keeps its row, its links and its uid when it moves."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="appointments", db_index=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="+", null=True, db_index=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="+", null=True, db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    revision = models.PositiveIntegerField(default=0)  # grows with each move and cancellation

    booked_via = models.CharField(max_length=8, choices=BookedVia.choices)
    booked_by = models.CharField(max_length=100)
    note = SealedTextField(tag="scheduling.appointment.note/1", default="")
    cancel_reason = SealedTextField(tag="scheduling.appointment.cancel_reason/1", default="")
    is_override = models.BooleanField(
        default=False
    )  # somebody at the desk let it stand beside what was there
    override_reason = SealedTextField(tag="scheduling.appointment.override_reason/1", default="")
    price_amount = models.PositiveIntegerField(default=0)  # minor units, as it was when booked
    currency = models.CharField(max_length=3, default="USD")
    # The version of the text by which the patient agreed to texts about this visit; blank: no texts.
    service_sms = models.CharField(max_length=24, blank=True)
    policy_version = models.CharField(
        max_length=24, blank=True
    )  # of the cancellation policy that was accepted

    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    no_show_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    last_step = models.JSONField(null=True)  # what undo would take back: see actions.undo

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["location", "starts_at"], name="scheduling_visit_day"),
            models.Index(fields=["person", "starts_at"], name="scheduling_visit_person"),
            models.Index(fields=["starts_at"], name="scheduling_visit_start"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="scheduling_visit_order"
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.uid}"  # never a name: this ends in logs

    def sealing_subject(self) -> UUID:
        return self.person.uid

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def is_expected(self) -> bool:
        return self.status in EXPECTED

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def starts_local(self) -> datetime:
        return local(self.starts_at, self.location.zone)

    @property
    def ends_local(self) -> datetime:
        return local(self.ends_at, self.location.zone)

    def starts_in(self, zone: Zone) -> datetime:
        return local(self.starts_at, zone)

    def is_late(self, at: datetime, grace: timedelta = timedelta(minutes=10)) -> bool:
        """Expected, and the start has passed by more than a little."""
        return self.is_expected and at > self.starts_at + grace

    def undo_until(self, at: datetime) -> datetime | None:
        """How long the last step can still be taken back; None when it cannot."""
        if self.last_step is None:
            return None
        until = datetime.fromisoformat(self.last_step["at"]) + UNDO
        return until if at < until else None

    def changeable_until(self, free_cancel_hours: int) -> datetime:
        """The last moment at which the patient may move or cancel online."""
        return self.starts_at - timedelta(hours=free_cancel_hours)


class ManageLink(models.Model):
    """A key to one visit for whoever holds it: 256 random bits, of which only the hash is here."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
