"""The good-faith exam: an encounter of its own, in person or by a link, with a result for each service."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import gate
from charting.actions.encounters import begin_encounter
from charting.models import Encounter, EncounterKind, ExamOutcome, ExamResult, GateItem, GateRule
from charting.models.encounters import Modality
from charting.months import months_after
from core.clock import local_date
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text
from patients.models import Person
from practice.models import License, Location, Provider, Service
from practice.models.providers import EXAMINERS

LONGEST_LINK: Final = 500
LONGEST_LIMITS: Final = 500
USUAL_MONTHS: Final = 12


@transaction.atomic
def begin_exam(
    person: Person,
    provider: Provider,
    *,
    location: Location,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    join_link: str = "",
) -> Encounter:
    """By telehealth where there is a link; the patient finds it in the portal."""
    link = read_link(join_link)
    modality = Modality.TELEHEALTH if link else Modality.IN_PERSON
    encounter = begin_encounter(
        person,
        provider,
        location=location,
        kind=EncounterKind.EXAM,
        service=service,
        modality=modality,
        by=by,
        at=at,
    )
    if link:
        encounter.join_link = link
        encounter.save(update_fields=["join_link"])
    return encounter


@transaction.atomic
def set_join_link(encounter: Encounter, link: str, *, by: Actor, at: datetime) -> Encounter:
    """Another link, or none: then it is in person."""
    encounter.join_link = read_link(link) or None
    encounter.modality = Modality.TELEHEALTH if encounter.join_link else Modality.IN_PERSON
    encounter.save(update_fields=["join_link", "modality"])
    record("encounter.link_changed", by=by, on=encounter, patient=encounter.person.uid, at=at)
    return encounter


@transaction.atomic
def record_exam(
    encounter: Encounter,
    services: Collection[Service],
    *,
    outcome: str,
    limits: str = "",
    examiner: Provider | None,
    by: Actor,
    at: datetime,
) -> list[ExamResult]:
    """The same result for each service, valid for as long as the clinic's rule for it says.

    Only who holds a licence to examine on that day may record one; Invalid with every failure.
    """
    on = local_date(at, encounter.location.zone)
    words = _refuse_unfit(services, outcome, limits, examiner, on)
    assert examiner is not None
    made = []
    for service in services:
        made.append(
            ExamResult.objects.create(
                encounter=encounter,
                service=service,
                examiner=examiner,
                outcome=outcome,
                limits=words,
                valid_until=months_after(on, _months(service)),
                examined_at=at,
            )
        )
        detail = {"service": str(service.uid), "outcome": outcome}
        record("exam.recorded", by=by, on=made[-1], patient=encounter.person.uid, detail=detail, at=at)
    if encounter.ended_at is None:
        encounter.ended_at = at
        encounter.save(update_fields=["ended_at"])
    return made


def may_examine(provider: Provider | None, on: date) -> bool:
    if provider is None:
        return False
    return License.objects.valid(on).filter(provider=provider, kind__in=EXAMINERS).exists()


def read_link(text: str) -> str:
    """A link that a browser may follow safely, or nothing."""
    try:
        link = clean_text(text, LONGEST_LINK)
    except TextProblem as problem:
        raise Invalid(errors=[failure("join_link", problem.code, problem.message)]) from None
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        good = parts.scheme == "https" and bool(parts.hostname) and " " not in link
    except ValueError:
        good = False
    if not good:
        told = _("Paste the whole link of the call; it begins with https://.")
        raise Invalid(errors=[failure("join_link", "invalid", told)])
    return link


def _refuse_unfit(
    services: Collection[Service], outcome: str, limits: str, examiner: Provider | None, on: date
) -> str:
    failures: list[Failure] = []
    words = ""
    try:
        words = clean_text(limits, LONGEST_LIMITS, multiline=True)
    except TextProblem as problem:
        failures.append(failure("limits", problem.code, problem.message))
    if not services:
        failures.append(failure("services", "required", _("Choose what the exam is for.")))
    if outcome not in ExamOutcome.values:
        failures.append(failure("outcome", "required", _("Choose a result.")))
    if outcome == ExamOutcome.LIMITED and not words and not failures:
        failures.append(failure("limits", "required", _("Say what the limits are.")))
    if not may_examine(examiner, on):
        told = _(
            "Only a physician, nurse practitioner or physician assistant with a valid licence may record it."
        )
        failures.append(failure("", "not_licensed", told))
    if failures:
        raise Invalid(errors=failures)
    return words


def _months(service: Service) -> int:
    rules = gate.applying(GateRule.objects.all(), service=service.pk, category=service.category_id)
    return rules[GateItem.EXAM].months if GateItem.EXAM in rules else USUAL_MONTHS
