"""Questionnaires of a clinic: from a starter or from nothing, changed by a further version, archived and brought back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import questions
from charting.actions.history import ChangedMeanwhile
from charting.actions.rules import nature_of
from charting.models import Nature, Questionnaire, QuestionnaireVersion
from charting.starters import STARTERS
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text
from practice.models import Service

LONGEST = 120


@transaction.atomic
def add_starter(key: str, *, by: Actor, at: datetime) -> Questionnaire:
    """A questionnaire to begin with, in our own words, attached to the services it fits."""
    starter = STARTERS[key]
    made = Questionnaire.objects.create(title=starter.title["en"], title_es=starter.title["es"])
    _publish(made, starter.body, 1, by=by, at=at)
    natures = {Nature(one) for one in starter.natures}
    made.services.set([one for one in Service.objects.in_use() if nature_of(one) in natures])
    record("questionnaire.added", by=by, on=made, at=at)
    return made


@transaction.atomic
def save_questionnaire(
    row: Questionnaire | None,
    *,
    title: str,
    title_es: str,
    valid_months: int,
    services: Collection[Service],
    body: Mapping[str, Any],
    number: int,
    by: Actor,
    at: datetime,
) -> Questionnaire:
    """What it is called and where it is asked; other questions become a further version. Invalid with every fault.

    `number` is the version that was shown: another one since then refuses the change.
    """
    words = _titles(title, title_es, body)
    if row is None:
        row = Questionnaire(valid_months=valid_months)
    row = Questionnaire.objects.select_for_update().get(pk=row.pk) if row.pk else row
    row.title, row.title_es, row.valid_months = words[0], words[1], valid_months
    row.save()
    row.services.set(services)
    last = row.versions.order_by("-number").first()
    if (last.number if last else 0) != number:
        raise ChangedMeanwhile
    if last is None or last.questions != body:
        _publish(row, body, number + 1, by=by, at=at)
    record("questionnaire.saved", by=by, on=row, at=at)
    return row


@transaction.atomic
def archive_questionnaire(row: Questionnaire, *, by: Actor, at: datetime) -> Questionnaire:
    """It is asked no more; what was answered stays."""
    row.archived_at = at
    row.save(update_fields=["archived_at"])
    record("questionnaire.archived", by=by, on=row, at=at)
    return row


@transaction.atomic
def restore_questionnaire(row: Questionnaire, *, by: Actor, at: datetime) -> Questionnaire:
    row.archived_at = None
    row.save(update_fields=["archived_at"])
    record("questionnaire.restored", by=by, on=row, at=at)
    return row


def _titles(title: str, title_es: str, body: Mapping[str, Any]) -> list[str]:
    failures: list[Failure] = []
    words = []
    for name, value in (("title", title), ("title_es", title_es)):
        try:
            words.append(clean_text(value, LONGEST))
        except TextProblem as problem:
            failures.append(failure(name, problem.code, problem.message))
    if words and not words[0]:
        failures.append(failure("title", "required", _("Give it a name.")))
    failures += [failure("", "questions", told) for told in questions.faults(body)]
    if failures:
        raise Invalid(errors=failures)
    return words


def _publish(
    row: Questionnaire, body: Mapping[str, Any], number: int, *, by: Actor, at: datetime
) -> QuestionnaireVersion:
    try:
        with transaction.atomic():
            return QuestionnaireVersion.objects.create(
                questionnaire=row,
                number=number,
                questions=dict(body),
                published_at=at,
                published_by=str(by),
            )
    except IntegrityError:
        raise ChangedMeanwhile from None
