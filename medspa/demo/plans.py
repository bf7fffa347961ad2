"""Plans in every state, followed by real visits; aftercare texts of the clinic, and what patients were given of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.actors import actor_for
from charting import actions
from charting.actions import giving
from charting.actions.plan_decisions import Said
from charting.aftercare.starters import STARTERS
from charting.models import AftercareSheet, AftercareText, DecidedHow, PlanVersion, SheetState, TreatmentPlan
from charting.plans.content import Content
from medspa.demo.house import BY
from patients.models import Person
from patients.self_service import actor_of
from practice.models import Provider, Service
from practice.queries import services_in_use
from scheduling.models import Appointment, Status

GIVEN: Final = 12  # visits of which the aftercare is there


@dataclass(frozen=True)
class Planned:
    """`days` ago it was offered; `end`: how far it went."""

    title: str
    goal: str
    stages: tuple[dict[str, Any], ...]
    days: int
    end: str
    instructions: str = ""


def stage(words: str, sessions: int, least: int = 0, best: int = 0, notes: str = "") -> dict[str, Any]:
    return {"words": words, "sessions": sessions, "least_days": least, "best_days": best, "notes": notes}


FACE: Final = (
    Planned(
        "A year for a calm forehead",
        "Softer lines at rest, while the brows still move.",
        (
            stage("relaxer", 3, 84, 98, "Forehead and frown lines; we begin low."),
            stage("facial", 4, 28, 42),
        ),
        40,
        "accepted",
        "No facial in the week after the wrinkle relaxer.",
    ),
    Planned(
        "Texture before the wedding",
        "Smaller pores and an even tone by June. Results differ from person to person.",
        (stage("microneedling", 3, 28, 35), stage("peel", 2, 21, 28, "Only once the skin is calm.")),
        6,
        "offered",
    ),
    Planned(
        "Fuller lips, slowly", "A little shape in two steps.", (stage("lip", 2, 28, 42),), 20, "declined"
    ),
    Planned("Smooth legs", "Less hair, less shaving.", (stage("legs", 6, 42, 56),), 3, "draft"),
)
TATTOO: Final = (
    Planned(
        "Rose on the forearm",
        "As pale as it gets, at the pace the skin allows.",
        (
            stage("tattoo", 8, 42, 56, "Red ink is slow; we judge it after the fourth session."),
            stage("consultation", 1),
        ),
        60,
        "accepted",
        "Keep the arm out of the sun all summer.",
    ),
    Planned(
        "Lettering, for a cover-up",
        "Light enough for your artist to work over.",
        (stage("tattoo", 4, 42, 56),),
        5,
        "offered",
    ),
    Planned("Ankle", "All of it, in your own time.", (stage("tattoo", 10, 56, 70),), 15, "declined"),
)


def plan_ahead(people: list[Person], *, tattoo: bool, site: str, at: datetime) -> tuple[int, int]:
    """How many plans and how many sheets of aftercare there are now."""
    if TreatmentPlan.objects.exists():
        return 0, 0
    provider = Provider.objects.in_use().exclude(user=None).select_related("user").first()
    services = services_in_use()
    texts = _texts(at)
    count = 0
    wanted = TATTOO if tattoo else FACE
    for person, plan in zip(_treated(people, len(wanted)), wanted, strict=False):
        count += _plan(person, plan, services, provider, site=site, at=at)
    return count, _give(texts, at=at)


def leave_aftercare_unsaid() -> int:
    """What the demo's past visits left waiting is given without a message."""
    waiting = list(AftercareSheet.objects.filter(state=SheetState.WAITING).select_related("person"))
    for sheet in waiting:
        sheet.state, sheet.given_at = SheetState.SENT, sheet.due_at
        sheet.save()
        giving.forget(sheet)
    return len(waiting)


def _treated(people: list[Person], count: int) -> list[Person]:
    """Those with visits behind them first, so that the plans have something to count."""
    seen = Appointment.objects.filter(status=Status.DONE, person__in=people).values_list("person", flat=True)
    done = set(seen)
    return sorted(people, key=lambda one: one.pk not in done)[:count]


def _plan(
    person: Person,
    plan: Planned,
    services: list[Service],
    provider: Provider | None,
    *,
    site: str,
    at: datetime,
) -> bool:
    stages = [(each, _service(services, each["words"])) for each in plan.stages]
    found = [
        {name: value for name, value in each.items() if name != "words"} | {"service": str(service.uid)}
        for each, service in stages
        if service is not None
    ]
    if not found or provider is None or provider.user is None:
        return False
    by, moment = actor_for(provider.user), at - timedelta(days=plan.days)
    given = {"title": plan.title, "goal": plan.goal, "stages": found, "instructions": plan.instructions}
    made = actions.begin_plan(person, given, by=by, at=moment)
    if plan.end == "draft":
        return True
    version = actions.offer_plan(made, revision=None, site=site, by=by, at=moment)
    if plan.end == "accepted":
        _keep(version, at=moment)
    said = Said(how=DecidedHow.PORTAL, signer=person, name=person.name, language=person.language or "en")
    own, later = actor_of(person), moment + timedelta(hours=5)
    if plan.end == "accepted":
        actions.accept_plan(version, said, by=own, at=later)
    elif plan.end == "declined":
        actions.decline_plan(version, said, by=own, at=later)
    return True


def _keep(version: PlanVersion, *, at: datetime) -> None:
    content = Content.of(version.content)
    actions.keep_template(content, name=content.title, by=BY, at=at)


def _service(services: list[Service], word: str) -> Service | None:
    """By a word of its name, or of the heading it stands under."""
    return next((one for one in services if word in f"{one.name} {one.category.name}".casefold()), None)


def _texts(at: datetime) -> list[AftercareText]:
    """Ours for whatever the clinic offers."""
    services = services_in_use()
    return [
        actions.add_aftercare_starter(key, by=BY, at=at - timedelta(days=120))
        for key, starter in STARTERS.items()
        if any(starter.suits(one) for one in services)
    ]


def _give(texts: list[AftercareText], *, at: datetime) -> int:
    """What the last visits left with their patients; most have read it."""
    wanted = [uid for text in texts for uid in text.services]
    rows = Appointment.objects.whole().filter(
        status=Status.DONE, service__uid__in=wanted, done_at__isnull=False
    )
    count = 0
    for place, visit in enumerate(rows.order_by("-starts_at")[:GIVEN]):
        assert visit.done_at is not None
        sheet = giving.prepare(visit, at=visit.done_at)
        if sheet is None:
            continue
        sheet.state, sheet.given_at = SheetState.SENT, visit.done_at + giving.WAIT
        if place % 3:
            sheet.read_at = sheet.given_at + timedelta(minutes=50)
        sheet.save()
        giving.forget(sheet)
        count += 1
    return count
