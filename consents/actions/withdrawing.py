"""A signature stops to count: taken back by the patient, or void because it was taken by mistake. It is never deleted."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from consents.models import EndedHow, EndKind, Signature, Withdrawal
from consents.signals import authorization_ended
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text

LONGEST_REASON: Final = 500
SHORTEST_REASON: Final = 5


def end_signature(
    signature: Signature,
    *,
    how: EndedHow,
    by: Actor,
    at: datetime,
    kind: EndKind = EndKind.WITHDRAWN,
    reason: str = "",
) -> Withdrawal:
    """It counts no more from this moment on; Conflict where it ended before, Invalid for a void without a reason."""
    words = _reason(reason, kind)
    try:
        with transaction.atomic():
            made = Withdrawal.objects.create(
                signature=signature, kind=kind, how=how, reason=words, at=at, by=str(by)
            )
            verb = "consent.voided" if kind == EndKind.VOIDED else "consent.withdrawn"
            detail = {"form": str(signature.version.form.uid), "how": how, "reason": words}
            record(verb, by=by, on=signature, patient=signature.person.uid, detail=detail, at=at)
            authorization_ended.send(
                sender=Withdrawal, person=signature.person, kind=signature.version.form.kind, at=at
            )
    except IntegrityError:
        raise Conflict(_("This signature has ended already.")) from None
    return made


def _reason(text: str, kind: EndKind) -> str:
    try:
        words = clean_text(text, LONGEST_REASON, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if kind == EndKind.VOIDED and len(words) < SHORTEST_REASON:
        raise Invalid(errors=[failure("reason", "missing", _("Say why it was a mistake."))])
    return words
