"""Series under way: tattoos at one clinic, hair at the other, each with a few sessions, and one reaction."""

from datetime import datetime, timedelta
from typing import Any, Final

from accounts.actors import actor_for
from charting import actions
from charting.models import EncounterKind, LaserSeries
from medspa.demo.data import Demo
from patients.models import Person
from patients.self_service import actor_of
from practice.models import Device, Provider, Service

TATTOO: Final[list[dict[str, Any]]] = [
    {
        "title": "Left forearm, rose",
        "planned": 9,
        "done": 3,
        "skin": "3",
        "place": "lower_limb",
        "colours": "some_red",
        "ink": "moderate",
        "scarring": "none",
        "layering": "no",
    },
    {
        "title": "Right shoulder, lettering",
        "planned": 8,
        "done": 5,
        "skin": "4",
        "place": "upper_trunk",
        "colours": "black",
        "ink": "minimal",
        "scarring": "none",
        "layering": "no",
    },
    {
        "title": "Ankle, cover-up",
        "planned": 14,
        "done": 1,
        "skin": "2",
        "place": "lower_limb",
        "colours": "many",
        "ink": "significant",
        "scarring": "minimal",
        "layering": "yes",
    },
]
HAIR: Final[list[dict[str, Any]]] = [
    {"title": "Underarms", "planned": 8, "done": 3, "skin": "2"},
    {"title": "Lower legs", "planned": 8, "done": 5, "skin": "3"},
]
TATTOO_DAYS: Final = {"least_days": 42, "ideal_days": 56, "most_days": 120}
HAIR_DAYS: Final = {"least_days": 28, "ideal_days": 42, "most_days": 70}
INK: Final = {
    "wavelength": "1064",
    "spot": "4",
    "pulse": "450",
    "pulse_unit": "ps",
    "frequency": "5",
    "passes": "1",
    "endpoint": "frosting",
    "inks": ["black"],
    "cooling": "air",
}
FOLLICLES: Final = {
    "wavelength": "755",
    "spot": "12",
    "pulse": "3",
    "pulse_unit": "ms",
    "frequency": "1",
    "passes": "1",
    "endpoint": "edema",
    "cooling": "air",
}


def treat(demo: Demo, people: list[Person], *, site: str, at: datetime) -> None:
    """Nothing where it was done before, or where no service needs a laser."""
    tattoo = demo.profile.get("kind") == "tattoo_removal"
    service = _service(tattoo)
    if service is None or LaserSeries.objects.exists():
        return
    wanted = TATTOO if tattoo else HAIR
    for person, plan in zip(people, wanted, strict=False):
        _series(person, service, plan, tattoo=tattoo, at=at)
    if tattoo:
        _react(people[0], site=site, at=at)


def _service(tattoo: bool) -> Service | None:
    rows = Service.objects.in_use().exclude(device_kind="").order_by("position", "id")
    called = rows.filter(name__icontains="tattoo" if tattoo else "hair")
    return called.first() or rows.first()


def _series(person: Person, service: Service, plan: dict[str, Any], *, tattoo: bool, at: datetime) -> None:
    provider = Provider.objects.in_use().offering(service).exclude(user=None).first()
    device = Device.objects.in_use().filter(kind=service.device_kind).select_related("location").first()
    if provider is None or provider.user is None or device is None:
        return
    by = actor_for(provider.user)
    days = TATTOO_DAYS if tattoo else HAIR_DAYS
    every = timedelta(days=days["ideal_days"])
    first = at - every * (plan["done"] - 1) - timedelta(days=days["least_days"] + 3)
    series = actions.begin_series(person, service, plan | days, by=by, at=first)
    for number in range(plan["done"]):
        moment = first + every * number
        encounter = actions.begin_encounter(
            person,
            provider,
            location=device.location,
            kind=EncounterKind.TREATMENT,
            service=service,
            by=by,
            at=moment,
        )
        figures = INK if tattoo else FOLLICLES
        fluence = (
            f"1.{8 + number}" if tattoo and number < 2 else f"2.{number - 2}" if tattoo else f"{12 + number}"
        )
        given = figures | {"fluence": fluence, "notes": "Well tolerated."}
        actions.keep_session(encounter, series, device, given, by=by, at=moment)


def _react(person: Person, *, site: str, at: datetime) -> None:
    report = {
        "what": "Small blisters at the edge of the treated place.",
        "since": "two days ago",
        "severity": "mild",
    }
    actions.report_event(person, report, after=None, site=site, by=actor_of(person), at=at)
