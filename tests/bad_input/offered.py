"""Days and services that cannot be had."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from practice import actions as practice
from tenants.context import enter
from tests.bad_input.world import AT, AVAILABILITY, Row, World
from tests.cast import BY


def service_of_nobody(world: World) -> Any:
    with enter(world.glow.clinic), transaction.atomic():
        category = world.glow.cast.services["botox"].category
        lonely = practice.create_service(
            by=BY, providers=[], category=category, name="Lonely", duration_minutes=30
        )
    world.begin()
    answer = world.get(AVAILABILITY, service=str(lonely.uid), **{"from": "2027-03-01", "to": "2027-03-05"})
    if answer.status_code == 200:
        assert answer.json()["slots"] == []
    return answer


def provider_who_stopped(world: World) -> Any:
    """The token names a provider who does not give the service any more."""
    from practice.models import ServiceProvider

    token = world.slot("laser")
    with enter(world.glow.clinic):
        ServiceProvider.objects.filter(service=world.glow.cast.services["laser"]).delete()
    world.begin()
    return world.book(token)


def archived_room(world: World) -> Any:
    """The only room of its kind: nothing is offered, and what was offered before cannot be booked."""
    token = world.slot("laser")
    with enter(world.glow.clinic), transaction.atomic():
        from practice.models import Room

        room = Room.objects.get(pk=world.glow.cast.rooms["laser"].pk)
        practice.archive_room_or_device(room, by=BY, at=AT)
    assert world.slots("laser", last="2027-03-20").json()["slots"] == []
    world.begin()
    return world.book(token)


def archived_service(world: World) -> Any:
    with enter(world.glow.clinic), transaction.atomic():
        from practice.models import Service

        service = Service.objects.get(pk=world.glow.cast.services["consultation"].pk)
        practice.archive_service(service, by=BY, at=AT)
    world.begin()
    return world.slots()


def between(first: str, last: str) -> Callable[[World], Any]:
    return lambda world: world.slots(first=first, last=last)


ROWS = [
    Row("a date beyond the horizon", between("2027-12-01", "2027-12-02"), 422, "invalid", ("to beyond_horizon",)),
    Row("the year 9999", between("9999-12-31", "9999-12-31"), 422, "invalid", ("from invalid", "to invalid")),
    Row("the year 1", between("0001-01-01", "0001-01-02"), 422, "invalid", ("from invalid", "to invalid")),
    Row("days long gone", between("2020-01-01", "2020-01-02"), 200),
    Row("from after to", between("2027-03-05", "2027-03-01"), 422, "invalid", ("to order",)),
    Row("three months at once", between("2027-03-01", "2027-06-01"), 422, "invalid", ("to too_long",)),
    Row("30 February", between("2027-02-30", "2027-03-01"), 422, "invalid", ("from invalid",)),
    Row("no service, no dates", lambda w: w.get(AVAILABILITY), 422, "invalid",
        ("service missing", "from missing", "to missing")),
    Row("a service nobody offers", service_of_nobody, 200),
    Row("a service that is kept off the web", lambda w: w.slots("check"), 404, "not-found"),
    Row("an archived service", archived_service, 404, "not-found"),
    Row("an archived room", archived_room, 409, "slot-taken", ("room none_free",)),
    Row("a provider who gave it up", provider_who_stopped, 422, "slot-invalid"),
]  # fmt: skip
