"""A health form on a screen that is handed over: one section a step, and never an answer that was given elsewhere.

Whoever holds the screen sees what was typed on it since it was handed over, and nothing else: not the last answers of the
patient, nor those begun at home, so that nobody learns of them by handing the screen to themselves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions, questions
from charting.actions.intakes import HandedIn
from charting.models import Intake, Questionnaire
from charting.question_rows import question_rows
from charting.questions import Section
from consents import access as consents
from consents import handing
from consents.handing import Handed
from core.clock import now
from core.http import see_other
from core.problems import Failure, Invalid, NotFound
from patients import self_service

KEPT: Final = "charting.health"  # in the hand-over: by version, the steps that were answered on this screen
OFFER: Final = "charting.handed"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page("consents.collect")
def form(request: HttpRequest, uid: UUID, form: UUID, step: int) -> HttpResponse:
    handed = handing.handed(request, uid)
    questionnaire = Questionnaire.objects.in_use().filter(uid=form).first()
    if handed is None:
        consents.get_person_for_forms(request.user, uid, to="collect")
        if questionnaire is None:
            raise NotFound
        return see_other(request, reverse("consents:forms", args=[uid]))
    if questionnaire is None or str(form) not in handed.tasks.get(OFFER, []):
        return see_other(request, reverse("consents:hand_over", args=[uid]))
    with override(handed.language):
        return _step(request, Filling(handed, questionnaire), step, now())


class Filling:
    """One form on this screen: its sections, and which of them were answered here."""

    def __init__(self, handed: Handed, questionnaire: Questionnaire) -> None:
        self.handed, self.questionnaire = handed, questionnaire
        self.version = questionnaire.current
        self.sections: tuple[Section, ...] = questions.parse(self.version.questions)
        kept: dict[str, list[int]] = handed.kept.get(KEPT, {})
        self.given = list(kept.get(str(self.version.uid), []))

    @property
    def next_step(self) -> int:
        return min(max(self.given, default=0) + 1, len(self.sections))

    def path(self, step: int) -> str:
        return reverse("charting:handed_form", args=[self.handed.person.uid, self.questionnaire.uid, step])

    def answers(self) -> dict[str, Any]:
        """Those of the sections that were answered here."""
        rows = Intake.objects.filter(person=self.handed.person, version=self.version, completed_at=None)
        intake = rows.first() if self.given else None
        known = intake.answers if intake else {}
        own = {
            question.key
            for number, section in enumerate(self.sections, 1)
            if number in self.given
            for question in section.questions
        }
        return {key: value for key, value in known.items() if key in own}

    def answered(self, request: HttpRequest, step: int) -> None:
        self.given = sorted({*self.given, step})
        kept = {**self.handed.kept.get(KEPT, {}), str(self.version.uid): self.given}
        handing.keep(request, KEPT, kept)


def _step(request: HttpRequest, filling: Filling, step: int, at: datetime) -> HttpResponse:
    if not 1 <= step <= filling.next_step:
        return see_other(request, filling.path(filling.next_step))
    if request.method != "POST":
        return _page(request, filling, step, filling.answers(), [])
    person, by = filling.handed.person, actor_of(request)
    intake = actions.open_intake(person, filling.questionnaire, by=by, at=at, prefilled=False)
    posted = {key: request.POST.getlist(key) for key in request.POST}
    there = reverse("consents:hand_over", args=[person.uid])
    try:
        failures = actions.save_section(intake, step - 1, posted, by=by, at=at)
        if failures:
            return _page(request, filling, step, {**filling.answers(), **posted}, failures)
        filling.answered(request, step)
        if step < len(filling.sections):
            return see_other(request, filling.path(step + 1))
        signer = handing.signer_of(request, person, filling.handed.signer, at)
        filled_by = self_service.actor_of(signer, for_person=person)
        actions.hand_in(intake, by=by, at=at, filled_by=filled_by)
    except HandedIn:
        return see_other(request, there)
    except Invalid as problem:
        return see_other(request, filling.path(_section_of(filling.sections, problem.errors)))
    return see_other(request, there)


def _section_of(sections: tuple[Section, ...], errors: list[Failure]) -> int:
    """The first section with a gap: an earlier answer was changed, and asks for more."""
    keys = {one["field"] for one in errors}
    return next(
        number
        for number, section in enumerate(sections, 1)
        if any(question.key in keys for question in section.questions)
    )


def _page(
    request: HttpRequest, filling: Filling, step: int, answers: Mapping[str, Any], failures: list[Failure]
) -> HttpResponse:
    sections, language = filling.sections, filling.handed.language
    context = {
        "title": filling.questionnaire.own_title,
        "section_title": questions.said(sections[step - 1].title, language),
        "rows": question_rows(sections, step - 1, dict(answers), failures, language),
        "step": step,
        "count": len(sections),
        "action": filling.path(step),
        "is_last": step == len(sections),
        "before": filling.path(step - 1) if step > 1 else "",
        "back": handing.way_back(filling.handed.person),
    }
    return render(request, "charting/handed_form.html", context, status=422 if failures else 200)
