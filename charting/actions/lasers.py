"""Series and sessions: begun, kept, corrected, and fixed together with the note of their encounter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import words
from charting.actions.history import ChangedMeanwhile
from charting.lasers import kirby_desai, memory, parameters
from charting.lasers.jumps import Jump
from charting.lasers.parameters import Parameters
from charting.models import Encounter, LaserSeries, LaserSession, SeriesStatus
from core.problems import Conflict, Failure, Invalid, failure
from patients.models import Person
from practice.models import Device, Service

LONGEST_TITLE: Final = 120
LONGEST_NOTES: Final = 4000
LONGEST_REASON: Final = 500
SHORTEST_REASON: Final = 10
MOST_SESSIONS: Final = 60
MOST_DAYS: Final = 730


class JumpNeedsReason(Invalid):
    """The figures are far from the last ones; `jumps` says which, and the reason for them is missing."""

    def __init__(self, jumps: list[Jump]) -> None:
        said = _("Say in a sentence why: it stays with the session.")
        found = [failure("reason", "jump", said)]
        found += [failure("reason", f"jump_{one.code}", one.text) for one in jumps]
        super().__init__(errors=found)
        self.jumps = jumps


class SessionLocked(Conflict):
    type = "session-locked"
    title = _("This session is locked")
    default_detail = _("The note of this visit is signed. Add an addendum to the note instead.")


@transaction.atomic
def begin_series(
    person: Person, service: Service, given: Mapping[str, Any], *, by: Actor, at: datetime
) -> LaserSeries:
    """A course on one area; Invalid with every failure."""
    series = LaserSeries.objects.create(person=person, service=service, began_at=at, **_series(given))
    detail = {"service": str(service.uid), "planned": series.planned}
    record("laser_series.begun", by=by, on=series, patient=person.uid, detail=detail, at=at)
    return series


@transaction.atomic
def change_series(
    series: LaserSeries, given: Mapping[str, Any], *, version: int, by: Actor, at: datetime
) -> LaserSeries:
    """Plan it otherwise, complete it, stop it. `version` is the one that was shown."""
    kept = LaserSeries.objects.select_for_update(no_key=True).get(pk=series.pk)
    if kept.version != version:
        raise ChangedMeanwhile
    changed = _series(given)
    status = str(given.get("status") or kept.status)
    if status not in SeriesStatus.values:
        raise Invalid(errors=[failure("status", "unknown", _("Choose from the list."))])
    for name, value in {**changed, "status": status, "version": version + 1}.items():
        setattr(kept, name, value)
    kept.save()
    detail = {"planned": kept.planned, "status": kept.status}
    record("laser_series.changed", by=by, on=kept, patient=series.person.uid, detail=detail, at=at)
    return kept


@transaction.atomic
def keep_session(
    encounter: Encounter,
    series: LaserSeries,
    device: Device,
    given: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> LaserSession:
    """What was set and seen, numbered in its series; a jump from the last session needs a reason.

    The series is locked first: two sessions written at once get two numbers.
    """
    series = _hold(series)
    if series.person_id != encounter.person_id:
        raise Invalid(errors=[failure("series", "unknown", _("Choose a series of this patient."))])
    if LaserSession.objects.filter(series=series, encounter=encounter).exists():
        said = _("This visit has a session of this series already. Open that one.")
        raise Conflict(said, type="session-exists")
    session = LaserSession(series=series, encounter=encounter, device=device, at=encounter.began_at)
    session.is_test = bool(given.get("is_test"))
    session.number = 0 if session.is_test else _next_number(series)
    jumps = _fill(session, given)
    session.save()
    _record("laser_session.kept", session, jumps, by=by, at=at)
    return session


@transaction.atomic
def change_session(
    session: LaserSession, given: Mapping[str, Any], *, version: int, by: Actor, at: datetime
) -> LaserSession:
    """Correct it while the note is open. `version` is the one that was shown; another since then refuses."""
    _hold(session.series)
    rows = LaserSession.objects.select_for_update(no_key=True, of=("self",))
    kept = rows.select_related("series__person", "encounter__person", "device").get(pk=session.pk)
    if kept.locked_at is not None:
        raise SessionLocked
    if kept.version != version:
        raise ChangedMeanwhile
    jumps = _fill(kept, given)
    kept.version = version + 1
    kept.save()
    _record("laser_session.changed", kept, jumps, by=by, at=at)
    return kept


def lock_sessions(encounter: Encounter, *, by: Actor, at: datetime) -> None:
    """The note is signed: from here on the database refuses every change of the visit's sessions."""
    rows = LaserSession.objects.select_for_update(no_key=True).filter(encounter=encounter, locked_at=None)
    for session in list(rows):
        session.locked_at = at
        session.save(update_fields=["locked_at"])
        record("laser_session.locked", by=by, on=session, patient=encounter.person.uid, at=at)


