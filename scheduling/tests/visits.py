"""What the tests of this app share: a moment, ways to a slot and to a visit."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from audit.actors import VISITOR
from core.clock import resolve_local
from scheduling import actions, slots
from scheduling.actions import Booked
from scheduling.days import wrong_days
from scheduling.models import BookedVia, Day
from scheduling.slots import Slot
from scheduling.visitors import Visitor

MONDAY = date(2027, 3, 1)
AT = datetime(2027, 2, 26, 15, 0, tzinfo=UTC)  # the Friday before
TEN = time(10)
VIA = BookedVia.WEB
PATIENT = {
    "first_name": "Wanda",
    "last_name": "Webb",
    "email": "wanda@example.com",
    "phone": "+15125550188",
    "date_of_birth": "1990-04-23",
}


def visitor(name: str = "wanda", address: str = "198.51.100.7") -> Visitor:
    return Visitor(name.encode().ljust(16, b"."), address.encode().ljust(16, b"."))


def wall(cast, at: time = TEN, day: date = MONDAY) -> datetime:
    """The moment at which the clinic's wall shows that time."""
    return resolve_local(day, at, cast.location.zone)


def token(
    cast, service: str = "botox", provider: str = "ines", at: time = TEN, day: date = MONDAY, now=AT
) -> str:
    slot = Slot(cast.services[service].pk, cast.providers[provider].pk, cast.location.pk, wall(cast, at, day))
    return slots.issue(slot, at=now)


def book(cast, at: time = TEN, *, now: datetime = AT, day: date = MONDAY, **given) -> Booked:
    """Wanda books by the page."""
    service, provider = given.pop("service", "botox"), given.pop("provider", "ines")
    given.setdefault("slot", token(cast, service, provider, at, day, now))
    if "hold" in given:
        given.pop("slot")
    return actions.book(**{"patient": PATIENT, "via": VIA, "by": VISITOR, "at": now, **given})


def book_for(cast, at: time = TEN, *, now: datetime = AT, day: date = MONDAY, **given) -> Booked:
    """Fran books for Pat."""
    from accounts.actors import actor_for

    user = given.pop("user", cast.desk)
    service, provider = given.pop("service", "botox"), given.pop("provider", "ines")
    if "new_person" not in given:
        given.setdefault("person", cast.pat)
    return actions.book_for(
        service=cast.services[service],
        provider=cast.providers[provider],
        location=cast.location,
        start=wall(cast, at, day),
        by=actor_for(user),
        user=user,
        at=now,
        **given,
    )


def starts(cast, service: str = "botox", *, first: date = MONDAY, last: date | None = None, now=AT, **given):
    """Free starts as (wall time, provider) by day."""
    from scheduling.availability import find_slots

    found = find_slots(service=cast.services[service].uid, first=first, last=last or first, at=now, **given)
    return {
        day: [(f"{slot.start:%H:%M}", slot.provider_name) for slot in slots_]
        for day, slots_ in found.days.items()
    }


def uid_of(cast, provider: str) -> UUID:
    return cast.providers[provider].uid


def fresh(row):
    """The row itself, and not the one that all tests of the process share."""
    return type(row).objects.get(pk=row.pk)


def all_days_right() -> None:
    """Every day's bits say what the tables say."""
    dates = list(Day.objects.order_by("date").values_list("date", flat=True))
    if dates:
        assert wrong_days(dates[0], dates[-1]) == []


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
