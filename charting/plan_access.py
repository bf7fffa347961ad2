"""The only way to a plan or an aftercare sheet: by the staff, within their rights, and by the patient it was released to.

Who may open charts opens the record with it, the care team's rules included. The front desk sees the title, the
treatments and the estimate: what is booked and asked for, and nothing that was written about the patient.
"""

from datetime import datetime
from uuid import UUID

from accounts.access import Anybody, may, require_object
from accounts.actors import actor_for
from audit.actors import Actor
from audit.trail import note_read
from charting.models import AftercareSheet, AftercareText, PlanTemplate, TreatmentPlan
from charting.models.aftercare import SheetQuerySet
from charting.plans import reading
from charting.plans.reading import Shown
from core.problems import NotFound
from patients.access import get_person, get_record
from patients.callers import PatientCaller
from patients.models import Person


def reads_all(user: Anybody) -> bool:
    """Whether `user` may read what was written, beside title, treatments and prices."""
    return may(user, "chart.view")


def person_of_plans(user: Anybody, uid: UUID, *, to: str = "plans.view") -> Person:
    require_object(user, to)
    return get_record(user, uid, to=to) if reads_all(user) else get_person(user, uid)


def get_plan(user: Anybody, uid: UUID, *, to: str = "plans.view") -> TreatmentPlan:
    """The plan; opening it is an event of its own, as of a note."""
    staff = require_object(user, to)
    plan = TreatmentPlan.objects.filter(uid=uid).select_related("person").first()
    if plan is None:
        raise NotFound
    plan.person = person_of_plans(user, plan.person.uid, to=to)
    note_read("plan.opened", by=actor_for(staff), on=plan, patient=plan.person.uid, alone=True)
    return plan


def get_sheet(user: Anybody, uid: UUID, *, to: str = "plans.view") -> AftercareSheet:
    staff = require_object(user, to)
    sheet = _sheets().filter(uid=uid).first()
    if sheet is None:
        raise NotFound
    sheet.person = person_of_plans(user, sheet.person.uid, to=to)
    note_read("aftercare.opened", by=actor_for(staff), on=sheet, patient=sheet.person.uid)
    return sheet


def get_aftercare_text(user: Anybody, uid: UUID) -> AftercareText:
    require_object(user, "chart.manage")
    row = AftercareText.objects.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def get_plan_template(user: Anybody, uid: UUID) -> PlanTemplate:
    require_object(user, "chart.manage")
    row = PlanTemplate.objects.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def own_plans(person: Person, *, by: Actor, at: datetime) -> list[Shown]:
    """What was released to the patient, the newest first."""
    note_read("plan.listed", by=by, on=person, patient=person.uid)
    return reading.released_to(person, at=at)


def own_plan(person: Person, uid: UUID, *, by: Actor, at: datetime) -> Shown:
    """One of them; 404 for a draft, and for everybody else's."""
    plan = TreatmentPlan.objects.filter(person=person, uid=uid).first()
    if plan is None or not reading.standing(plan):
        raise NotFound
    plan.person = person
    note_read("plan.opened", by=by, on=plan, patient=person.uid, alone=True)
    return reading.shown(plan, at=at)


def callers_plan(caller: PatientCaller, uid: UUID, *, at: datetime) -> tuple[Person, Shown]:
    """One of the caller's own, or of whom they look after. Clinical: not with a code by text alone."""
    plan = TreatmentPlan.objects.filter(uid=uid).select_related("person").first()
    if plan is None or not caller.by_mail:
        raise NotFound
    person = caller.reach(plan.person.uid)
    return person, own_plan(person, uid, by=caller.acting_for(person), at=at)


def own_sheets(person: Person, *, by: Actor) -> list[AftercareSheet]:
    note_read("aftercare.listed", by=by, on=person, patient=person.uid)
    return list(_sheets().given().filter(person=person).order_by("-given_at", "-pk"))


def own_sheet(person: Person, uid: UUID, *, by: Actor) -> AftercareSheet:
    sheet = _sheets().given().filter(person=person, uid=uid).first()
    if sheet is None:
        raise NotFound
    sheet.person = person
    note_read("aftercare.opened", by=by, on=sheet, patient=person.uid)
    return sheet


def _sheets() -> SheetQuerySet:
    return AftercareSheet.objects.select_related(
        "person", "text", "appointment__service", "appointment__location", "plan_version__plan__person"
    )
