"""Which location's day is shown: the one asked for, or where the person works, or the first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from accounts.models import User
from core.clock import local_date, zone_of
from core.problems import NotFound
from practice import queries
from practice.models import Location, Posting
from practice.profile import first_location, profile


@dataclass(frozen=True)
class Places:
    """The clinic's open locations, and the one that the page is about; None while there is none."""

    all: list[Location]
    here: Location | None

    @property
    def several(self) -> bool:
        return len(self.all) > 1

    @property
    def query(self) -> str:
        """What links carry along so that the next page is about the same location."""
        return f"?location={self.here.uid}" if self.several and self.here else ""


@dataclass(frozen=True)
class Home:
    """The clinic's own zone and region, read once a page."""

    zone: ZoneInfo
    region: str


def home() -> Home:
    known = profile()
    return Home(zone_of(first_location(known).get("timezone", "UTC")), known.region)


def staff_of(request: HttpRequest) -> User:
    """Who is signed in; `staff_page` has let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def read_places(request: HttpRequest, *, at: datetime, here: Location | None = None) -> Places:
    """`here` says which one where the page already knows, as a visit does."""
    found = queries.locations()
    asked = request.GET.get("location") or request.POST.get("location") or ""
    if here is None and asked:
        here = _named(found, asked)
    if here is None and len(found) > 1:
        here = _posted(found, staff_of(request), at)
    return Places(found, here or (found[0] if found else None))


def _named(found: list[Location], asked: str) -> Location:
    try:
        wanted = UUID(asked)
    except ValueError:
        raise NotFound from None
    place = next((one for one in found if one.uid == wanted), None)
    if place is None:
        raise NotFound
    return place


def _posted(found: list[Location], user: User, at: datetime) -> Location | None:
    on = local_date(at, found[0].zone)
    posted = set(Posting.objects.on(on).filter(user=user).values_list("location_id", flat=True))
    return next((one for one in found if one.pk in posted), None)
