"""What the gate's checks need to know, read for one treatment: only what the clinic's rules ask about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from charting import gate, intakes
from charting.gate import Exam, Found, Gate
from charting.history import facts, reading, shown
from charting.lasers import past
from charting.models import (
    Encounter,
    ExamResult,
    GateItem,
    GateRule,
    HistoryEntry,
    HistoryKind,
    HistoryStatus,
    InjectionPoint,
    Nature,
)
from consents import queries as consents
from core.clock import local_date
from core.reading import once
from patients.models import Person
from practice import stock
from practice.models import License, Location, Lot, Product, Provider, Service, Supervision
from practice.models.providers import INDEPENDENT
from scheduling.models import Appointment


@dataclass(frozen=True)
class Treatment:
    """Who would be treated by whom, with what, and where: a visit, or somebody who walked in."""

    person: Person
    service: Service
    provider: Provider
    location: Location

    @classmethod
    def of_visit(cls, visit: Appointment) -> "Treatment":
        return cls(visit.person, visit.service, visit.provider, visit.location)

    @classmethod
    def of_encounter(cls, encounter: Encounter) -> "Treatment | None":
        if encounter.service is None:
            return None
        return cls(encounter.person, encounter.service, encounter.provider, encounter.location)


@dataclass(frozen=True)
class _Asking:
    treatment: Treatment
    rule: GateRule
    at: datetime
    on: date


def read(treatment: Treatment, *, at: datetime) -> Gate:
    """The gate as it stands at that moment, on the location's day. Nothing is asked where no rule asks it."""
    service = treatment.service
    rules = gate.applying(GateRule.objects.all(), service=service.pk, category=service.category_id)
    on = local_date(at, treatment.location.zone)
    found = []
    for item, rule in rules.items():
        if item in CHECKS:
            checked = CHECKS[item](_Asking(treatment, rule, at, on))
            found.append(replace(checked, mode=rule.mode))
    return Gate(tuple(found))


def _consent(asking: _Asking) -> Found:
    treatment = asking.treatment
    missing = consents.missing_for(treatment.person, [treatment.service], asking.at)
    return gate.check_consent([each.form.name for each in missing])


def _exam(asking: _Asking) -> Found:
    rows = ExamResult.objects.filter(
        encounter__person=asking.treatment.person, service=asking.treatment.service
    )
    last = rows.select_related("examiner", "encounter__person").order_by("-examined_at", "-id").first()
    if last is None:
        return gate.check_exam(None, on=asking.on)
    exam = Exam(last.outcome, last.valid_until, last.examiner.name, last.limits)
    return gate.check_exam(exam, on=asking.on)


def _history(person: Person, *kinds: str) -> list[HistoryEntry]:
    rows = reading.lines_of(person)
    return [row for row in rows if row.status == HistoryStatus.ACTIVE and row.kind in kinds]


def _contraindications(asking: _Asking) -> Found:
    rows = _history(asking.treatment.person, HistoryKind.MEDICATION, HistoryKind.CONDITION)
    standing = [row for row in rows if shown.is_open(row, asking.rule.nature, on=asking.on)]
    return gate.check_contraindications([shown.line(row).label for row in standing])


def _patch_test(asking: _Asking) -> Found:
    tests = [facts.of_body(row.body) for row in _history(asking.treatment.person, HistoryKind.PATCH_TEST)]
    nature, months, on = asking.rule.nature, asking.rule.months, asking.on
    own = [one for one in tests if nature == Nature.ANY or one.against in (nature, Nature.ANY)]
    last = max(own, key=lambda one: one.tested_on, default=None)
    day = date.fromisoformat(last.tested_on) if last else None
    spot, fresh = _test_spot(asking)
    if last is None or (last.result == "clear" and spot is not None and day is not None and spot > day):
        return gate.check_patch_test(spot, "clear", months=months, on=on, fresh=fresh)
    return gate.check_patch_test(day, last.result, months=months, on=on)


def _test_spot(asking: _Asking) -> tuple[date | None, bool]:
    """The day of the last test spot of a laser for this service, and whether it is too young to count: then no day.

    A spot without a reaction on record was calm. It clears no reaction that is: that takes a test noted in the history.
    """
    person, service = asking.treatment.person, asking.treatment.service
    shown = past.last_test_spot(person, service, at=asking.at - gate.SETTLES)
    if shown is not None:
        return local_date(shown, asking.treatment.location.zone), False
    return None, past.last_test_spot(person, service, at=asking.at) is not None


def _intake(asking: _Asking) -> Found:
    treatment = asking.treatment
    missing = intakes.missing_for(treatment.person, [treatment.service], at=asking.at)
    return gate.check_intake([one.title for one in missing])


def _license(asking: _Asking) -> Found:
    days = [one.valid_until for one in _licenses(asking.treatment.provider)]
    return gate.check_license(max(days, default=None), on=asking.on)


@once
def _licenses(provider: Provider) -> list[License]:
    return list(License.objects.filter(provider=provider, ended_at=None))


def _lot(asking: _Asking) -> Found:
    treatment, at = asking.treatment, asking.at
    points = InjectionPoint.objects.filter(
        map__encounter__person=treatment.person,
        map__encounter__location=treatment.location,
        map__locked_at=None,
        removed_at=None,
    )
    lots = Lot.objects.filter(pk__in=points.values("lot")).select_related("product")
    bad = stock.expired_lots(lots, location=treatment.location, at=at)
    shelf = stock.usable_levels(treatment.location, at=at, products=Product.objects.injected())
    return gate.check_lot([lot.number for lot in bad], any_left=shelf.exists())


def _supervisor(asking: _Asking) -> Found:
    provider, on = asking.treatment.provider, asking.on
    own = frozenset(one.kind for one in _licenses(provider) if one.valid_until >= on)
    if own & INDEPENDENT:
        return gate.check_supervisor(own, [])
    over = Supervision.objects.on(on).filter(provider=provider)
    supervisors = [one.supervisor for one in over.select_related("supervisor")]
    valid = License.objects.valid(on).filter(provider__in=supervisors, kind__in=INDEPENDENT)
    licensed = set(valid.values_list("provider_id", flat=True)) if supervisors else set()
    names = [(one.name, one.pk in licensed and one.archived_at is None) for one in supervisors]
    return gate.check_supervisor(own, names)


CHECKS: Final[dict[str, Callable[[_Asking], Found]]] = {
    GateItem.CONSENT: _consent,
    GateItem.EXAM: _exam,
    GateItem.CONTRAINDICATIONS: _contraindications,
    GateItem.INTAKE: _intake,
    GateItem.PATCH_TEST: _patch_test,
    GateItem.LICENSE: _license,
    GateItem.SUPERVISOR: _supervisor,
    GateItem.LOT: _lot,
}
