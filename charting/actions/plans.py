"""A plan is written, offered, changed and offered anew, taken back, completed, ended. What the patient says: plan_decisions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import words
from charting.actions.history import ChangedMeanwhile
from charting.models import LaserSeries, PlanState, PlanVersion, TreatmentPlan
from charting.plans.content import Content, Offer, read
from consents.rules import digest
from core.clock import local_date
from core.problems import Conflict, Failure, Invalid, failure
from patients import telling
from patients.models import Person
from practice.profile import clinic_zone, profile
from practice.queries import services_in_use

KIND: Final = "plan_offered"
PATH: Final = "/portal/plans/"
LONGEST_REASON: Final = 500
OVER: Final = (PlanState.COMPLETED, PlanState.ENDED)


class PlanOver(Conflict):
    type = "plan-over"
    title = _("This plan is over")
    default_detail = _("Take it up again first, or write a new one.")


class NothingToOffer(Conflict):
    type = "nothing-to-offer"
    title = _("There is nothing new to offer")
    default_detail = _("Change the plan first, then offer it.")


class WrongState(Conflict):
    type = "wrong-state"
    title = _("The plan is not in a state for this")
    default_detail = _("Look at it as it is now.")


@transaction.atomic
def begin_plan(person: Person, given: Mapping[str, Any], *, by: Actor, at: datetime) -> TreatmentPlan:
    """A draft, which nobody but the staff sees; Invalid with every failure."""
    content = _checked(person, given, None, at)
    plan = TreatmentPlan.objects.create(
        person=person, title=content.title, draft=content.as_json(), created_at=at, created_by=str(by)
    )
    _record("plan.begun", plan, by=by, at=at, stages=len(content.stages))
    return plan


@transaction.atomic
def save_plan(
    plan: TreatmentPlan, given: Mapping[str, Any], *, revision: int | None, by: Actor, at: datetime
) -> TreatmentPlan:
    """Write on. What was offered stays as it is until the change is offered too. `revision` is the one that was shown."""
    kept = held(plan, revision)
    if kept.state in OVER:
        raise PlanOver
    content = _checked(kept.person, given, kept, at)
    kept.draft, kept.title = content.as_json(), content.title
    _save(kept)
    _record("plan.saved", kept, by=by, at=at, stages=len(content.stages))
    return kept


@transaction.atomic
def discard_changes(plan: TreatmentPlan, *, revision: int | None, by: Actor, at: datetime) -> TreatmentPlan:
    """Back to what was offered last; a plan that never was stays a draft."""
    kept = held(plan, revision)
    if kept.draft is None or not kept.offered:
        raise WrongState
    last = version_of(kept, kept.agreed or kept.offered)
    kept.draft, kept.title = None, Content.of(last.content).title
    _save(kept)
    _record("plan.changes_discarded", kept, by=by, at=at)
    return kept


@transaction.atomic
def offer_plan(
    plan: TreatmentPlan, *, revision: int | None, site: str, by: Actor, at: datetime
) -> PlanVersion:
    """The draft becomes the next version, is released to the patient, and asks. `site`: the clinic's address."""
    kept = held(plan, revision)
    if kept.state in OVER:
        raise PlanOver
    if kept.draft is None:
        raise NothingToOffer
    content = Content.of(kept.draft)
    if content.valid_until < local_date(at, clinic_zone()):
        told = _("The estimate counts until a day that has passed. Set a later one, then offer it.")
        raise Invalid(errors=[failure("valid_until", "passed", told)])
    number = kept.versions.count() + 1
    version = PlanVersion.objects.create(
        plan=kept,
        number=number,
        content=kept.draft,
        content_hash=digest(kept.draft),
        valid_until=content.valid_until,
        offered_at=at,
        offered_by=str(by),
    )
    kept.state, kept.offered, kept.draft = PlanState.OFFERED, number, None
    _save(kept)
    _record("plan.offered", kept, by=by, at=at, version=number, sha256=version.content_hash.hex())
    telling.tell(kept.person, KIND, PATH, key=f"plan:{version.uid}", site=site, at=at)
    return version


