"""Which signed notes a supervisor must see: the rule, as a pure function, and the row that asks for it."""

import hashlib
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.roles import permissions_of_role
from charting.models import CoSignature, Note, SamplingRule
from core.clock import local_date
from practice.models import Provider


class Reason(StrEnum):
    SERVICE = "service"
    NEW = "new"
    SAMPLE = "sample"


REASONS: Final = {
    Reason.SERVICE: _("every note of this service"),
    Reason.NEW: _("first months of this provider"),
    Reason.SAMPLE: _("drawn as a sample"),
}


def chosen(rule: SamplingRule, *, note: UUID, service: UUID | None, on: date) -> Reason | None:
    """Why the rule wants the note seen, or None. The draw depends on the note's id alone: nobody can repeat it
    until it suits, and the same note is always drawn the same."""
    if service is not None and service in rule.services:
        return Reason.SERVICE
    if rule.first_months and rule.since and on < add_months(rule.since, rule.first_months):
        return Reason.NEW
    return Reason.SAMPLE if draw(note) < rule.percent else None


def draw(note: UUID) -> int:
    """0 to 99, evenly."""
    return int.from_bytes(hashlib.sha256(b"cosign/1" + note.bytes).digest()[:8], "big") % 100


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def ask_if_chosen(note: Note, *, at: datetime) -> CoSignature | None:
    """Part of signing. Who may co-sign others is only seen by a rule of their own."""
    encounter = note.encounter
    signer = Provider.objects.filter(user=note.signed_by).first()
    rules = {rule.provider_id: rule for rule in SamplingRule.objects.all()}
    rule = rules.get(signer.pk) if signer else None
    if rule is None and note.signed_by and "chart.cosign" not in permissions_of_role(note.signed_by.role):
        rule = rules.get(None)
    if rule is None:
        return None
    service = encounter.service.uid if encounter.service else None
    on = local_date(at, encounter.location.zone)
    reason = chosen(rule, note=note.uid, service=service, on=on)
    if reason is None:
        return None
    return CoSignature.objects.create(note=note, reason=reason, due_at=at + timedelta(days=rule.days))
