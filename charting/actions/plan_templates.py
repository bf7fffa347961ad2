"""Stages that the clinic plans often: copied from a plan without a word about its patient, renamed, archived."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import words
from charting.models import PlanTemplate
from charting.plans.content import Content
from core.problems import Conflict, Failure, Invalid

LONGEST: Final = 80
MOST: Final = 100


@transaction.atomic
def keep_template(content: Content, *, name: str, by: Actor, at: datetime) -> PlanTemplate:
    """Treatments, sessions, days and prices; neither the goal nor any note, which may tell of somebody."""
    if PlanTemplate.objects.in_use().count() >= MOST:
        raise Conflict(_("There are a hundred templates already. Archive one first."))
    stages = [one.as_json() | {"notes": "", "series": None} for one in content.stages]
    row = PlanTemplate.objects.create(name=_name(name), stages=stages, created_at=at)
    record("plan_template.kept", by=by, on=row, detail={"name": row.name}, at=at)
    return row


@transaction.atomic
def rename_template(row: PlanTemplate, *, name: str, by: Actor, at: datetime) -> PlanTemplate:
    row.name = _name(name)
    row.save(update_fields=["name"])
    record("plan_template.renamed", by=by, on=row, detail={"name": row.name}, at=at)
    return row


@transaction.atomic
def archive_template(row: PlanTemplate, *, archived: bool, by: Actor, at: datetime) -> None:
    """Out of use, or back. Plans that were begun with it stay as they are."""
    row.archived_at = at if archived else None
    row.save(update_fields=["archived_at"])
    verb = "plan_template.archived" if archived else "plan_template.restored"
    record(verb, by=by, on=row, detail={"name": row.name}, at=at)


def _name(text: str) -> str:
    wrong: list[Failure] = []
    name = words.take("name", text, LONGEST, wrong, missing=_("Give the template a name."))
    if wrong:
        raise Invalid(errors=wrong)
    return " ".join(name.split())