@transaction.atomic
def withdraw_offer(plan: TreatmentPlan, *, revision: int | None, by: Actor, at: datetime) -> TreatmentPlan:
    """Before the patient said anything: from here on it cannot be accepted. What was agreed before still counts."""
    kept = held(plan, revision)
    if kept.state != PlanState.OFFERED:
        raise WrongState
    last = version_of(kept, kept.offered)
    kept.draft = kept.draft or last.content
    kept.state = PlanState.ACCEPTED if kept.agreed else PlanState.DRAFT
    kept.offered = kept.agreed
    _save(kept)
    _record("plan.offer_withdrawn", kept, by=by, at=at, version=last.number)
    return kept


@transaction.atomic
def complete_plan(plan: TreatmentPlan, *, revision: int | None, by: Actor, at: datetime) -> TreatmentPlan:
    """All that was planned is done, or as much as was wanted."""
    return _finish(plan, PlanState.COMPLETED, "plan.completed", revision=revision, by=by, at=at)


@transaction.atomic
def end_plan(
    plan: TreatmentPlan, given: Mapping[str, Any], *, revision: int | None, by: Actor, at: datetime
) -> TreatmentPlan:
    """It is not followed any more, for a reason that is kept."""
    wrong: list[Failure] = []
    reason = words.take("reason", given.get("reason"), LONGEST_REASON, wrong, missing=_("Say why."))
    if wrong:
        raise Invalid(errors=wrong)
    return _finish(plan, PlanState.ENDED, "plan.ended", revision=revision, by=by, at=at, reason=reason)


@transaction.atomic
def resume_plan(plan: TreatmentPlan, *, revision: int | None, by: Actor, at: datetime) -> TreatmentPlan:
    """It is taken up again, as it was agreed; one that never was is a draft again."""
    kept = held(plan, revision)
    if kept.state not in OVER:
        raise WrongState
    if not kept.agreed and kept.draft is None:
        kept.draft = version_of(kept, kept.offered).content
    kept.state = PlanState.ACCEPTED if kept.agreed else PlanState.DRAFT
    kept.ended_at, kept.reason = None, ""
    _save(kept)
    _record("plan.resumed", kept, by=by, at=at)
    return kept


def held(plan: TreatmentPlan, revision: int | None = None) -> TreatmentPlan:
    """The row, locked; refused where somebody else wrote since `revision`."""
    rows = TreatmentPlan.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    kept = rows.get(pk=plan.pk)
    if revision is not None and kept.revision != revision:
        raise ChangedMeanwhile
    return kept


def version_of(plan: TreatmentPlan, number: int) -> PlanVersion:
    found = plan.versions.get(number=number)
    found.plan = plan
    return found


def _finish(
    plan: TreatmentPlan,
    state: PlanState,
    verb: str,
    *,
    revision: int | None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> TreatmentPlan:
    kept = held(plan, revision)
    if kept.state in OVER or (state == PlanState.COMPLETED and not kept.agreed):
        raise WrongState
    kept.state, kept.ended_at, kept.reason = state, at, reason
    _save(kept)
    _record(verb, kept, by=by, at=at)
    return kept


def _save(plan: TreatmentPlan) -> None:
    plan.revision += 1
    plan.save()


def _record(verb: str, plan: TreatmentPlan, *, by: Actor, at: datetime, **detail: Any) -> None:
    record(verb, by=by, on=plan, patient=plan.person.uid, detail=detail or None, at=at)


def _checked(person: Person, given: Mapping[str, Any], plan: TreatmentPlan | None, at: datetime) -> Content:
    content, wrong = read(given, offer_for(person, plan, at=at))
    if content is None:
        raise Invalid(errors=wrong)
    return content


def offer_for(person: Person, plan: TreatmentPlan | None, *, at: datetime) -> Offer:
    """What a plan of this person may name."""
    series = LaserSeries.objects.filter(person=person).values_list("uid", flat=True)
    return Offer(
        services={str(one.uid): one for one in services_in_use()},
        series=frozenset(str(uid) for uid in series),
        currency=profile().currency,
        today=local_date(at, clinic_zone()),
        kept=_names(plan) if plan else {},
    )


def _names(plan: TreatmentPlan) -> dict[str, str]:
    """Treatments that the plan names already may stay in it, though the clinic offers them no more."""
    kept = plan.draft or (version_of(plan, plan.offered).content if plan.offered else {"stages": []})
    return {one["service"]: one["name"] for one in kept["stages"]}
