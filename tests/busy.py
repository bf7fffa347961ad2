"""A record with everything in it, small or large: what pages are measured with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.actors import actor_for
from charting import actions
from charting.actions.setting_up import save_macro
from charting.models import Encounter
from charting.tests import courses, notes
from charting.tests.reactions import reaction
from charting.tests.test_intakes import fill, form_of
from consents.tests import papers
from practice.tests import shelf
from scheduling.models import Appointment, BookedVia
from tests.cast import BEGAN

AT = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
SERVICES = ("botox", "facial", "check")
REASON = "Asked for by the supervisor."
FACTS = (
    ("allergy", {"code": "latex", "reaction": "hives"}),
    ("medication", {"code": "isotretinoin"}),
    ("condition", {"code": "keloid"}),
    ("skin_type", {"skin_type": "5"}),
)


def visits(cast: Any, count: int, *, before: datetime = AT) -> None:
    """Pat has been here so many times, a day apart."""
    Appointment.objects.bulk_create(
        Appointment(
            person=cast.pat,
            service=cast.services[SERVICES[number % 3]],
            provider=cast.providers["ines"],
            location=cast.location,
            starts_at=before - timedelta(days=number + 1),
            ends_at=before - timedelta(days=number + 1) + timedelta(minutes=30),
            status="done",
            booked_via=BookedVia.DESK,
            booked_by="job:cast",
            created_at=BEGAN,
        )
        for number in range(count)
    )


def record(cast: Any, size: int = 1) -> Encounter:
    """Pat's record, and today's encounter with all its parts begun; whatever can be many is there `size` times."""
    by = actor_for(cast.owner)
    actions.use_usual_rules(by=by)
    lot_rule = {"lot": actions.rules.Rule("warn"), "patch_test": actions.rules.Rule("warn")}
    actions.set_gate_rules(lot_rule, by=by)
    for number in range(size):
        papers.published(f"Form {number}", services=[cast.services["botox"]], at=BEGAN)
        for kind, given in FACTS:
            actions.add_history(cast.pat, kind, given, by=by, at=AT - timedelta(days=9))
        save_macro(None, shortcut=f"m{number}", text="x", owner=None, by=by, at=AT)
        reaction(cast, at=AT - timedelta(days=3 + number))
        notes.signed(cast, encounter=notes.encounter_of(cast, at=AT - timedelta(days=20 + number)))
        fill(cast, form_of(cast), at=AT - timedelta(days=5))
        courses.treat(cast, courses.begin(cast), at=AT - timedelta(days=90), reason=REASON)
    series = courses.begin(cast)
    for number in range(size):
        courses.treat(cast, series, at=AT - timedelta(days=60 * (size - number)), reason=REASON)
    encounter = notes.encounter_of(cast, at=AT - timedelta(minutes=20))
    note = notes.draft(cast, encounter=encounter)
    courses.treat(cast, series, at=encounter.began_at, encounter=encounter, reason=REASON)
    toxin = shelf.toxin()
    for number in range(size):
        lot = shelf.received(toxin, cast.location, number=f"C{number}")
        mark = actions.Mark(view="face_front", x=500, y=400, product=toxin, lot=lot, units=400)
        how = {"version": number, "by": by, "at": AT}
        actions.chart_point(encounter, mark, **how)
    assert note.encounter_id == encounter.pk
    return encounter