def _hold(series: LaserSeries) -> LaserSeries:
    rows = LaserSeries.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    return rows.get(pk=series.pk)


def _next_number(series: LaserSeries) -> int:
    numbers = series.sessions.filter(is_test=False).order_by("-number").values_list("number", flat=True)
    return (numbers.first() or 0) + 1


def _fill(session: LaserSession, given: Mapping[str, Any]) -> list[Jump]:
    """The figures and the words; Invalid with every failure, and with the jumps where no reason was given."""
    figures, wrong = parameters.read(given)
    notes = words.take("notes", given.get("notes"), LONGEST_NOTES, wrong)
    reason = words.take("reason", given.get("reason"), LONGEST_REASON, wrong)
    if wrong or figures is None:
        raise Invalid(errors=wrong)
    jumps = _jumps(session, figures)
    if jumps and len(reason) < SHORTEST_REASON:
        raise JumpNeedsReason(jumps)
    session.settings, session.notes = figures.as_json(), notes
    session.reason = reason if jumps else ""
    return jumps


def _jumps(session: LaserSession, figures: Parameters) -> list[Jump]:
    known = memory.recall(session.series, session.device, at=session.at, but=session)
    return [one for one in known.jumps(figures) if one.code != "interval" or not session.is_test]


def _record(verb: str, session: LaserSession, jumps: list[Jump], *, by: Actor, at: datetime) -> None:
    detail: dict[str, Any] = {"number": session.number, "test": session.is_test}
    if jumps:
        detail |= {"jumps": [one.code for one in jumps], "reason": session.reason}
    record(verb, by=by, on=session, patient=session.encounter.person.uid, detail=detail, at=at)


def _series(given: Mapping[str, Any]) -> dict[str, Any]:
    wrong: list[Failure] = []
    title = words.take(
        "title", given.get("title"), LONGEST_TITLE, wrong, missing=_("Say which area, or which tattoo.")
    )
    count = _("Give a whole number from 1 to %(most)d.") % {"most": MOST_SESSIONS}
    days = _("Give a whole number of days from 1 to %(most)d.") % {"most": MOST_DAYS}
    planned = words.whole("planned", given.get("planned"), 1, MOST_SESSIONS, wrong, count)
    least, ideal, most = (
        words.whole(name, given.get(name), 1, MOST_DAYS, wrong, days)
        for name in ("least_days", "ideal_days", "most_days")
    )
    if not wrong and not least <= ideal <= most:
        wrong.append(
            failure("ideal_days", "order", _("The best interval lies between the least and the most."))
        )
    facts = _facts(given, wrong)
    if wrong:
        raise Invalid(errors=wrong)
    return {
        "title": " ".join(title.split()),
        "planned": planned,
        "least_days": least,
        "ideal_days": ideal,
        "most_days": most,
        "facts": facts,
    }


def _facts(given: Mapping[str, Any], wrong: list[Failure]) -> dict[str, str]:
    """What is asked of a tattoo: all of it or the skin type alone, for half of it adds up to nothing."""
    facts = {name: str(given.get(name) or "") for name in kirby_desai.QUESTIONS}
    for name, answer in facts.items():
        if answer and answer not in dict(kirby_desai.choices(name)):
            wrong.append(failure(name, "unknown", _("Choose from the list.")))
    answered = {name for name, answer in facts.items() if answer}
    if answered - {"skin"}:
        said = _("For an estimate the tattoo needs this too.")
        wrong += [failure(name, "missing", said) for name in facts if name not in answered]
    return {name: answer for name, answer in facts.items() if answer}
