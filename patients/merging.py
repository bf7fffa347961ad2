"""Two records of one patient become one, and can be parted again. docs/record.md says what moves and what stays.

1. Both records are locked, the lower id first. Who is archived or merged already is not merged again.
2. Rows that may change move (patients/moving.py), contacts and messages with them; apps of upper floors move what hangs on
   more than a column (RECORD_MOVERS). Tokens stay sealed under the key of the record they were written in: a key is found
   by the token, and lives as long as the merged record's row does.
3. The merged record is archived and points to the one that stays: its old id leads there.
4. What moved is written down, sealed, so that parting puts back just that.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Final, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.trail import record
from core.problems import Conflict, Invalid, NotFound, failure
from messaging import subjects
from patients import moving
from patients.actions import describe_again, details_of
from patients.models import ContactKind, ContactPoint, Merge, Person
from patients.signals import patients_merged, patients_parted
from vault.fields import warm_rows

CHOICES: Final = ("name", "date_of_birth", "phone", "email", "language")
FIELDS_OF: Final = {
    "name": ("first_name", "last_name"),
    "date_of_birth": ("date_of_birth",),
    "language": ("language",),
}
OTHER: Final = "other"
OWN: Final = "own"


class Mover(Protocol):
    """A module: what an app of an upper floor does besides moving rows. What `move` answers, `part` is given."""

    def move(self, kept: Person, merged: Person, *, at: datetime) -> Any: ...

    def part(self, kept: Person, merged: Person, moved: Any) -> None: ...

    def warnings(self, kept: Person, merged: Person, *, at: datetime) -> list[str | Promise]: ...


def movers() -> dict[str, Mover]:
    return {path: cast(Mover, import_module(path)) for path in settings.RECORD_MOVERS}


def warnings(kept: Person, merged: Person, *, at: datetime) -> list[str | Promise]:
    """What whoever merges should know before."""
    return [each for mover in movers().values() for each in mover.warnings(kept, merged, at=at)]


@transaction.atomic
def merge(
    user: Anybody, kept_uid: UUID, merged_uid: UUID, *, choices: Mapping[str, str], at: datetime
) -> Merge:
    """`merged` goes into `kept`. `choices` says, for each of CHOICES, whose detail stays: "own" or "other"."""
    staff = require_object(user, "patients.merge")
    kept, merged = _both(kept_uid, merged_uid)
    _refuse(kept, merged)
    detail: dict[str, Any] = {"fields": _take_details(kept, merged, _read(choices))}
    detail["contacts"] = _take_contacts(kept, merged, choices)
    detail["rows"], detail["left"] = moving.move(merged, kept)
    detail["messages"] = subjects.move(merged.uid, kept.uid)
    detail["last_visit"] = _take_last_visit(kept, merged)
    absorbed = Person.objects.filter(merged_into=merged)
    detail["absorbed"] = list(absorbed.values_list("pk", flat=True))
    absorbed.update(merged_into=kept)
    detail["apps"] = {path: mover.move(kept, merged, at=at) for path, mover in movers().items()}
    merged.archived_at, merged.merged_into = at, kept
    merged.save(update_fields=["archived_at", "merged_into"])
    made = Merge.objects.create(kept=kept, merged=merged, detail=detail, merged_at=at)
    by, ids = actor_for(staff), {"kept": str(kept.uid), "merged": str(merged.uid)}
    for person in (kept, merged):
        record("record.merged", by=by, on=made, patient=person.uid, detail=ids, at=at)
    patients_merged.send(sender=Person, kept=kept, merged=merged, at=at)
    return made


@transaction.atomic
def part(user: Anybody, uid: UUID, *, at: datetime) -> Merge:
    """Two that were merged are two again. What came after the merge stays with the record that was kept."""
    staff = require_object(user, "patients.merge")
    made = Merge.objects.select_for_update(no_key=True).filter(uid=uid).first()
    if made is None:
        raise NotFound
    ids = sorted((made.kept_id, made.merged_id))
    people = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    kept, merged = people[made.kept_id], people[made.merged_id]
    if made.parted_at is not None:
        raise Conflict(_("These two have been parted already."))
    if kept.archived_at is not None:
        raise Conflict(_("The record that was kept has itself been merged: part that first."))
    detail = made.detail
    merged.archived_at, merged.merged_into = None, None
    merged.save(update_fields=["archived_at", "merged_into"])
    Person.objects.filter(pk__in=detail["absorbed"], merged_into=kept).update(merged_into=merged)
    moving.move_back(detail["rows"], merged, kept)
    subjects.move_back(detail["messages"], kept.uid, merged.uid)
    _give_contacts_back(kept, merged, detail["contacts"])
    _give_details_back(kept, detail["fields"])
    _give_last_visit_back(kept, detail["last_visit"])
    for path, mover in movers().items():
        if path in detail["apps"]:
            mover.part(kept, merged, detail["apps"][path])
    made.parted_at = at
    made.save(update_fields=["parted_at"])
    by, pair = actor_for(staff), {"kept": str(kept.uid), "merged": str(merged.uid)}
    for person in (kept, merged):
        record("record.parted", by=by, on=made, patient=person.uid, detail=pair, at=at)
    patients_parted.send(sender=Person, kept=kept, merged=merged, at=at)
    return made


def standing(person: Person) -> list[Merge]:
    """What was merged into the record and can be parted, the newest first; names can be read."""
    rows = Merge.objects.filter(kept=person, parted_at=None).select_related("merged").order_by("-merged_at")
    found = list(rows)
    warm_rows([one.merged for one in found])
    return found


def may_be_kept(kept: Person, merged: Person) -> bool:
    """Whoever only filled in a form does not take over a record that the clinic has verified."""
    return kept.is_verified or not merged.is_verified


def _both(kept_uid: UUID, merged_uid: UUID) -> tuple[Person, Person]:
    rows = Person.objects.select_for_update().filter(uid__in=(kept_uid, merged_uid)).order_by("pk")
    people = {one.uid: one for one in rows}
    if kept_uid not in people or merged_uid not in people:
        raise NotFound
    return people[kept_uid], people[merged_uid]


def _refuse(kept: Person, merged: Person) -> None:
    if kept.pk == merged.pk:
        told = _("These are not two records: choose another one.")
        raise Invalid(errors=[failure("other", "same", told)])
    if kept.archived_at is not None or merged.archived_at is not None:
        raise Conflict(_("One of the two is archived or merged already. Open them again and look."))
    if not may_be_kept(kept, merged):
        raise Conflict(_("Keep the verified record, and merge the other one into it."))


def _read(choices: Mapping[str, str]) -> Mapping[str, str]:
    wrong = [name for name in CHOICES if choices.get(name, OWN) not in (OWN, OTHER)]
    if wrong:
        told = _("Say which of the two stays.")
        raise Invalid(errors=[failure(name, "unknown", told) for name in wrong])
    return choices


def _take_details(kept: Person, merged: Person, choices: Mapping[str, str]) -> dict[str, list[Any]]:
    """What the other knew better: field → what it was, and what it became."""
    changed: dict[str, list[Any]] = {}
    for choice, names in FIELDS_OF.items():
        if choices.get(choice, OWN) != OTHER:
            continue
        for name in names:
            before, after = getattr(kept, name), getattr(merged, name)
            if before != after:
                changed[name] = [_json(before), _json(after)]
                setattr(kept, name, after)
    if changed:
        describe_again(kept)
    return changed


def _give_details_back(kept: Person, changed: dict[str, list[Any]]) -> None:
    """Only where nobody has corrected it since."""
    again = {name: before for name, (before, after) in changed.items() if _json(getattr(kept, name)) == after}
    for name, before in again.items():
        value = datetime.fromisoformat(before).date() if name == "date_of_birth" and before else before
        setattr(kept, name, value)
    if again:
        describe_again(kept)


def _take_contacts(kept: Person, merged: Person, choices: Mapping[str, str]) -> dict[str, list[int]]:
    """All contacts lead to the record that stays; of each kind one is the first to be used."""
    moved = list(ContactPoint.objects.filter(person=merged).order_by("pk"))
    demoted: list[int] = []
    for kind in ContactKind.values:
        own = list(ContactPoint.objects.filter(person=kept, kind=kind, is_primary=True))
        coming = [point for point in moved if point.kind == kind and point.is_primary]
        losing = own if coming and choices.get(kind, OWN) == OTHER else coming if own else []
        demoted += [point.pk for point in losing]
    ids = [point.pk for point in moved]
    ContactPoint.objects.filter(pk__in=ids).update(person=kept)
    ContactPoint.objects.filter(pk__in=demoted).update(is_primary=False)
    return {"moved": ids, "demoted": demoted}


def _give_contacts_back(kept: Person, merged: Person, contacts: dict[str, list[int]]) -> None:
    ContactPoint.objects.filter(pk__in=contacts["moved"], person=kept).update(person=merged)
    for point in ContactPoint.objects.filter(pk__in=contacts["demoted"]).order_by("pk"):
        others = ContactPoint.objects.filter(person=point.person_id, kind=point.kind, is_primary=True)
        if not others.exists():
            ContactPoint.objects.filter(pk=point.pk).update(is_primary=True)


def _take_last_visit(kept: Person, merged: Person) -> list[str | None]:
    before = kept.last_visit_at
    latest = max((one for one in (before, merged.last_visit_at) if one is not None), default=None)
    kept.last_visit_at = latest
    kept.save(update_fields=["last_visit_at"])
    return [_json(before), _json(latest)]


def _give_last_visit_back(kept: Person, pair: list[str | None]) -> None:
    before, after = pair
    if _json(kept.last_visit_at) == after:
        kept.last_visit_at = datetime.fromisoformat(before) if before else None
        kept.save(update_fields=["last_visit_at"])


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def compared(kept: Person, merged: Person) -> list[dict[str, Any]]:
    """What the page shows side by side: each detail of the two, and whether they differ."""
    own, other = details_of(kept), details_of(merged)
    lines = []
    for choice in CHOICES:
        names = FIELDS_OF.get(choice, (choice,))
        mine = [getattr(own, name) for name in names]
        theirs = [getattr(other, name) for name in names]
        lines.append({"choice": choice, "own": mine, "other": theirs, "differs": mine != theirs})
    return lines
