"""The patient says yes or no to a version, in the portal or in words that the staff writes down. One decision a version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import words
from charting.actions.plans import held
from charting.models import Decided, DecidedHow, PlanDecision, PlanState, PlanVersion, TreatmentPlan
from charting.plans import wording
from charting.plans.content import Content
from consents.rules import digest, hash_of_text, is_child
from core.clock import local_date
from core.problems import Conflict, Failure, Invalid, failure
from patients import guardians
from patients.models import Guardianship, Person
from practice.profile import clinic_zone

LONGEST_NAME: Final = 120
LONGEST_REASON: Final = 500
LONGEST_AGENT: Final = 300


@dataclass(frozen=True)
class Said:
    """What was said, by whom and how. `signer` is None where the staff (`noted_by`) writes down what they heard.

    `shown`: SHA-256 of the text that was shown, where the page or program says so.
    """

    how: DecidedHow
    signer: Person | None = None
    name: str = ""
    reason: str = ""
    language: str = "en"
    shown: str = ""
    ip: str = ""
    agent: str = ""
    noted_by: str = ""


class NotOffered(Conflict):
    """It was decided, taken back or replaced meanwhile."""

    type = "not-offered"
    title = _("This plan is not open to be accepted")
    default_detail = _("It was changed, taken back or decided meanwhile. Read it as it is now.")


class EstimateOver(Conflict):
    type = "estimate-over"
    title = _("This estimate has run out")
    default_detail = _("Ask the clinic to offer it anew.")


@transaction.atomic
def accept_plan(version: PlanVersion, said: Said, *, by: Actor, at: datetime) -> PlanDecision:
    """Yes, to the text that was shown. Of two at once, or of a yes and a withdrawal, the first counts.

    1. The plan's row is locked, and only the version that is offered now can be accepted: NotOffered otherwise.
    2. Not after its day: EstimateOver.
    3. All that is missing is told at once: who may say it, and the name.
    4. The hash of the whole goes into the audit chain with the row.
    """
    plan = _open(version)
    if local_date(at, clinic_zone()) > version.valid_until:
        raise EstimateOver
    made = _decide(version, Decided.ACCEPTED, said, by=by, at=at)
    plan.state, plan.agreed, plan.begun_at = PlanState.ACCEPTED, version.number, plan.begun_at or at
    plan.revision += 1
    plan.save()
    return made


@transaction.atomic
def decline_plan(version: PlanVersion, said: Said, *, by: Actor, at: datetime) -> PlanDecision:
    """No. A change that is declined leaves what was agreed before."""
    plan = _open(version)
    made = _decide(version, Decided.DECLINED, said, by=by, at=at)
    plan.state = PlanState.ACCEPTED if plan.agreed else PlanState.DECLINED
    plan.revision += 1
    plan.save()
    return made


def _open(version: PlanVersion) -> TreatmentPlan:
    """The plan, locked, while this version of it is what is offered."""
    plan = held(version.plan)
    if plan.state != PlanState.OFFERED or plan.offered != version.number:
        raise NotOffered
    version.plan = plan
    return plan


def _decide(version: PlanVersion, kind: Decided, said: Said, *, by: Actor, at: datetime) -> PlanDecision:
    person = version.plan.person
    paper = wording.paper(Content.of(version.content), person.name, language=said.language)
    if said.shown and said.shown != paper.digest:
        raise NotOffered
    wrong: list[Failure] = []
    link = _tie(person, said.signer, at, wrong)
    name, reason = _name(said, wrong), words.take("reason", said.reason, LONGEST_REASON, wrong)
    if wrong:
        raise Invalid(errors=wrong)
    made = PlanDecision(
        version=version,
        kind=kind,
        signer=said.signer,
        relation=link.relation if link else "",
        language=paper.language,
        text=paper.text,
        name=name,
        reason=reason,
        device={"ip": said.ip, "agent": said.agent[:LONGEST_AGENT]},
        how=said.how,
        noted_by=said.noted_by,
        decided_at=at,
    )
    made.text_hash = hash_of_text(made.text)
    made.seal_hash = digest(made.sealed())
    made.save(force_insert=True)
    detail = {
        "plan": str(version.plan.uid),
        "version": version.number,
        "how": said.how.value,
        "text_sha256": made.text_hash.hex(),
        "seal_sha256": made.seal_hash.hex(),
    }
    record(f"plan.{kind.value}", by=by, on=made, patient=person.uid, detail=detail, at=at)
    return made


def _name(said: Said, wrong: list[Failure]) -> str:
    before = len(wrong)
    name = " ".join(words.take("name", said.name, LONGEST_NAME, wrong).split())
    if len(wrong) == before and sum(sign.isalpha() for sign in name) < 2:
        missing = _("Type your full name.") if said.signer else _("Write down who said it.")
        wrong.append(failure("name", "missing", missing))
    return name


def _tie(person: Person, signer: Person | None, at: datetime, wrong: list[Failure]) -> Guardianship | None:
    """The tie by which a guardian decides; None for the patient, and where the staff writes down what was said."""
    if signer is None:
        return None
    zone = clinic_zone()
    if signer.pk == person.pk:
        if is_child(person.date_of_birth, at, zone):
            told = _("Somebody under 18 cannot accept a plan. A parent or guardian does it for them.")
            wrong.append(failure("signer", "minor", told))
        return None
    if is_child(signer.date_of_birth, at, zone) or not guardians.cares_for(signer, person, at=at):
        told = _("Only the patient, or whoever looks after them at this clinic, can decide this.")
        wrong.append(failure("signer", "not_guardian", told))
        return None
    return Guardianship.objects.standing().filter(guardian=signer, dependant=person).first()
