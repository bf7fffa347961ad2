"""A reaction is reported, assessed by who treats, and closed; each step once, with its moment."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor, ActorKind
from audit.trail import record
from charting import words
from charting.actions.history import ChangedMeanwhile
from charting.models import AdverseEvent, Encounter, EventState, Severity
from core.ids import uuid7
from core.problems import Conflict, Failure, Invalid, failure
from messaging import notices
from patients.models import Person
from scheduling.models import Appointment, Status

LONGEST: Final = 2000
RECENT: Final = timedelta(days=120)
# By when somebody must have looked, from the worst on.
WITHIN: Final = {
    Severity.SEVERE.value: timedelta(hours=2),
    Severity.MODERATE.value: timedelta(hours=12),
    Severity.MILD.value: timedelta(hours=24),
}


def visits_before(person: Person, *, at: datetime) -> list[Appointment]:
    """After which a reaction may have come: the latest first."""
    rows = Appointment.objects.whole().filter(
        person=person, status=Status.DONE, starts_at__lte=at, starts_at__gt=at - RECENT
    )
    return list(rows.order_by("-starts_at")[:5])


@transaction.atomic
def report_event(
    person: Person,
    given: Mapping[str, Any],
    *,
    after: Appointment | None,
    site: str,
    by: Actor,
    at: datetime,
    once: UUID | None = None,
) -> AdverseEvent:
    """Opens the task of whoever treated, and tells them and the supervisors by mail that it waits: once per `once`."""
    wrong: list[Failure] = []
    what = words.take("what", given.get("what"), LONGEST, wrong, missing=_("Say what you noticed."))
    since = words.take("since", given.get("since"), 200, wrong, missing=_("Say since when."))
    grade = str(given.get("severity") or "")
    if grade not in Severity.values:
        wrong.append(failure("severity", "missing", _("Choose how bad it is.")))
    if wrong:
        raise Invalid(errors=wrong)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    key = once or uuid7()
    known = AdverseEvent.objects.filter(once=key, person=person).first()
    if known is not None:
        return known
    if AdverseEvent.objects.filter(once=key).exists():  # the form was opened for somebody else
        key = uuid7()
    encounter = Encounter.objects.filter(appointment=after).order_by("id").first() if after else None
    event = AdverseEvent(
        person=person,
        provider=after.provider if after else None,
        appointment=after,
        encounter=encounter,
        what=what,
        since=since,
        reported=grade,
        reported_by=_reporter(by),
        reported_at=at,
        due_at=at + WITHIN[grade],
        assessment="",
        outcome="",
        once=key,
    )
    event.save()
    detail = {"severity": grade, "by": event.reported_by}
    record("adverse_event.reported", by=by, on=event, patient=person.uid, detail=detail, at=at)
    for user in _told(event, at=at):
        link = f"{site}/desk/events/{event.uid}/"
        notices.queue("adverse_event", user, {"link": link}, at=at)
    return event


@transaction.atomic
def assess_event(
    event: AdverseEvent, given: Mapping[str, Any], *, version: int, by: Actor, at: datetime
) -> AdverseEvent:
    """What it is and how bad, in the words of who treats. It may be assessed anew until it is closed."""
    wrong: list[Failure] = []
    text = words.take(
        "assessment", given.get("assessment"), LONGEST, wrong, missing=_("Write the assessment.")
    )
    grade = str(given.get("severity") or "")
    if grade not in Severity.values:
        wrong.append(failure("severity", "missing", _("Choose how bad it is.")))
    if wrong:
        raise Invalid(errors=wrong)
    kept = _held(event, version)
    kept.state, kept.severity, kept.assessment, kept.assessed_at = EventState.ASSESSED, grade, text, at
    return _saved(kept, "adverse_event.assessed", by=by, at=at)


@transaction.atomic
def close_event(
    event: AdverseEvent, given: Mapping[str, Any], *, version: int, by: Actor, at: datetime
) -> AdverseEvent:
    """How it ended. Only what was assessed can be closed."""
    wrong: list[Failure] = []
    text = words.take("outcome", given.get("outcome"), LONGEST, wrong, missing=_("Write how it ended."))
    if wrong:
        raise Invalid(errors=wrong)
    kept = _held(event, version)
    if kept.state != EventState.ASSESSED:
        raise Conflict(_("Assess it first, then close it."), type="not-assessed")
    kept.state, kept.outcome, kept.closed_at = EventState.CLOSED, text, at
    return _saved(kept, "adverse_event.closed", by=by, at=at)


def _held(event: AdverseEvent, version: int) -> AdverseEvent:
    rows = AdverseEvent.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    kept = rows.get(pk=event.pk)
    if kept.version != version or kept.state == EventState.CLOSED:
        raise ChangedMeanwhile
    return kept


def _saved(kept: AdverseEvent, verb: str, *, by: Actor, at: datetime) -> AdverseEvent:
    kept.version += 1
    kept.save()
    record(verb, by=by, on=kept, patient=kept.person.uid, detail={"severity": kept.grade}, at=at)
    return kept


def _reporter(by: Actor) -> str:
    if by.kind != ActorKind.PATIENT:
        return "staff"
    return "guardian" if by.on_behalf else "patient"


def _told(event: AdverseEvent, *, at: datetime) -> list[User]:
    """Who treated, and the supervisors; the owners where that is nobody."""
    treats = Q(provider=event.provider) if event.provider_id else Q(pk__in=[])
    active = User.objects.filter(is_active=True)
    found = active.filter(treats | Q(role=Role.SUPERVISOR)).distinct()
    told = [user for user in found if user.has_access(at)]
    return told or [user for user in active.filter(role=Role.OWNER) if user.has_access(at)]
