"""Which questionnaires somebody still has to fill in, and which are done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from charting.models import Intake, Questionnaire
from charting.months import months_after
from charting.proposals import Proposal, proposals
from core.clock import local_date
from patients.models import Person
from practice.models import Service
from practice.profile import clinic_zone


@dataclass(frozen=True)
class Wanted:
    """A questionnaire that a service asks for, and the person's last answers to it."""

    questionnaire: Questionnaire
    last: Intake | None
    is_done: bool

    @property
    def title(self) -> str:
        return self.questionnaire.title


def wanted_for(person: Person, services: Collection[Service], *, at: datetime) -> list[Wanted]:
    """In the clinic's order, each once."""
    rows = list(Questionnaire.objects.in_use().filter(services__in=services).distinct())
    if not rows:
        return []
    today = local_date(at, clinic_zone())
    handed_in = Intake.objects.filter(person=person, version__questionnaire__in=rows).exclude(
        completed_at=None
    )
    last: dict[int, Intake] = {}
    for intake in handed_in.select_related("version").order_by("completed_at"):
        last[intake.version.questionnaire_id] = intake
    found = []
    for row in rows:
        done = last.get(row.pk)
        until = (
            months_after(local_date(done.completed_at, clinic_zone()), row.valid_months)
            if done and done.completed_at
            else None
        )
        found.append(Wanted(row, done, until is not None and today <= until))
    return found


def missing_for(person: Person, services: Collection[Service], *, at: datetime) -> list[Wanted]:
    """Those not filled in, or too long ago."""
    return [one for one in wanted_for(person, services, at=at) if not one.is_done]


def proposals_waiting(person: Person) -> list[Intake]:
    """Intakes whose answers say something for the history that nobody has decided about."""
    rows = (
        Intake.objects.filter(person=person)
        .exclude(completed_at=None)
        .select_related("version__questionnaire")
    )
    return [row for row in rows.order_by("completed_at") if open_proposals(row)]


def open_proposals(intake: Intake) -> list[Proposal]:
    decided = intake.decisions
    return [one for one in proposals(intake.version.questions, intake.answers) if one.key not in decided]
