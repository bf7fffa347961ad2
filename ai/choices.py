"""Who wants drafts by a model: the clinic says yes, and neither the one who asks nor the patient has said no."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ai.models import Choice, Of
from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict


class SwitchedOff(Conflict):
    """No model is asked. `of` says whose choice that is."""

    type = "ai-off"
    title = _("AI drafts are switched off")

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of


def who_said_no(*, staff: UUID, patient: UUID) -> Of | None:
    """The first of clinic, staff and patient who does not want a model to be asked; None when all agree."""
    said = {row.of: row.allowed for row in _rows(staff=staff, patient=patient)}
    if not said.get(Of.CLINIC, False):
        return Of.CLINIC
    return next((of for of in (Of.STAFF, Of.PATIENT) if not said.get(of, True)), None)


def clinic_allows() -> bool:
    return Choice.objects.filter(of=Of.CLINIC, subject=None, allowed=True).exists()


def allowed_by(of: Of, subject: UUID) -> bool:
    """What one of the staff, or a patient, said last; whoever said nothing did not say no."""
    row = Choice.objects.filter(of=of, subject=subject).first()
    return row is None or row.allowed


def choices_of(*, staff: UUID, patient: UUID) -> dict[str, bool]:
    said = {"clinic": False, "staff": True, "patient": True}
    return said | {str(row.of): row.allowed for row in _rows(staff=staff, patient=patient)}


@transaction.atomic
def choose(of: Of, subject: UUID | None, *, allowed: bool, by: Actor, at: datetime) -> Choice:
    if (of == Of.CLINIC) != (subject is None):
        raise ValueError("the clinic's choice has no subject; all others have one")
    row, _made = Choice.objects.update_or_create(
        of=of, subject=subject, defaults={"allowed": allowed, "changed_at": at}
    )
    patient = subject if of == Of.PATIENT else None
    detail = {"of": str(of), "subject": str(subject or ""), "allowed": allowed}
    record("ai.choice_made", by=by, on=row, patient=patient, detail=detail, at=at)
    return row


def _rows(*, staff: UUID, patient: UUID) -> list[Choice]:
    wanted = {(Of.CLINIC, None), (Of.STAFF, staff), (Of.PATIENT, patient)}
    rows = Choice.objects.filter(subject__in=[staff, patient]) | Choice.objects.filter(subject=None)
    return [row for row in rows if (row.of, row.subject) in wanted]
