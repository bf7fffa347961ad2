"""What a plan says: stages in order, each a treatment with its sessions and its price. Pure, but for the amounts' own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charting import words
from core.money import Money
from core.problems import Failure, failure
from practice.models import Service
from practice.offer import DEAREST, read_amount

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000
LONGEST_NOTES: Final = 1000
MOST_STAGES: Final = 12
MOST_SESSIONS: Final = 60
MOST_DAYS: Final = 730
USUAL_LIFE: Final = timedelta(days=90)  # how long an estimate counts where nobody says otherwise
FARTHEST: Final = timedelta(days=730)


@dataclass(frozen=True)
class Stage:
    """So many sessions of one treatment. `name` is what the service was called when it was written."""

    service: UUID
    name: str
    sessions: int
    least_days: int  # between two sessions; 0: no matter
    best_days: int
    price_amount: int  # of one session, in minor units
    notes: str = ""
    series: UUID | None = None

    def price(self, currency: str) -> Money:
        return Money(self.price_amount, currency)

    def total(self, currency: str) -> Money:
        return self.price(currency) * self.sessions

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "service": str(self.service),
            "series": str(self.series) if self.series else None,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Stage":
        series = kept.get("series")
        given = {**kept, "service": UUID(kept["service"]), "series": UUID(series) if series else None}
        return cls(**given)


@dataclass(frozen=True)
class Content:
    """`instructions` go with the aftercare of the visits that the plan counts."""

    title: str
    goal: str
    valid_until: date
    currency: str
    stages: tuple[Stage, ...] = ()
    instructions: str = ""

    @property
    def total(self) -> Money:
        return sum((one.total(self.currency) for one in self.stages), Money.zero(self.currency))

    @property
    def sessions(self) -> int:
        return sum(one.sessions for one in self.stages)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "goal": self.goal,
            "valid_until": self.valid_until.isoformat(),
            "currency": self.currency,
            "stages": [one.as_json() for one in self.stages],
            "instructions": self.instructions,
        }

    def as_given(self) -> dict[str, Any]:
        """As a program would send it to write it anew."""
        stages = [{**one.as_json(), "price": one.price(self.currency).as_json()} for one in self.stages]
        return {**self.as_json(), "stages": stages}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Content":
        return cls(
            title=kept["title"],
            goal=kept["goal"],
            valid_until=date.fromisoformat(kept["valid_until"]),
            currency=kept["currency"],
            stages=tuple(Stage.of(one) for one in kept["stages"]),
            instructions=kept["instructions"],
        )


@dataclass(frozen=True)
class Offer:
    """What a plan may name: the clinic's services, the patient's own series, the clinic's currency, and the day."""

    services: Mapping[str, Service]
    series: frozenset[str]
    currency: str
    today: date
    kept: Mapping[str, str] = field(
        default_factory=dict
    )  # services of the plan as it stands, archived or not


def read(given: Mapping[str, Any], offer: Offer) -> tuple[Content | None, list[Failure]]:
    """The plan, or every failure; those of a stage are named `stages.0.price`."""
    wrong: list[Failure] = []
    title = words.take("title", given.get("title"), LONGEST_TITLE, wrong, missing=_("Give the plan a title."))
    goal = words.take("goal", given.get("goal"), LONGEST_TEXT, wrong, missing=_("Say what it is for."))
    instructions = words.take("instructions", given.get("instructions"), LONGEST_TEXT, wrong)
    until = _day(given.get("valid_until"), offer.today, wrong)
    stages = read_stages(given.get("stages"), offer, wrong)
    if wrong:
        return None, wrong
    title = " ".join(title.split())
    return Content(title, goal, until, offer.currency, tuple(stages), instructions), []


def read_stages(given: Any, offer: Offer, wrong: list[Failure]) -> list[Stage]:
    rows = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else []
    if not 1 <= len(rows) <= MOST_STAGES or not all(isinstance(row, Mapping) for row in rows):
        told = _("A plan has 1 to %(most)d stages.") % {"most": MOST_STAGES}
        wrong.append(failure("stages", "out_of_range", told))
        return []
    found = [_stage(f"stages.{place}", row, offer, wrong) for place, row in enumerate(rows)]
    return [one for one in found if one is not None]


def _stage(where: str, given: Mapping[str, Any], offer: Offer, wrong: list[Failure]) -> Stage | None:
    before = len(wrong)
    uid = str(given.get("service") or "")
    service = offer.services.get(uid)
    name = service.name if service else offer.kept.get(uid, "")
    if not name:
        wrong.append(failure(f"{where}.service", "unknown", _("Choose a treatment of the list.")))
    sessions = words.whole(
        f"{where}.sessions",
        given.get("sessions"),
        1,
        MOST_SESSIONS,
        wrong,
        _("Give a whole number from 1 to %(most)d.") % {"most": MOST_SESSIONS},
    )
    days = _("Give a whole number of days up to %(most)d, or leave it empty.") % {"most": MOST_DAYS}
    least = words.whole(f"{where}.least_days", given.get("least_days") or 0, 0, MOST_DAYS, wrong, days)
    best = words.whole(f"{where}.best_days", given.get("best_days") or 0, 0, MOST_DAYS, wrong, days)
    best = best or least
    if best < least:
        told = _("What is recommended cannot be less than the least.")
        wrong.append(failure(f"{where}.best_days", "order", told))
    price = _price(f"{where}.price", given.get("price"), service, offer.currency, wrong)
    notes = words.take(f"{where}.notes", given.get("notes"), LONGEST_NOTES, wrong)
    series = str(given.get("series") or "")
    if series and series not in offer.series:
        told = _("Choose a series of this patient.")
        wrong.append(failure(f"{where}.series", "unknown", told))
    if len(wrong) > before:
        return None
    return Stage(UUID(uid), name, sessions, least, best, price, notes, UUID(series) if series else None)


def _price(where: str, given: Any, service: Service | None, currency: str, wrong: list[Failure]) -> int:
    """As typed, or as {"amount", "currency"} from a program; the service's own where nothing is given."""
    if given is None or given == "":
        if service is None or service.currency != currency:
            wrong.append(failure(where, "missing", _("Give the price of one session.")))
            return 0
        return service.price_amount
    if isinstance(given, Mapping):
        amount = given.get("amount")
        if given.get("currency") != currency:
            told = _("This clinic reckons in %(currency)s.") % {"currency": currency}
            wrong.append(failure(where, "currency", told))
            return 0
        if type(amount) is int and 0 <= amount <= DEAREST:
            return amount
    elif isinstance(given, str):
        try:
            return read_amount(given, currency)
        except ValueError:
            pass
    wrong.append(failure(where, "invalid", _("Give an amount such as 180 or 180.50.")))
    return 0


def _day(given: Any, today: date, wrong: list[Failure]) -> date:
    """Until when the estimate counts: today or later, and not for ever."""
    if given is None or given == "":
        return today + USUAL_LIFE
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        wrong.append(failure("valid_until", "invalid", _("Write the date as year-month-day.")))
        return today
    if not today <= day <= today + FARTHEST:
        told = _("The estimate counts until a day between today and two years from now.")
        wrong.append(failure("valid_until", "out_of_range", told))
    return day
