"""Who may open the clinical record of whom: the care team, and whoever breaks the glass for a few hours.

A right to charts or photos is half of it (accounts/roles.py); the other half is to have to do with the patient. The
medical director and the owner answer for all patients of the clinic.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from audit.trail import record
from core.problems import Invalid, NotFound, failure
from core.text import TextProblem, clean_text
from patients.models import BreakGlass, CareRelation, Person

ANSWER_FOR_ALL: Final = frozenset({Role.OWNER, Role.SUPERVISOR})
LASTS: Final = timedelta(hours=4)
LONGEST: Final = 500
SHORTEST: Final = 10


class BreakGlassNeeded(NotFound):
    """The record is closed to somebody who holds the right but is not of the care team. To programs: a plain 404."""

    def __init__(self, person: UUID) -> None:
        super().__init__()
        self.person = person


def is_open(user: User, person: Person, *, at: datetime) -> bool:
    """Whether the person's clinical record is open to `user`, given that the role holds the right."""
    if user.role in ANSWER_FOR_ALL:
        return True
    if CareRelation.objects.filter(person=person, user=user).exists():
        return True
    return BreakGlass.objects.filter(person=person, user=user).live(at).exists()


def join(person: Person, user: User | None, *, at: datetime) -> None:
    """The care team grows by whoever has a visit with the person. Call it in the transaction of the visit."""
    if user is not None:
        CareRelation.objects.get_or_create(person=person, user=user, defaults={"since": at})


@transaction.atomic
def break_glass(user: Anybody, person: Person, *, reason: str, at: datetime) -> BreakGlass:
    """Open the record for four hours; Invalid without a reason somebody could review. The owners are told."""
    staff = require_object(user, "chart.view")
    try:
        words = clean_text(reason, LONGEST, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if len(words) < SHORTEST:
        told = _("Say in a sentence why you need this record: the owner reads it.")
        raise Invalid(errors=[failure("reason", "too_short", told)])
    opened = BreakGlass.objects.create(
        person=person, user=staff, reason=words, opened_at=at, until=at + LASTS
    )
    record(
        "record.glass_broken",
        by=actor_for(staff),
        on=opened,
        patient=person.uid,
        detail={"reason": words, "until": opened.until},
        at=at,
    )
    return opened
