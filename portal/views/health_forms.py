"""Questions about health before a visit: one section a step, kept with every step, handed in at the end."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from charting import actions, intakes, questions
from charting.actions.intakes import HandedIn
from charting.models import Intake, Questionnaire
from charting.question_rows import question_rows
from charting.questions import Section
from core.clock import now
from core.problems import Failure, Invalid, NotFound
from portal.pages import UNREADABLE, Visiting, portal_page, see, show
from scheduling.coming import services_ahead


@portal_page()
def forms(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """What is still to fill in, and what is done."""
    at = now()
    found = intakes.wanted_for(visiting.person, services_ahead(visiting.person, at=at), at=at)
    return show(request, "forms/list", {"forms": found, "done": "done" in request.GET})


@portal_page("GET", "POST")
def form(request: HttpRequest, visiting: Visiting, uid: UUID, step: int) -> HttpResponse:
    questionnaire, at = _reachable(visiting, uid), now()
    version = questionnaire.current
    sections = questions.parse(version.questions)
    if not 1 <= step <= len(sections):
        raise NotFound
    if request.method != "POST":
        intake = Intake.objects.filter(person=visiting.person, version=version, completed_at=None).first()
        return _step(request, questionnaire, sections, step, intake.answers if intake else {}, [])
    intake = actions.open_intake(visiting.person, questionnaire, by=visiting.by, at=at)
    posted = {key: request.POST.getlist(key) for key in request.POST}
    try:
        failures = actions.save_section(intake, step - 1, posted, by=visiting.by, at=at)
        if not failures and step == len(sections):
            intake.refresh_from_db()
            actions.hand_in(intake, by=visiting.by, at=at)
            return see("forms", done="1")
    except HandedIn:
        return see("forms", done="1")
    except Invalid as problem:
        return _back_to_gap(request, questionnaire, sections, intake, problem.errors)
    if failures:
        intake.refresh_from_db()
        return _step(request, questionnaire, sections, step, {**intake.answers, **posted}, failures)
    return see("form", questionnaire.uid, step + 1)


def _reachable(visiting: Visiting, uid: UUID) -> Questionnaire:
    """What the visits ahead ask for, or was begun; 404 for every other questionnaire."""
    found = Questionnaire.objects.in_use().filter(uid=uid).first()
    if found is None:
        raise NotFound
    begun = Intake.objects.filter(person=visiting.person, version__questionnaire=found).exists()
    ahead = services_ahead(visiting.person, at=now())
    if not begun and not found.services.filter(pk__in=[one.pk for one in ahead]).exists():
        raise NotFound
    return found


def _back_to_gap(
    request: HttpRequest,
    questionnaire: Questionnaire,
    sections: tuple[Section, ...],
    intake: Intake,
    errors: list[Failure],
) -> HttpResponse:
    """Something of an earlier section is missing: that section, with all of its gaps."""
    intake.refresh_from_db()
    keys = {one["field"] for one in errors}
    step = next(
        number
        for number, section in enumerate(sections, 1)
        if any(question.key in keys for question in section.questions)
    )
    own = {question.key for question in sections[step - 1].questions}
    here = [one for one in errors if one["field"] in own]
    return _step(request, questionnaire, sections, step, intake.answers, here)


def _step(
    request: HttpRequest,
    questionnaire: Questionnaire,
    sections: tuple[Section, ...],
    step: int,
    answers: dict[str, Any],
    failures: list[Failure],
) -> HttpResponse:
    language = get_language() or "en"
    context = {
        "title": questionnaire.own_title,
        "section_title": questions.said(sections[step - 1].title, language),
        "rows": question_rows(sections, step - 1, answers, failures, language),
        "step": step,
        "count": len(sections),
        "uid": questionnaire.uid,
        "is_last": step == len(sections),
        "back": step - 1,
    }
    return show(request, "forms/step", context, status=UNREADABLE if failures else 200)
