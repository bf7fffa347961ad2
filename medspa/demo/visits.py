"""Weeks of believable visits, each placed by the same actions as any other: the gate decides, not the demo."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor
from core.clock import day_span, local_date
from core.problems import Problem
from medspa.demo.data import CANCEL_REASONS, VISIT_NOTES
from messaging.models import Message, State
from patients.models import Person
from practice.models import Location, Provider, Service
from practice.queries import services_in_use
from practice.timetable import Timetable, timetable
from scheduling import actions, links
from scheduling.models import Appointment, BookedVia, Reminder, ReminderState
from tenants import due

PAST_DAYS: Final = 15
COMING_DAYS: Final = 22
QUARTER: Final = timedelta(minutes=15)
TOLD: Final = 0.2  # how many visits have their confirmation in the thread


@dataclass(frozen=True)
class Desk:
    """Who books, and when it is now."""

    user: User
    by: Actor
    now: datetime
    chance: random.Random
    fates: Iterator[float]


@dataclass(frozen=True)
class Diary:
    """What a day's visits are chosen from."""

    location: Location
    providers: list[Provider]
    offers: dict[int, list[Service]]  # by provider's id
    people: list[Person]
    hours: Timetable


def fill(people: list[Person], *, at: datetime, say: Callable[[str], None]) -> int:
    """Fill every day that has no visit yet, from the first to the last; says how many visits there are."""
    user = User.objects.filter(role=Role.FRONT_DESK).order_by("created_at")[0]
    chance = random.Random(f"visits/{Location.objects.count()}/{people[0].uid}")  # noqa: S311
    desk = Desk(user, actor_for(user), at, chance, _fates())
    location = Location.objects.open()[0]
    today = local_date(at, location.zone)
    diary = _diary(location, people, today)
    for offset in range(-PAST_DAYS, COMING_DAYS + 1):
        day = today + timedelta(days=offset)
        span = day_span(day, location.zone)
        if not Appointment.objects.starting(span).exists():
            _fill_day(diary, desk, day, _density(offset))
        if offset % 7 == 0:
            say(f"  visits up to {day:%a %d %b} …")
    return Appointment.objects.count()


def _fates() -> Iterator[float]:
    """Numbers from 0 to 1 that spread evenly however few are drawn, so that each day has some of everything."""
    for count in itertools.count(1):
        yield count * 0.618034 % 1


def _density(offset: int) -> float:
    """Full today, well filled before, thinner the further ahead."""
    if offset == 0:
        return 0.9
    return 0.35 if offset < 0 else max(0.08, 0.4 - 0.018 * offset)


def _diary(location: Location, people: list[Person], today: date) -> Diary:
    providers = list(Provider.objects.in_use().prefetch_related("services"))
    services = {service.pk: service for service in services_in_use()}
    offers = {
        provider.pk: [services[one.pk] for one in provider.services.all() if one.pk in services]
        for provider in providers
    }
    first, last = today - timedelta(days=PAST_DAYS), today + timedelta(days=COMING_DAYS)
    return Diary(location, providers, offers, people, timetable(location, first, last))


def _fill_day(diary: Diary, desk: Desk, day: date, density: float) -> None:
    people = desk.chance.sample(diary.people, len(diary.people))  # nobody comes twice on a day
    for provider in diary.providers:
        for span in diary.hours.works_on(provider.pk, day):
            for start, service in _starts(
                diary.offers[provider.pk], span.start, span.end, desk.chance, density
            ):
                if not people:
                    return
                links.site()  # the platform's table: not to be asked inside the transaction
                # A room is taken or the person is elsewhere: then this time stays free.
                try:
                    with transaction.atomic():
                        _place(diary, desk, provider, service, people[-1], start)
                except Problem:
                    continue
                people.pop()


