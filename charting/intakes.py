"""Which questionnaires somebody still has to fill in, and which are done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from charting.models import Intake, Questionnaire
from charting.months import months_after
from charting.proposals import Proposal, proposals
from core.clock import local_date
from core.reading import once
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
    rows = _attached(frozenset(services))
    if not rows:
        return []
    today = local_date(at, clinic_zone())
    last = {intake.version.questionnaire_id: intake for intake in handed_in(person)}
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
    return [row for row in handed_in(person) if open_proposals(row)]


@once
def handed_in(person: Person) -> list[Intake]:
    """All that the person has handed in, the oldest first."""
    rows = Intake.objects.filter(person=person).exclude(completed_at=None)
    return list(rows.select_related("version__questionnaire", "person").order_by("completed_at"))


@once
def _attached(services: frozenset[Service]) -> list[Questionnaire]:
    return list(Questionnaire.objects.in_use().filter(services__in=services).distinct())


def open_proposals(intake: Intake) -> list[Proposal]:
    decided = intake.decisions
    return [one for one in proposals(intake.version.questions, intake.answers) if one.key not in decided]
