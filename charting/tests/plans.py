"""A plan of Pat's: three sessions of one treatment, one of another; and visits that count for it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.actors import actor_for
from charting import actions
from charting.actions.plan_decisions import Said
from charting.models import AftercareText, DecidedHow, PlanDecision, PlanVersion, TreatmentPlan
from patients.self_service import actor_of
from scheduling.models import Appointment, Status
from tests.cast import BY

AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
SITE = "http://glow.localhost"
BODY = """Usual for some days.
# Today
- Stay upright
# Call us
- {clinic}: {phone}"""
TEXTS = {
    "en": {"title": "After the treatment", "body": BODY},
    "es": {"title": "Después del tratamiento", "body": "Es habitual.\n# Llame\n- {clinic}: {phone}"},
}


def stage(cast: Any, name: str = "botox", **given: Any) -> dict[str, Any]:
    usual = {"service": str(cast.services[name].uid), "sessions": "3", "price": "360", "least_days": "84"}
    return usual | {"best_days": "98", "notes": "Forehead first"} | given


def typed(cast: Any, **given: Any) -> dict[str, Any]:
    stages = [
        stage(cast),
        stage(cast, "laser", sessions="1", price="", least_days="", best_days="", notes=""),
    ]
    usual = {"title": "Calmer forehead", "goal": "Fewer lines at rest.", "stages": stages}
    return usual | {"instructions": "Frown gently for an hour.", "valid_until": ""} | given


def drafted(cast: Any, *, at: datetime = AT, **given: Any) -> TreatmentPlan:
    by = actor_for(cast.users["provider"])
    return actions.begin_plan(cast.pat, typed(cast, **given), by=by, at=at)


def offered(cast: Any, plan: TreatmentPlan | None = None, *, at: datetime = AT, **given: Any) -> PlanVersion:
    plan = plan or drafted(cast, at=at, **given)
    by = actor_for(cast.users["provider"])
    return actions.offer_plan(plan, revision=None, site=SITE, by=by, at=at)


def say(cast: Any, **given: Any) -> Said:
    return Said(**({"how": DecidedHow.PORTAL, "signer": cast.pat, "name": cast.pat.name} | given))


def accepted(
    cast: Any, version: PlanVersion | None = None, *, at: datetime = AT, **given: Any
) -> PlanDecision:
    version = version or offered(cast, at=at, **given)
    return actions.accept_plan(version, say(cast), by=actor_of(cast.pat), at=at)


def done(cast: Any, name: str = "botox", *, at: datetime = AT, person: Any = None) -> Appointment:
    """A visit that took place, with nothing that its way there would have sent."""
    return Appointment.objects.create(
        person=person or cast.pat,
        service=cast.services[name],
        provider=cast.providers["ines"],
        location=cast.location,
        starts_at=at - timedelta(minutes=40),
        ends_at=at - timedelta(minutes=10),
        status=Status.DONE,
        done_at=at,
        booked_via="desk",
        booked_by="test",
        created_at=at - timedelta(days=1),
    )


def published(cast: Any, *names: str, at: datetime = AT, **given: Any) -> AftercareText:
    services: list[UUID] = [cast.services[name].uid for name in names or ("botox",)]
    usual = {"name": "Toxin", "services": services, "texts": TEXTS}
    return actions.publish_aftercare(None, by=BY, at=at, **(usual | given))