def _starts(
    services: list[Service], start: datetime, end: datetime, chance: random.Random, density: float
) -> Iterator[tuple[datetime, Service]]:
    """One start after the other, with free time between as the day is dense."""
    while start < end:
        service = chance.choice(services)
        before, after = timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)
        if chance.random() < density:
            begins = _up(start + before)
            if begins + service.duration + after <= end:
                yield begins, service
            start = begins + service.duration + after
        else:
            start += chance.choice((2, 3, 4)) * QUARTER


def _up(moment: datetime) -> datetime:
    """The next quarter of an hour."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + QUARTER


def _place(
    diary: Diary, desk: Desk, provider: Provider, service: Service, person: Person, start: datetime
) -> None:
    chance, web = desk.chance, not person.is_verified
    ahead = timedelta(days=chance.randint(2, 30), hours=chance.randint(0, 9), minutes=chance.randint(0, 59))
    booked_at = min(start, desk.now) - ahead
    booked = actions.book_for(
        service=service,
        provider=provider,
        location=diary.location,
        start=start,
        person=person,
        notes=chance.choice(VISIT_NOTES) if chance.random() < 0.2 else "",
        service_sms=chance.random() < 0.8,
        tell_patient=chance.random() < TOLD,
        via=BookedVia.WEB if web or chance.random() < 0.5 else BookedVia.DESK,
        by=desk.by,
        user=desk.user,
        at=booked_at,
    )
    _settle_messages(booked.appointment, booked_at)
    _live(booked.appointment, desk)
    _settle_reminders(booked.appointment, desk.now)


def _live(visit: Appointment, desk: Desk) -> None:
    """What has happened to the visit by now."""
    fate, now = next(desk.fates), desk.now
    if fate < 0.06:
        reason = desk.chance.choice(CANCEL_REASONS)
        day_before = visit.starts_at - timedelta(hours=desk.chance.randint(5, 40))
        if day_before < now:
            actions.cancel(visit, reason=reason, tell_patient=False, by=desk.by, at=day_before)
            return
    if visit.ends_at <= now:
        if fate > 0.94:
            actions.no_show(visit, by=desk.by, at=visit.starts_at + 2 * QUARTER)
        else:
            _finish(visit, desk.by)
    elif visit.starts_at <= now:
        if fate > 0.3:
            arrived = actions.check_in(visit, by=desk.by, at=visit.starts_at - timedelta(minutes=6))
            if fate > 0.45:
                actions.start(arrived, by=desk.by, at=max(visit.starts_at, now - timedelta(minutes=20)))
    elif visit.starts_at - now < timedelta(minutes=40) and fate > 0.1:
        actions.check_in(visit, by=desk.by, at=now - timedelta(minutes=desk.chance.randint(1, 9)))
    elif visit.starts_at - now < timedelta(hours=60) and fate > 0.4:
        actions.confirm(visit, by=desk.by, at=now - timedelta(hours=1))


def _finish(visit: Appointment, by: Actor) -> None:
    arrived = actions.check_in(visit, by=by, at=visit.starts_at - timedelta(minutes=6))
    begun = actions.start(arrived, by=by, at=visit.starts_at)
    actions.complete(begun, by=by, at=visit.ends_at)


def _settle_messages(visit: Appointment, at: datetime) -> None:
    """What was said long ago has arrived long ago; nothing of it is sent now."""
    rows = Message.objects.filter(about=visit.uid)
    uids = list(rows.values_list("uid", flat=True))
    rows.update(
        state=State.DELIVERED,
        created_at=at,
        claimed_at=at,
        accepted_at=at + timedelta(seconds=2),
        delivered_at=at + timedelta(seconds=9),
    )
    due.cancel("message", uids)


def _settle_reminders(visit: Appointment, now: datetime) -> None:
    """Those whose time has passed have had their day."""
    rows = Reminder.objects.filter(appointment=visit, state=ReminderState.WAITING, due_at__lte=now)
    uids = list(rows.values_list("uid", flat=True))
    rows.update(state=ReminderState.PLANNED)
    due.cancel("reminder", uids)
