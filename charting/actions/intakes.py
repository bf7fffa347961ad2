"""A patient fills a questionnaire in: kept with every step, handed in once, then looked at by whoever treats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import questions
from charting.actions.history import add_history
from charting.intakes import open_proposals
from charting.models import Intake, Questionnaire
from charting.questions import Answer
from core.problems import Conflict, Failure, Invalid
from patients.models import Person

ACCEPTED, LEFT = "accepted", "left"
DECISIONS: Final = (ACCEPTED, LEFT)


class HandedIn(Conflict):
    """It is final: what was answered is what the clinic has read."""

    type = "handed-in"
    title = _("These answers were handed in already")


@transaction.atomic
def open_intake(
    person: Person, questionnaire: Questionnaire, *, by: Actor, at: datetime, prefilled: bool = True
) -> Intake:
    """The one that was begun, if its version is still asked; a new one, with the last answers to begin with."""
    version = questionnaire.current
    begun = Intake.objects.filter(person=person, version=version, completed_at=None).first()
    if begun is not None:
        return begun
    last = (
        Intake.objects.filter(person=person, version__questionnaire=questionnaire)
        .order_by("-saved_at")
        .first()
    )
    known = questions.parse(version.questions)
    answers = _still_valid(known, last.answers) if last and prefilled else {}
    try:
        with transaction.atomic():
            made = Intake.objects.create(
                person=person, version=version, answers=answers, began_at=at, saved_at=at
            )
    except IntegrityError:  # two taps at once
        return Intake.objects.get(person=person, version=version, completed_at=None)
    record("intake.begun", by=by, on=made, patient=person.uid, at=at)
    return made


@transaction.atomic
def save_section(
    intake: Intake, number: int, posted: Mapping[str, list[str]], *, by: Actor, at: datetime
) -> list[Failure]:
    """Keep what was answered in one section, also where something is wrong or missing; the failures come back.

    An answer that cannot be read is not kept; one to a question that is hidden neither.
    """
    intake = _locked(intake)
    sections = questions.parse(intake.version.questions)
    answers: dict[str, Answer] = dict(intake.answers)
    wrong: list[Failure] = []
    for question in sections[number].questions:
        answer, problem = questions.read(question, posted.get(question.key, []))
        if problem:
            wrong.append(problem)
            answers.pop(question.key, None)
        else:
            answers[question.key] = answer
    intake.answers = questions.pruned(sections, answers)
    intake.saved_at = at
    intake.save(update_fields=["answers", "saved_at"])
    shown = {one.key for one in questions.visible(sections, answers)}
    failed = {one["field"] for one in wrong}
    gaps = questions.missing(
        [one for one in sections[number].questions if one.key in shown and one.key not in failed],
        intake.answers,
    )
    record("intake.saved", by=by, on=intake, patient=intake.person.uid, at=at)
    return [one for one in wrong if one["field"] in shown] + gaps


@transaction.atomic
def hand_in(intake: Intake, *, by: Actor, at: datetime, filled_by: Actor | None = None) -> Intake:
    """All required questions are answered, or Invalid with every gap; final from here on.

    `filled_by`: whose answers they are, where a screen of the staff was handed over.
    """
    intake = _locked(intake)
    sections = questions.parse(intake.version.questions)
    gaps = questions.missing(questions.visible(sections, intake.answers), intake.answers)
    if gaps:
        raise Invalid(errors=gaps)
    intake.completed_at, intake.completed_by = at, str(filled_by or by)
    intake.save(update_fields=["completed_at", "completed_by"])
    channel = {"channel": "tablet"} if filled_by else None
    record("intake.handed_in", by=by, on=intake, patient=intake.person.uid, detail=channel, at=at)
    return intake


@transaction.atomic
def decide(intake: Intake, decisions: Mapping[str, str], *, by: Actor, at: datetime) -> int:
    """Accepted proposals become entries of the history; the others are left. What was decided already stays."""
    intake = (
        Intake.objects.select_for_update(of=("self",)).select_related("person", "version").get(pk=intake.pk)
    )
    decided, added = dict(intake.decisions), 0
    for one in open_proposals(intake):
        decision = decisions.get(one.key)
        if decision not in DECISIONS:
            continue
        if decision == ACCEPTED:
            add_history(intake.person, one.kind, one.given, by=by, at=at)
            added += 1
        decided[one.key] = decision
    intake.decisions = decided
    intake.save(update_fields=["decisions"])
    record("intake.reviewed", by=by, on=intake, patient=intake.person.uid, at=at)
    return added


def _locked(intake: Intake) -> Intake:
    found = Intake.objects.select_for_update(of=("self",)).select_related("person", "version__questionnaire")
    intake = found.get(pk=intake.pk)
    if intake.completed_at is not None:
        raise HandedIn
    return intake


def _still_valid(sections: tuple[questions.Section, ...], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The last answers, as far as the questions still take them."""
    kept: dict[str, Answer] = {}
    for question in questions.all_of(sections):
        given = answers.get(question.key)
        if given:
            answer, problem = questions.read(question, given if isinstance(given, list) else [given])
            if not problem:
                kept[question.key] = answer
    return questions.pruned(sections, kept)
