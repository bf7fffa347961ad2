"""News from the floors below: working time changed, a person was verified, a patient answered."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.clock import local, now
from core.spans import Span
from messaging.signals import message_received
from patients.models import Person
from patients.signals import person_verified
from practice.models import Location, Service
from practice.profile import profile
from practice.signals import hours_changed, visits_asked
from practice.standing import Standing
from scheduling import answers, days
from scheduling.models import Appointment, Occupancy, OccupancyKind


def connect() -> None:
    hours_changed.connect(forget_bits, dispatch_uid="scheduling.forget_bits")
    visits_asked.connect(name_visits, dispatch_uid="scheduling.name_visits")
    person_verified.connect(occupy_person, dispatch_uid="scheduling.occupy_person")
    message_received.connect(answer_message, dispatch_uid="scheduling.answer_message")


def forget_bits(sender: Any, **_news: Any) -> None:
    """The bits from yesterday on are thrown away; whoever needs them next reckons them anew."""
    today = now().date()
    days.discard(today - timedelta(days=1), today + timedelta(days=profile().horizon_days + 2))


def name_visits(
    sender: Any,
    *,
    span: Span,
    location: Location | None,
    resource: int | None,
    service: Service | None,
    **_news: Any,
) -> list[Standing]:
    """The visits that a closure or something archived would touch: when and what, never who."""
    rows = Appointment.objects.expected(span.start - timedelta.resolution).filter(
        starts_at__lt=span.end, ends_at__gt=span.start
    )
    if location is not None:
        rows = rows.filter(location=location)
    if resource is not None:
        rows = rows.filter(
            Q(room__resource_id=resource)
            | Q(device__resource_id=resource)
            | Q(provider__resource_id=resource)
        )
    if service is not None:
        rows = rows.filter(service=service)
    return [
        Standing(
            at=local(visit.starts_at, visit.location.zone),
            what=f"{visit.service.name} · {visit.provider.display_name}",
            href=f"/desk/visits/{visit.uid}/",
        )
        for visit in rows.select_related("service", "provider", "location").order_by("starts_at")
    ]


def occupy_person(sender: Any, *, person: Person, **_news: Any) -> None:
    """A person who was only claimed can be busy now, and is, for the visits she has.

    Two visits at once were booked before anybody knew that they were hers: the second stands in the next lane, since
    a row is never refused for what it tells.
    """
    if person.resource_id is None:
        raise RuntimeError("a verified person can be busy")
    visits = Appointment.objects.standing().filter(person=person, ends_at__gt=now()).order_by("starts_at")
    placed: list[Occupancy] = []
    for visit in visits:
        used = {row.lane for row in placed if row.span.overlaps(visit.span)}
        lane = next(lane for lane in range(len(used) + 1) if lane not in used)
        placed.append(
            Occupancy(
                resource_id=person.resource_id,
                lane=lane,
                during=visit.span.to_range(),
                kind=OccupancyKind.VISIT,
                appointment=visit,
            )
        )
    Occupancy.objects.bulk_create(placed)


def answer_message(sender: Any, *, message: Any, subjects: list[UUID], at: datetime, **_news: Any) -> None:
    """C to confirm: with one visit ahead it is that one, with several we ask which."""
    if answers.says_confirm(message.body):
        answers.confirm_next(message, subjects, at=at)
