"""The platform shuts a clinic's doors, and opens them again. Nothing of the clinic's is touched."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.clock import now
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from tenants import directory
from tenants.context import enter_public
from tenants.models import Clinic, ClinicState

LONGEST_REASON: Final = 200


def suspend(clinic: Clinic, reason: str, by: Actor) -> Clinic:
    """Every page of the clinic's host says so from now on; staff, patients and programs are refused.

    The reason is the platform's own and is shown to nobody else. It holds from the
    next request on, in every process (tenants.news).
    """
    try:
        reason = clean_text(reason, LONGEST_REASON)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if not reason:
        raise Invalid(errors=[failure("reason", "missing", _("Say why the clinic is suspended."))])
    return _turn(clinic, ClinicState.ACTIVE, ClinicState.SUSPENDED, "clinic.suspended", reason, by)


def reopen(clinic: Clinic, by: Actor) -> Clinic:
    """The doors open again, with everything as it was."""
    return _turn(clinic, ClinicState.SUSPENDED, ClinicState.ACTIVE, "clinic.reopened", "", by)


def _turn(clinic: Clinic, before: str, after: str, verb: str, reason: str, by: Actor) -> Clinic:
    with enter_public(), transaction.atomic():
        row = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
        if row.state == after:
            return row
        if row.state != before:
            raise Conflict(_("This clinic is %s.") % row.get_state_display())
        row.state, row.suspended_reason = after, reason
        row.suspended_at = now() if after == ClinicState.SUSPENDED else None
        row.save(update_fields=["state", "suspended_reason", "suspended_at"])
        record(verb, by=by, on=row, detail={"reason": reason} if reason else None)
        transaction.on_commit(directory.changed)
    return row
