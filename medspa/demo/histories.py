"""Licences, histories, health forms, exams and the rules before a treatment: some patients ready, some not."""

import random
from datetime import datetime, timedelta
from typing import Final

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor
from charting import actions, questions
from charting.actions.rules import nature_of
from charting.models import ExamResult, Nature, Questionnaire
from core.clock import local_date
from patients.models import Person
from patients.self_service import actor_of
from practice.actions import add_license, assign_supervisor
from practice.models import LicenseKind, Provider
from practice.profile import clinic_zone
from scheduling.models import Appointment

LATELY: Final = timedelta(days=3)
FORMS: Final = ("medspa", "laser", "injectables")
KINDS: Final = {
    "MD": LicenseKind.PHYSICIAN,
    "DO": LicenseKind.PHYSICIAN,
    "NP": LicenseKind.NURSE_PRACTITIONER,
    "PA": LicenseKind.PHYSICIAN_ASSISTANT,
    "RN": LicenseKind.NURSE,
}
HISTORIES: Final[tuple[tuple[tuple[str, dict[str, str]], ...], ...]] = (
    (("allergy", {"code": "lidocaine", "reaction": "hives", "severity": "moderate", "since": "2019"}),),
    (
        ("no_allergies", {}),
        ("medication", {"code": "levothyroxine", "dose": "50 mcg daily", "since": "2021"}),
    ),
    (("allergy", {"code": "latex", "reaction": "rash"}), ("condition", {"code": "cold_sores"})),
    (("no_allergies", {}), ("condition", {"code": "keloid", "since": "2014"})),
    (("no_allergies", {}),),
    (("allergy", {"text": "Bee stings", "reaction": "swelling", "severity": "severe"}),),
)
TAN: Final = {"code": "sunburn", "note": "Two weeks in the sun"}


def fill_histories(*, at: datetime) -> int:
    """For whoever has a visit about now; says for how many."""
    owner = User.objects.filter(role=Role.OWNER)[0]
    by, chance = actor_for(owner), random.Random("histories")  # noqa: S311 - believable, not secret
    _license(by, at=at)
    forms = [actions.add_starter(key, by=by, at=at - LATELY) for key in FORMS]
    actions.use_usual_rules(by=by)
    visits = Appointment.objects.filter(starts_at__gte=at - LATELY, starts_at__lte=at + LATELY)
    visits = visits.select_related("person", "service", "provider", "location").order_by("starts_at")
    seen: set[int] = set()
    for number, visit in enumerate(visits):
        if visit.person.pk not in seen:
            seen.add(visit.person.pk)
            _history(visit.person, number, by, chance, at=at)
        if chance.random() < 0.7:
            _answer(visit, forms, chance, at=at)
        if nature_of(visit.service) and chance.random() < 0.75:
            _examine(visit, by, chance, at=at)
    return len(seen)


def _license(by: Actor, *, at: datetime) -> None:
    """The physicians, or whoever comes nearest, supervise the others; one licence runs out soon."""
    today = local_date(at, clinic_zone())
    providers = list(Provider.objects.in_use())
    kinds = [KINDS.get(one.credentials.split(",")[0].strip(), LicenseKind.NURSE) for one in providers]
    if LicenseKind.PHYSICIAN not in kinds:
        kinds[0] = LicenseKind.PHYSICIAN
    head = providers[kinds.index(LicenseKind.PHYSICIAN)]
    for place, (one, kind) in enumerate(zip(providers, kinds, strict=True)):
        until = today + timedelta(days=9 if place == 1 else 300 + 40 * place)
        add_license(
            one,
            kind=kind,
            number=f"{kind[:2].upper()}-{20417 + 311 * place}",
            state="IL",
            valid_until=until,
            by=by,
        )
        if kind != LicenseKind.PHYSICIAN:
            assign_supervisor(one, head, since=today - timedelta(days=200), by=by)


def _history(person: Person, number: int, by: Actor, chance: random.Random, *, at: datetime) -> None:
    for kind, given in HISTORIES[number % len(HISTORIES)]:
        actions.add_history(person, kind, given, by=by, at=at - LATELY)
    if chance.random() < 0.5:
        skin = {"skin_type": str(chance.randint(1, 5))}
        actions.add_history(person, "skin_type", skin, by=by, at=at - LATELY)
    if chance.random() < 0.12:
        actions.add_history(person, "condition", TAN, by=by, at=at - LATELY)


def _answer(visit: Appointment, forms: list[Questionnaire], chance: random.Random, *, at: datetime) -> None:
    by = actor_of(visit.person)
    for form in forms:
        if not form.services.filter(pk=visit.service.pk).exists():
            continue
        intake = actions.open_intake(visit.person, form, by=by, at=at - LATELY)
        if intake.completed_at or intake.answers:
            continue
        sections = questions.parse(intake.version.questions)
        for number, section in enumerate(sections):
            posted = {one.key: [_typed(one, chance)] for one in section.questions}
            actions.save_section(intake, number, posted, by=by, at=at - LATELY)
        actions.hand_in(intake, by=by, at=at - LATELY)


def _typed(question: questions.Question, chance: random.Random) -> str:
    if question.kind == questions.YES_NO:
        return "yes" if chance.random() < 0.1 else "no"
    if question.kind in questions.WITH_OPTIONS:
        return question.options[0].key
    return (
        "2026-10-01"
        if question.kind == questions.DATE
        else "Penicillin, a rash"
        if "allergy" in question.key
        else "See my list"
    )


def _examine(visit: Appointment, by: Actor, chance: random.Random, *, at: datetime) -> None:
    """Mostly a while ago; some run out within days."""
    if ExamResult.objects.filter(encounter__person=visit.person, service=visit.service).exists():
        return
    when = at - timedelta(days=chance.choice((40, 120, 250, 357)))
    examiner = Provider.objects.filter(licenses__kind=LicenseKind.PHYSICIAN)[0]
    encounter = actions.begin_exam(visit.person, examiner, location=visit.location, by=by, at=when)
    actions.record_exam(encounter, [visit.service], outcome="cleared", examiner=examiner, by=by, at=when)
    nature = nature_of(visit.service)
    if nature == Nature.LASER and chance.random() < 0.6:
        tested = {"against": "laser", "tested_on": str(local_date(when, clinic_zone())), "result": "clear"}
        actions.add_history(visit.person, "patch_test", tested, by=by, at=when)
