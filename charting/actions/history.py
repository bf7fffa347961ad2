"""Writing the medical history: every change is a further version of its line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting.history import facts
from charting.history.facts import Fact
from charting.models import HistoryEntry, HistoryKind, HistoryStatus
from core.clock import local_date
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from patients.models import Person
from practice.profile import clinic_zone

LONGEST: Final = 300
# Of these only one stands at a time: the next takes the place of the one before.
ONE_AT_A_TIME: Final = (HistoryKind.NO_ALLERGIES, HistoryKind.SKIN_TYPE)
LATER = {True: HistoryStatus.MISTAKE, False: HistoryStatus.ENDED}


class ChangedMeanwhile(Conflict):
    """Somebody wrote the line between this page and its button."""

    type = "changed-meanwhile"
    title = _("Somebody changed this entry in the meantime")
    default_detail = _("Look at it as it is now, then change it again.")


@transaction.atomic
def add_history(
    person: Person, kind: str, given: Mapping[str, Any], *, by: Actor, at: datetime
) -> HistoryEntry:
    """A new line; Invalid with every failure. Some kinds end the line that stood before."""
    Person.objects.select_for_update().get(pk=person.pk)  # so that the two statements cannot both stand
    fact = facts.read(kind, given, today=_today(at))
    standing = active(person)
    if kind == HistoryKind.NO_ALLERGIES and any(one.kind == HistoryKind.ALLERGY for one in standing):
        told = _("There are allergies in the history. End those first that are none.")
        raise Invalid(errors=[failure("", "contradiction", told)])
    replaced = [one for one in standing if kind in ONE_AT_A_TIME and one.kind == kind]
    if kind == HistoryKind.ALLERGY:
        replaced += [one for one in standing if one.kind == HistoryKind.NO_ALLERGIES]
    for each in replaced:
        _version(each, facts.of_body(each.body), HistoryStatus.ENDED, by=by, at=at)
    entry = HistoryEntry.objects.create(
        person=person, kind=kind, body=fact.as_body(), noted_at=at, noted_by=str(by)
    )
    record("history.added", by=by, on=entry, patient=person.uid, detail={"kind": kind}, at=at)
    return entry


@transaction.atomic
def change_history(
    entry: HistoryEntry, given: Mapping[str, Any], *, number: int, by: Actor, at: datetime
) -> HistoryEntry:
    """Say it better. `number` is the version that was shown; another one since then refuses the change."""
    _refuse_stale(entry, number)
    fact = facts.read(entry.kind, given, today=_today(at))
    changed = _version(entry, fact, HistoryStatus.ACTIVE, by=by, at=at)
    record("history.changed", by=by, on=changed, patient=entry.person.uid, at=at)
    return changed


@transaction.atomic
def end_history(
    entry: HistoryEntry, *, number: int, reason: str, mistake: bool = False, by: Actor, at: datetime
) -> HistoryEntry:
    """It is over, or never was true; the line stays with the reason."""
    _refuse_stale(entry, number)
    try:
        words = clean_text(reason, LONGEST)
    except TextProblem as problem:
        raise Invalid(errors=[failure("reason", problem.code, problem.message)]) from None
    if not words:
        raise Invalid(errors=[failure("reason", "required", _("Say why: it stays with the entry."))])
    fact = replace(facts.of_body(entry.body), ended=words)
    ended = _version(entry, fact, LATER[mistake], by=by, at=at)
    record("history.ended", by=by, on=ended, patient=entry.person.uid, detail={"reason": words}, at=at)
    return ended


@transaction.atomic
def resume_history(entry: HistoryEntry, *, number: int, by: Actor, at: datetime) -> HistoryEntry:
    """Take an ending back."""
    if entry.number != number or entry.status == HistoryStatus.ACTIVE:
        raise ChangedMeanwhile
    clashing = {
        HistoryKind.NO_ALLERGIES: (HistoryKind.ALLERGY, HistoryKind.NO_ALLERGIES),
        HistoryKind.ALLERGY: (HistoryKind.NO_ALLERGIES,),
        HistoryKind.SKIN_TYPE: (HistoryKind.SKIN_TYPE,),
    }.get(HistoryKind(entry.kind), ())
    if any(one.kind in clashing for one in active(entry.person)):
        raise ChangedMeanwhile(_("Another entry says otherwise now."))
    fact = replace(facts.of_body(entry.body), ended="")
    resumed = _version(entry, fact, HistoryStatus.ACTIVE, by=by, at=at)
    record("history.resumed", by=by, on=resumed, patient=entry.person.uid, at=at)
    return resumed


def active(person: Person) -> list[HistoryEntry]:
    """The lines that stand now."""
    rows = HistoryEntry.objects.filter(person=person).newest()
    return [one for one in rows if one.status == HistoryStatus.ACTIVE]


def _version(entry: HistoryEntry, fact: Fact, status: str, *, by: Actor, at: datetime) -> HistoryEntry:
    try:
        with transaction.atomic():
            return HistoryEntry.objects.create(
                person=entry.person,
                line=entry.line,
                number=entry.number + 1,
                kind=entry.kind,
                status=status,
                body=fact.as_body(),
                noted_at=at,
                noted_by=str(by),
            )
    except IntegrityError:
        raise ChangedMeanwhile from None


def _refuse_stale(entry: HistoryEntry, number: int) -> None:
    if entry.number != number or entry.status != HistoryStatus.ACTIVE:
        raise ChangedMeanwhile


def _today(at: datetime) -> date:
    return local_date(at, clinic_zone())
