"""The gate at the start of a treatment: closed while something that blocks is missing, or opened with a reason."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import require
from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from charting import gate_reading
from charting.gate import Gate
from charting.gate_reading import Treatment
from core.problems import Invalid, failure
from core.text import TextProblem, clean_text
from scheduling.models import Appointment
from scheduling.problems import GateClosed

LONGEST: Final = 300
SHORTEST: Final = 10
PERMISSION: Final = "chart.override"


@transaction.atomic
def guard_start(
    visit: Appointment, *, by: Actor, at: datetime, user: User | None = None, override_reason: str = ""
) -> None:
    """Called inside the transaction that starts the treatment; GateClosed with everything that is missing.

    `override_reason` opens it for whoever may chart.override, and stays in the trail with what was missing.
    """
    found = gate_reading.read(Treatment.of_visit(visit), at=at)
    if not found.is_closed:
        return
    if not override_reason.strip():
        raise GateClosed(errors=found.failures())
    require(user, PERMISSION)
    _note_override(visit, found, _read_reason(override_reason), by=by, at=at)


def _read_reason(text: str) -> str:
    try:
        words = clean_text(text, LONGEST, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("override_reason", problem.code, problem.message)]) from None
    if len(words) < SHORTEST:
        told = _("Say in a sentence why it begins all the same.")
        raise Invalid(errors=[failure("override_reason", "too_short", told)])
    return words


def _note_override(visit: Appointment, found: Gate, reason: str, *, by: Actor, at: datetime) -> None:
    record(
        "gate.overridden",
        by=by,
        on=visit,
        patient=visit.person.uid,
        detail={"reason": reason, "missing": [one.code for one in found.blocking]},
        at=at,
    )
