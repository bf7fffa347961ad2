"""What the next session begins with: the last settings on that device, how long ago, how far along, on what skin."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from charting.history import facts as history
from charting.history import reading
from charting.lasers import intervals
from charting.lasers.jumps import Jump, jumps
from charting.lasers.parameters import Parameters, preset
from charting.models import HistoryKind, HistoryStatus, LaserSeries, LaserSession
from patients.models import Person
from practice.models import Device
from practice.profile import clinic_zone
from vault.fields import warm_rows

ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI")


@dataclass(frozen=True)
class Memory:
    """`same`: the last session on that device; `last`: the last treatment of the series on any."""

    series: LaserSeries
    sessions: list[LaserSession] = field(default_factory=list)
    same: LaserSession | None = None
    last: LaserSession | None = None
    days: int | None = None
    skin: int | None = None
    begins_with: Parameters | None = None

    @property
    def done(self) -> int:
        return sum(not one.is_test for one in self.sessions)

    @property
    def visits(self) -> set[UUID]:
        """The visits and encounters of its sessions: what photos taken then are kept under."""
        encounters = [one.encounter for one in self.sessions]
        return {one.uid for one in encounters} | {
            one.appointment.uid for one in encounters if one.appointment
        }

    @property
    def skin_word(self) -> str:
        return ROMAN[self.skin or 0]

    @property
    def estimate(self) -> int | None:
        tattoo = self.series.tattoo
        return tattoo.score if tattoo else None

    def jumps(self, now: Parameters) -> list[Jump]:
        return jumps(
            now,
            self.same.parameters if self.same else None,
            last=self.last.parameters if self.last else None,
            skin=self.skin,
            days=self.days,
            least_days=self.series.least_days,
        )


def recall(
    series: LaserSeries,
    device: Device | None,
    *,
    at: datetime,
    but: LaserSession | None = None,
    known: list[LaserSession] | None = None,
) -> Memory:
    """As it was before `at`; `but` is the session that is just being written or changed; `known` are the series'
    sessions where they are read already."""
    rows = sessions_of([series]) if known is None else known
    sessions = [one for one in rows if but is None or one.pk != but.pk]
    earlier = [one for one in sessions if one.at <= at]
    same = [one for one in earlier if device is not None and one.device_id == device.pk]
    treatments = [one for one in earlier if not one.is_test]
    last = treatments[-1] if treatments else None
    begins = same[-1].parameters if same else preset(device.kind, device.name) if device else None
    return Memory(
        series=series,
        sessions=sessions,
        same=same[-1] if same else None,
        last=last,
        days=intervals.days_between(last.at, at, clinic_zone()) if last else None,
        skin=skin_of(series),
        begins_with=begins,
    )


def sessions_of(series: Collection[LaserSeries]) -> list[LaserSession]:
    """The oldest first, ready to be read."""
    rows = LaserSession.objects.filter(series__in=series)
    rows = rows.select_related(
        "series", "device", "encounter__provider", "encounter__person", "encounter__appointment"
    )
    found = list(rows.order_by("at", "id"))
    warm_rows(found)
    return found


def skin_of(series: LaserSeries) -> int | None:
    """From the medical history and from the series; where they differ the darker one, which asks for more care."""
    known = [skin for skin in (series.skin, skin_in_history(series.person)) if skin]
    return max(known, default=None)


def skin_in_history(person: Person) -> int | None:
    for row in reading.lines_of(person):
        if row.kind == HistoryKind.SKIN_TYPE and row.status == HistoryStatus.ACTIVE:
            return int(history.of_body(row.body).skin_type) or None
    return None
