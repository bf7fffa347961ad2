"""The clinic of W1 and W2: 12 providers, 6 rooms, 8 devices, 40 services, 180 days, 20 000 appointments. Seeded."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SEED = 20260301
ZONE = "America/Chicago"
APPOINTMENTS = 20_000
DAYS = 180
PERSONS = 400


@dataclass
class Bench:
    clinic: Any
    service: Any
    first_day: date
    booked: int


def build(first_day: date | None = None) -> Bench:
    """Make the clinic, furnish it and fill its book, through the product's own models."""
    from core.clock import now
    from tenants import provisioning
    from tenants.context import enter

    day = first_day or now().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    clinic = provisioning.create_clinic(slug="bench", name="Bench", is_demo=True)
    provisioning.sign_baa(clinic, signer_name="Ben", at=now())
    with enter(clinic):
        made = _furnish()
        booked = _fill(made, day)
    return Bench(clinic, made["services"][0], day, booked)


def _furnish() -> dict[str, Any]:
    from audit.actors import job
    from practice import actions as practice
    from practice.actions.hours import Week

    by: dict[str, Any] = {"by": job("bench")}
    practice.update_profile(name="Bench", phone="+15125550100", **by)
    location = practice.create_location(name="Main", timezone=ZONE, state="TX", **by)
    week = [Week(weekday, time(8), time(19)) for weekday in range(7)]
    practice.set_opening_hours(location, week, **by)
    providers = []
    for number in range(12):
        provider = practice.create_provider(display_name=f"Provider {number}", **by)
        practice.set_working_hours(provider, location, week, **by)
        providers.append(provider)
    for number in range(6):
        practice.create_room(name=f"Room {number}", kind="treatment", location=location, **by)
    for number in range(8):
        practice.create_device(name=f"Device {number}", kind=f"laser{number % 2}", location=location, **by)
    category = practice.create_category(name="All", **by)
    services = [
        practice.create_service(
            name=f"Service {number}",
            category=category,
            duration_minutes=(30, 45, 60, 90)[number % 4],
            buffer_after=10,
            price_amount=20_000,
            room_kind="treatment" if number % 2 == 0 else "",
            device_kind=f"laser{number % 2}" if number % 5 == 0 else "",
            providers=providers if number % 3 else providers[:8],
            **by,
        )
        for number in range(40)
    ]
    practice.publish_text(
        "service_sms",
        "Texts about visits. Reply STOP to stop, HELP for help.",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        **by,
    )
    return {"location": location, "providers": providers, "services": services}


def _fill(made: dict[str, Any], first_day: date) -> int:
    """Visits beside each other, never over each other, spread over providers, days and rooms."""
    from django.db import transaction

    from audit.actors import job
    from core.clock import now
    from patients import actions as patients
    from patients.rules import Details
    from practice.models import Room
    from scheduling import days
    from scheduling.models import Appointment, BookedVia, Occupancy

    dice = random.Random(SEED)
    at, by = now(), job("bench")
    persons = patients.create_people(
        [Details(f"First{n}", f"Last{n}", f"p{n}@example.com", f"+1512555{n:04d}") for n in range(PERSONS)],
        by=by,
        at=at,
    )
    rooms, zone = list(Room.objects.order_by("pk")), ZoneInfo(ZONE)
    total = 0
    for offset in range(DAYS):
        day = first_day + timedelta(days=offset)
        wanted = APPOINTMENTS // DAYS + (1 if offset < APPOINTMENTS % DAYS else 0)
        visits: list[Any] = []
        taken: list[Any] = []
        room_free = dict.fromkeys((room.pk for room in rooms), 0)
        per_provider = -(-wanted // len(made["providers"]))
        for provider in made["providers"]:
            minute = dice.choice((0, 15, 30))
            for _ in range(per_provider):
                service = made["services"][dice.randrange(40)]
                length = service.duration_minutes + 10
                if minute + length > 11 * 60 or len(visits) >= wanted:
                    break
                start = datetime.combine(day, time(8), zone).astimezone(UTC) + timedelta(minutes=minute)
                room = next((r for r in rooms if room_free[r.pk] <= minute), None)
                visit = Appointment(
                    person=dice.choice(persons),
                    service=service,
                    provider=provider,
                    room=room if service.room_kind else None,
                    location=made["location"],
                    starts_at=start,
                    ends_at=start + timedelta(minutes=service.duration_minutes),
                    booked_via=BookedVia.DESK,
                    booked_by="job:bench",
                    created_at=at,
                )
                visits.append(visit)
                busy = (start, start + timedelta(minutes=length))
                taken.append((visit, provider.resource_id, busy))
                if service.room_kind and room is not None:
                    room_free[room.pk] = minute + length
                    taken.append((visit, room.resource_id, busy))
                minute += length + dice.choice((0, 5, 15))
        with transaction.atomic():
            Appointment.objects.bulk_create(visits)
            Occupancy.objects.bulk_create(
                Occupancy(resource_id=resource, lane=0, during=busy, kind="visit", appointment=visit)
                for visit, resource, busy in taken
            )
        total += len(visits)
    with transaction.atomic():
        days.discard(first_day - timedelta(days=1), first_day + timedelta(days=DAYS + 1))
    return total
