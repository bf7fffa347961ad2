"""What the pages about the staff show, put together from accounts and practice."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _t

from accounts import invitations, people, second_factor
from accounts.access import may
from accounts.models import Invitation, InvitationState, User
from core.clock import local, local_date
from core.phones import pretty_phone
from core.words import full_date, initials
from desk.places import home
from practice.models import Location, Placement, Posting, Provider, WorkingHours
from scheduling.patient_pages import words


@dataclass(frozen=True)
class Member:
    """One line of the staff list."""

    user: User
    initials: str
    places: str
    seen: str
    treats: bool
    has_access: bool


@dataclass(frozen=True)
class Invited:
    """One line of the invitations that wait."""

    invitation: Invitation
    name: str
    places: str
    until: str
    has_run_out: bool
    may_change: bool


def staff(*, at: datetime) -> list[Member]:
    """Everybody, in five queries however many they are."""
    clinic = home()
    rows = people.colleagues()
    seen = people.last_seen(rows)
    places = _places(local_date(at, clinic.zone))
    providers = set(Provider.objects.in_use().exclude(user=None).values_list("user_id", flat=True))
    return [
        Member(
            user=user,
            initials=initials(user.display_name),
            places=", ".join(places.get(user.pk, [])),
            seen=ago(seen.get(user.pk), clinic.zone),
            treats=user.pk in providers,
            has_access=user.has_access(at),
        )
        for user in rows
    ]


def _places(today: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Posting.objects.on(today).filter(location__archived_at=None).select_related("location")
    for posting in rows.order_by("location__position", "location_id"):
        if posting.location.name not in found[posting.user_id]:
            found[posting.user_id].append(posting.location.name)
    return found


def waiting(by: User, *, at: datetime) -> list[Invited]:
    clinic = home()
    placed = {
        one.invitation_id: one
        for one in Placement.objects.filter(invitation__in=invitations.undecided()).prefetch_related(
            "locations"
        )
    }
    givable = {role.value for role in people.roles_to_give(by)} if may(by, "staff.manage") else set()
    return [
        Invited(
            invitation=each,
            name=each.display_name or each.email,
            places=", ".join(place.name for place in _of(placed.get(each.pk))),
            until=words.day(local(each.expires_at, clinic.zone).date()),
            has_run_out=each.state(at) is InvitationState.EXPIRED,
            may_change=each.role in givable,
        )
        for each in invitations.undecided()
    ]


def _of(placement: Placement | None) -> list[Location]:
    return list(placement.locations.all()) if placement else []


def ago(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return _t("never")
    return words.day_and_time(local(moment, zone))


@dataclass(frozen=True)
class Week:
    """The hours in force at one location, day by day, and from when others hold."""

    location: Location
    days: list[tuple[str, str]]
    later: list[date]


def weeks(provider: Provider, *, on: date) -> list[Week]:
    rows: dict[int, list[WorkingHours]] = defaultdict(list)
    for hours in provider.working_hours.select_related("location"):
        rows[hours.location_id].append(hours)
    return [
        Week(location, _days(rows[location.pk], on), _later(rows[location.pk], on))
        for location in Location.objects.open()
        if rows[location.pk]
    ]


def _days(rows: list[WorkingHours], on: date) -> list[tuple[str, str]]:
    found = []
    for weekday in range(7):
        held = [row for row in rows if row.weekday == weekday and row.holds_on(on)]
        text = ", ".join(f"{words.hour(row.starts)}–{words.hour(row.ends)}" for row in held)
        if text:
            found.append((str(held[0].get_weekday_display()), text))
    return found


def _later(rows: list[WorkingHours], on: date) -> list[date]:
    return sorted({row.valid_from for row in rows if row.valid_from and row.valid_from > on})


@dataclass(frozen=True)
class Profile:
    """The head of a person's page."""

    user: User
    initials: str
    phone: str
    has_access: bool
    second_step: bool
    seen: str
    since: str
    today: date
    provider: Provider | None
    weeks: list[Week]


def profile_of(user: User, *, at: datetime) -> Profile:
    clinic = home()
    today = local_date(at, clinic.zone)
    provider = Provider.objects.in_use().filter(user=user).first()
    return Profile(
        user=user,
        initials=initials(user.display_name),
        phone=pretty_phone(user.phone, clinic.region) if user.phone else "",
        has_access=user.has_access(at),
        second_step=second_factor.is_enrolled(user),
        seen=ago(people.last_seen([user]).get(user.pk), clinic.zone),
        since=full_date(local(user.created_at, clinic.zone).date()),
        today=today,
        provider=provider,
        weeks=weeks(provider, on=today) if provider else [],
    )
