"""A plan as the staff and the patient see it: which version counts, what it says, how far it has come."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q

from charting.models import (
    Encounter,
    EncounterKind,
    LaserSession,
    NoteState,
    PlanState,
    PlanVersion,
    TreatmentPlan,
)
from charting.plans.content import Content
from charting.plans.progress import Done, Step, next_step, steps
from core.clock import local_date
from core.money import Money
from patients.models import Person
from practice.profile import clinic_zone
from scheduling.models import Appointment, Status
from vault.fields import warm_rows

OPEN = (PlanState.OFFERED, PlanState.ACCEPTED)


@dataclass(frozen=True)
class Shown:
    """One plan. `version` is what stands; None while it was never offered, or was taken back before anybody agreed."""

    plan: TreatmentPlan
    version: PlanVersion | None
    content: Content
    steps: list[Step] = field(default_factory=list)
    today: date = date.min

    @property
    def state(self) -> str:
        return self.plan.state

    @property
    def total(self) -> Money:
        return self.content.total

    @property
    def is_counting(self) -> bool:
        """Whether visits count for it: it was accepted."""
        return bool(self.plan.agreed)

    @property
    def done(self) -> int:
        return sum(one.done for one in self.steps)

    @property
    def planned(self) -> int:
        return sum(one.stage.sessions for one in self.steps)

    @property
    def is_offered(self) -> bool:
        return self.plan.state == PlanState.OFFERED

    @property
    def is_changed(self) -> bool:
        """Something was written since it was offered, which the patient does not see yet."""
        return self.plan.draft is not None and self.version is not None

    @property
    def has_run_out(self) -> bool:
        return self.is_offered and self.version is not None and self.today > self.version.valid_until

    @property
    def next(self) -> Step | None:
        return next_step(self.steps) if self.plan.state in OPEN and self.is_counting else None

    @property
    def earliest(self) -> date | None:
        window = self.next.window(clinic_zone()) if self.next else None
        return window[0] if window else None

    @property
    def best(self) -> date | None:
        window = self.next.window(clinic_zone()) if self.next else None
        return window[1] if window else None

    @property
    def book_on(self) -> date:
        return max(self.best or self.today, self.today)

    @property
    def all_done(self) -> bool:
        return self.is_counting and all(one.is_complete for one in self.steps)


def plans_of(person: Person, *, at: datetime) -> list[Shown]:
    """All of a person's, the newest first."""
    rows = TreatmentPlan.objects.filter(person=person).order_by("-created_at", "-pk")
    return _shown(list(rows), person, at)


def released_to(person: Person, *, at: datetime) -> list[Shown]:
    """What the patient may read: never a draft, and no offer that was taken back."""
    return [one for one in plans_of(person, at=at) if one.version is not None]


def shown(plan: TreatmentPlan, *, at: datetime) -> Shown:
    return _shown([plan], plan.person, at)[0]


def written(plan: TreatmentPlan) -> Content:
    """What the editor opens with: the draft, or what was offered last."""
    kept = plan.draft or plan.versions.get(number=standing(plan)).content
    return Content.of(kept)


def standing(plan: TreatmentPlan) -> int:
    """The number of the version that a reader is shown; 0: none."""
    if plan.state == PlanState.OFFERED:
        return plan.offered
    if plan.agreed:
        return plan.agreed
    refused = plan.state in (PlanState.DECLINED, PlanState.ENDED)
    return plan.offered if refused else 0


def visits_done(person: Person) -> list[Done]:
    """Appointments that are done, and what was treated without one; each once, with the series it had a session of."""
    series = _series(person)
    rows = Appointment.objects.filter(person=person, status=Status.DONE, done_at__isnull=False)
    found = [
        Done(moment, service, frozenset(series.get(("visit", pk), ())))
        for pk, moment, service in rows.values_list("pk", "done_at", "service__uid")
        if moment is not None
    ]
    walked = Encounter.objects.filter(person=person, appointment=None, service__isnull=False)
    walked = walked.exclude(kind=EncounterKind.EXAM)
    walked = walked.filter(
        Q(ended_at__isnull=False)
        | Q(note__state=NoteState.SIGNED)
        | Q(pk__in=[pk for where, pk in series if where == "walked"])
    )
    for pk, began, ended, signed, service in walked.annotate(signed=F("note__signed_at")).values_list(
        "pk", "began_at", "ended_at", "signed", "service__uid"
    ):
        found.append(Done(ended or signed or began, service, frozenset(series.get(("walked", pk), ()))))
    return found


def _series(person: Person) -> dict[tuple[str, int], set[UUID]]:
    """Of which series a visit, or an encounter without one, had a session. Test spots are none."""
    rows = LaserSession.objects.filter(encounter__person=person, is_test=False)
    found: dict[tuple[str, int], set[UUID]] = {}
    for visit, encounter, uid in rows.values_list("encounter__appointment_id", "encounter_id", "series__uid"):
        found.setdefault(("visit", visit) if visit else ("walked", encounter), set()).add(uid)
    return found


def _shown(plans: list[TreatmentPlan], person: Person, at: datetime) -> list[Shown]:
    if not plans:
        return []
    versions = list(PlanVersion.objects.filter(plan__in=plans).select_related("decision"))
    by_number = {(one.plan_id, one.number): one for one in versions}
    for plan in plans:
        plan.person = person
    owners = {plan.pk: plan for plan in plans}
    for version in versions:
        version.plan = owners[version.plan_id]
    warm_rows([*plans, *versions])
    visits = visits_done(person) if any(plan.agreed for plan in plans) else []
    today = local_date(at, clinic_zone())
    found = []
    for plan in plans:
        stands = by_number.get((plan.pk, standing(plan)))
        content = Content.of(plan.draft or {} if stands is None else stands.content)
        agreed = by_number.get((plan.pk, plan.agreed))
        stages = content.stages if agreed is None else Content.of(agreed.content).stages
        counted = steps(stages, visits, since=plan.begun_at)
        found.append(Shown(plan, stands, content, counted, today))
    return found
