"""What other floors and programs ask of visits: lists, with permission and trail."""

import base64
import json
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require
from accounts.actors import actor_for
from audit.actors import Actor
from audit.trail import note_list, note_read
from core.clock import days_span
from core.problems import Invalid, failure
from patients.access import KIND
from patients.models import Person
from practice.models import Location, Provider, Service
from practice.profile import profile
from scheduling import days, rules
from scheduling.access import PersonVisits
from scheduling.daybits import DayBits, Key
from scheduling.models import Appointment
from scheduling.models.appointments import AppointmentQuerySet
from scheduling.plans import plan_of
from scheduling.rules import Frame
from vault.fields import warm_rows

PAGE = 100


def visits_of(user: Anybody, person: Person, *, at: datetime, most: int = 200) -> PersonVisits:
    """All visits of a person; who may open the person's page has opened it before."""
    staff = require(user, "appointments.view")
    visits = list(Appointment.objects.whole().filter(person=person).order_by("-starts_at")[:most])
    note_read("person.visits_viewed", by=actor_for(staff), on=person, patient=person.uid)
    return PersonVisits.of(visits, person, at=at)


def coming_of(user: Anybody, people: list[Person], *, at: datetime, most: int) -> list[Appointment]:
    """The next visits of some people whose names are open already, soonest first."""
    staff = require(user, "appointments.view")
    rows = Appointment.objects.standing().whole().filter(person__in=people, ends_at__gt=at)
    visits = list(rows.order_by("starts_at", "pk")[:most])
    known = {person.pk: person for person in people}
    for visit in visits:
        visit.person = known[visit.person_id]
    if visits:
        note_list(
            "appointment.listed", by=actor_for(staff), kind=KIND, shown=[one.person.uid for one in visits]
        )
    return visits


def appointments_between(
    user: Anybody, first: date, last: date, *, zone: str, provider: UUID | None = None, after: str = ""
) -> tuple[list[Appointment], str | None]:
    """The visits of some days, a page at a time in their order, and where the next page begins."""
    staff = require(user, "appointments.view")
    rows = Appointment.objects.whole().starting(days_span(first, last, zone))
    if provider is not None:
        rows = rows.filter(provider__uid=provider)
    return _page(rows, after, actor_for(staff))


def appointments_of(
    user: Anybody, person: Person, *, after: str = ""
) -> tuple[list[Appointment], str | None]:
    """The visits of one person, oldest first."""
    staff = require(user, "appointments.view")
    return _page(Appointment.objects.whole().filter(person=person), after, actor_for(staff))


def own_appointments(person: Person, *, by: Actor, after: str = "") -> tuple[list[Appointment], str | None]:
    """The same for the person, or whoever looks after them."""
    return _page(Appointment.objects.whole().filter(person=person), after, by)


def _page(rows: AppointmentQuerySet, after: str, by: Actor) -> tuple[list[Appointment], str | None]:
    if after:
        moment, pk = _read_cursor(after)
        rows = rows.filter(Q(starts_at__gt=moment) | Q(starts_at=moment, pk__gt=pk))
    visits = list(rows.order_by("starts_at", "pk")[: PAGE + 1])
    more, visits = len(visits) > PAGE, visits[:PAGE]
    warm_rows([row for visit in visits for row in (visit, visit.person)])
    note_list("appointment.listed", by=by, kind=KIND, shown=[visit.person.uid for visit in visits])
    return visits, _cursor(visits[-1]) if more else None


def _cursor(visit: Appointment) -> str:
    place = json.dumps([visit.starts_at.isoformat(), visit.pk])
    return base64.urlsafe_b64encode(place.encode()).decode()


def _read_cursor(text: str) -> tuple[datetime, int]:
    message = _("This is not a cursor of this list; leave it out to begin at the start.")
    unknown = Invalid(errors=[failure("cursor", "invalid", message)])
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        at = datetime.fromisoformat(moment)
    except (ValueError, TypeError, RecursionError):
        raise unknown from None
    if at.tzinfo is None or type(pk) is not int or not 0 < pk < 2**63:
        raise unknown
    return at, pk


def desk_starts(
    *,
    service: Service,
    location: Location,
    day: date,
    at: datetime,
    provider: Provider | None = None,
    instead_of: Appointment | None = None,
) -> list[tuple[datetime, Provider]]:
    """Free starts of a day as the desk may take them: no notice, no horizon; each start once a provider.

    `instead_of`: the visit that is to move; its own time counts as free, and it takes as long as it does.
    """
    givers = [provider] if provider else list(Provider.objects.in_use().offering(service))
    first = plan_of(service, givers[0], location, at) if givers else None
    if first is None:
        return []
    if instead_of is not None:
        first = first.lasting((instead_of.ends_at - instead_of.starts_at) // timedelta(minutes=1))
    whole = days_span(day, day, location.zone)
    frame = Frame.over(whole.padded(*_reach(first.demand)))
    if instead_of is None:
        bits = [DayBits.unpack(packed) for packed in days.packed(frame)]
    else:
        reckoned = days.reckon(frame.dates, without=instead_of)
        bits = [reckoned[each] for each in frame.dates]
    window = rules.grid(frame, rules.local_days(frame, day, day, location.zone), profile().slot_minutes)
    window &= rules.not_before(frame, at)
    for wanted, placed in ((service.room_kind, first.rooms), (service.device_kind, first.devices)):
        if wanted:
            free = [_joined(bits, Key(each.resource_id, location.pk)) for each in placed]
            window &= rules.choices(free, first.demand.whole)
    found = []
    for giver in givers:
        can = window & rules.starts(_joined(bits, Key(giver.resource_id, location.pk)), first.demand.provider)
        found += [(frame.moment(step).astimezone(location.zone), giver) for step in rules.each_bit(can)]
    return sorted(found, key=lambda pair: (pair[0], pair[1].position, pair[1].pk))


def _reach(demand: rules.Demand) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=demand.before), timedelta(minutes=demand.duration + demand.after)


def _joined(bits: list[DayBits], key: Key) -> int:
    return sum(day.free.get(key, 0) << number * rules.STEPS_A_DAY for number, day in enumerate(bits))
