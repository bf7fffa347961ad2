"""Who may open the clinical record of whom: the care team, and whoever breaks the glass for a few hours.

A right to charts or photos is half of it (accounts/roles.py); the other half is to have to do with the patient. The
medical director and the owner answer for all patients of the clinic.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import notices, signals
from accounts.access import Anybody, may, require, require_object
from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS, Role
from audit.trail import note_list, record
from core.problems import Conflict, Invalid, NotFound, failure
from core.text import TextProblem, clean_text
from patients.models import BreakGlass, CareRelation, Finding, Person
from vault.fields import warm_rows

ANSWER_FOR_ALL: Final = frozenset({Role.OWNER, Role.SUPERVISOR})
LASTS: Final = timedelta(hours=4)
ONE_REQUEST: Final = timedelta(seconds=5)
REVIEW_WITHIN: Final = timedelta(days=7)
LONGEST: Final = 500
SHORTEST: Final = 10
MOST_REVIEWS: Final = 200


class BreakGlassNeeded(NotFound):
    """The record is closed to somebody who holds the right but is not of the care team. To programs: a plain 404."""

    def __init__(self, person: UUID) -> None:
        super().__init__()
        self.person = person


@dataclass(frozen=True)
class Way:
    """How a reader comes to a record: of the care team, by a broken glass, or not at all."""

    user: Any
    at: datetime
    is_member: bool
    glass: BreakGlass | None


def is_open(user: User, person: Person, *, at: datetime) -> bool:
    """Whether the person's clinical record is open to `user`, given that the role holds the right."""
    if user.role in ANSWER_FOR_ALL:
        return True
    way = _way(user, person, at)
    return way.is_member or way.glass is not None


def glass(user: Anybody, person: Person, *, at: datetime) -> BreakGlass | None:
    """The opening by which this reader sees the record now; nothing for who belongs to the care team."""
    if not isinstance(user, User) or user.role in ANSWER_FOR_ALL or not may(user, "chart.view"):
        return None
    return _way(user, person, at).glass


def in_team(user: User, person: str = "pk") -> Exists:
    """Whether they belong to the team of the row's `person`: asked together with the row itself."""
    return Exists(CareRelation.objects.filter(person=OuterRef(person), user=user))


def remember_member(person: Person, user: User, *, at: datetime) -> None:
    """`in_team` has answered for this person."""
    person.__dict__["_way"] = Way(user.pk, at, is_member=True, glass=None)


def _way(user: User, person: Person, at: datetime) -> Way:
    """Asked once for a person fetched by one request, whose head, alerts and pages all want to know."""
    known: Way | None = person.__dict__.get("_way")
    if known is not None and known.user == user.pk and timedelta() <= at - known.at < ONE_REQUEST:
        return known
    is_member = CareRelation.objects.filter(person=person, user=user).exists()
    rows = BreakGlass.objects.filter(person=person, user=user).live(at).order_by("-until")
    person.__dict__["_way"] = way = Way(user.pk, at, is_member, None if is_member else rows.first())
    return way


# --- The care team ---


def join(person: Person, user: User | None, *, at: datetime) -> None:
    """The care team grows by whoever has a visit with the person. Call it in the transaction of the visit."""
    if user is not None:
        CareRelation.objects.get_or_create(person=person, user=user, defaults={"since": at})


def team(person: Person) -> list[CareRelation]:
    """Who is on it, the longest first."""
    return list(CareRelation.objects.filter(person=person).select_related("user").order_by("since", "pk"))


def could_join(person: Person) -> list[User]:
    """Whose role reads charts, who still works here, and who is not on the team yet."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if "chart.view" in held]
    rows = User.objects.filter(is_active=True, role__in=roles)
    return list(rows.exclude(pk__in=CareRelation.objects.filter(person=person).values("user_id")))


@transaction.atomic
def add_to_team(user: Anybody, person: Person, colleague: UUID, *, at: datetime) -> User:
    """Somebody who will treat the patient and has no visit yet."""
    staff = require_object(user, "care.manage")
    found = next((one for one in could_join(person) if one.pk == colleague), None)
    if found is None:
        told = _("Choose somebody who reads charts here and is not on the care team yet.")
        raise Invalid(errors=[failure("colleague", "unknown", told)])
    join(person, found, at=at)
    told_of = {"user": str(found.pk)}
    record("care.added", by=actor_for(staff), on=person, patient=person.uid, detail=told_of, at=at)
    return found


@transaction.atomic
def remove_from_team(user: Anybody, person: Person, colleague: UUID, *, at: datetime) -> None:
    """The record is closed to them from the next request on; a visit lets them in again."""
    staff = require_object(user, "care.manage")
    gone, _rows = CareRelation.objects.filter(person=person, user_id=colleague).delete()
    if gone:
        told_of = {"user": str(colleague)}
        record("care.removed", by=actor_for(staff), on=person, patient=person.uid, detail=told_of, at=at)


# --- Break-glass ---


@transaction.atomic
def break_glass(user: Anybody, person: Person, *, reason: str, at: datetime) -> BreakGlass:
    """Open the record for four hours; Invalid without a reason somebody could review. The owners are told."""
    staff = require_object(user, "chart.view")
    words = _reason(reason)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # pressed twice, it opens once
    if is_open(staff, person, at=at):
        raise Conflict(_("This record is open to you already."))
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
    notices.alert(staff, signals.GLASS_BROKEN, at=at)
    return opened


def open_reviews(user: Anybody) -> list[BreakGlass]:
    """What nobody has looked at yet, the oldest first; the reasons can be read."""
    staff = require(user, "care.manage")
    rows = BreakGlass.objects.unreviewed().select_related("person", "user").order_by("opened_at")
    found = list(rows[:MOST_REVIEWS])
    warm_rows([*found, *(one.person for one in found)])
    shown = [one.person.uid for one in found]
    note_list("record.reviews_listed", by=actor_for(staff), kind="patients.breakglass", shown=shown)
    return found


def count_reviews(user: Anybody) -> int:
    """How many wait for whoever looks at them; none for all others."""
    return BreakGlass.objects.unreviewed().count() if may(user, "care.manage") else 0


@transaction.atomic
def review(user: Anybody, uid: UUID, *, finding: str, at: datetime) -> BreakGlass:
    """Somebody who answers for the patients has read the reason. Nobody reviews what they opened themselves."""
    staff = require_object(user, "care.manage")
    rows = BreakGlass.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    opened = rows.filter(uid=uid).exclude(user=staff).first()
    if opened is None:
        raise NotFound
    if finding not in Finding.values:
        told = _("Say whether it was right to open the record.")
        raise Invalid(errors=[failure("finding", "missing", told)])
    if opened.reviewed_at is not None:
        raise Conflict(_("Somebody has looked at this already."))
    opened.reviewed_at, opened.reviewed_by, opened.finding = at, str(staff.pk), finding
    opened.save(update_fields=["reviewed_at", "reviewed_by", "finding"])
    record(
        "record.opening_reviewed",
        by=actor_for(staff),
        on=opened,
        patient=opened.person.uid,
        detail={"finding": finding},
        at=at,
    )
    return opened


def _reason(text: str) -> str:
    try:
        words = clean_text(text, LONGEST, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if len(words.strip()) < SHORTEST:
        told = _("Say in a sentence why you need this record: the owner reads it.")
        raise Invalid(errors=[failure("reason", "too_short", told)])
    return words
