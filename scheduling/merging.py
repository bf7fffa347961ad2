"""Two records of one patient: both were busy in visits of their own, now it is one person who is.

A visit of each at the same time is no fault of the merge: the second stands in the next lane, as it does when a person who
booked twice is verified (scheduling/listeners.py). Whoever merges is told before.
"""

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from patients.models import Person
from scheduling.models import Appointment, Occupancy, OccupancyKind
from scheduling.patient_pages import words

Moved = dict[str, Any]


def move(kept: Person, merged: Person, *, at: datetime) -> Moved:
    """The time of visits ahead is taken of the person who stays. The rows of the visits have moved already."""
    if kept.resource_id is None:
        return {"lanes": []}
    lanes = [_carry(row, kept.resource_id) for row in _ahead(merged, at)]
    _fill(kept, at)
    return {"lanes": lanes}


def part(kept: Person, merged: Person, moved: Moved) -> None:
    """Whose the visits are again, takes the time again: in the lanes as before, where a visit was not moved since."""
    lanes = dict(moved["lanes"])
    for row in Occupancy.objects.filter(resource=kept.resource, appointment__person=merged):
        if merged.resource_id is None:
            row.delete()
            continue
        row.resource_id = merged.resource_id
        row.lane = lanes.get(row.pk) if row.pk in lanes else _free_lane(merged.resource_id, row.during)
        row.save(update_fields=["resource", "lane"])


def warnings(kept: Person, merged: Person, *, at: datetime) -> list[str | Promise]:
    """Visits of the two at the same time."""
    own = list(_visits(kept, at))
    return [
        _("Both have a visit at the same time: %(when)s. Both stay; move or cancel one.")
        % {"when": words.day_and_time(other.starts_local)}
        for other in _visits(merged, at)
        if any(visit.span.overlaps(other.span) for visit in own)
    ]


def _visits(person: Person, at: datetime) -> Any:
    rows = Appointment.objects.standing().filter(person=person, ends_at__gt=at)
    return rows.select_related("location").order_by("starts_at")


def _ahead(merged: Person, at: datetime) -> list[Occupancy]:
    if merged.resource_id is None:
        return []
    rows = Occupancy.objects.filter(resource_id=merged.resource_id, during__endswith__gt=at)
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("during", "pk"))


def _carry(row: Occupancy, resource: int) -> list[int | None]:
    """Under the person who stays, in the first lane that is free then; says which row, and its lane before."""
    before = row.lane
    if before is not None:
        row.lane = _free_lane(resource, row.during)
    row.resource_id = resource
    row.save(update_fields=["resource", "lane"])
    return [row.pk, before]


def _fill(kept: Person, at: datetime) -> None:
    """Visits of somebody who was only claimed took nobody's time: now they take the person's."""
    assert kept.resource_id is not None
    for visit in _visits(kept, at):
        if not Occupancy.objects.filter(resource_id=kept.resource_id, appointment=visit).exists():
            during = visit.span.to_range()
            Occupancy.objects.create(
                resource_id=kept.resource_id,
                lane=_free_lane(kept.resource_id, during),
                during=during,
                kind=OccupancyKind.VISIT,
                appointment=visit,
            )


def _free_lane(resource: int, during: Any) -> int:
    rows = Occupancy.objects.filter(resource_id=resource, during__overlap=during, lane__isnull=False)
    used = set(rows.values_list("lane", flat=True))
    return next(lane for lane in range(len(used) + 1) if lane not in used)
