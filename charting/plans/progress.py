"""How far a plan has come: real visits that were done since it was accepted, each counted once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from charting.plans.content import Stage
from core.clock import local_date


@dataclass(frozen=True)
class Done:
    """A visit that took place; `series` are those it had a session of."""

    at: datetime
    service: UUID
    series: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Step:
    """A stage and the visits that count for it."""

    stage: Stage
    number: int
    visits: tuple[Done, ...] = ()

    @property
    def done(self) -> int:
        return len(self.visits)

    @property
    def left(self) -> int:
        return self.stage.sessions - self.done

    @property
    def is_complete(self) -> bool:
        return self.left == 0

    @property
    def last_at(self) -> datetime | None:
        return self.visits[-1].at if self.visits else None

    def window(self, zone: ZoneInfo) -> tuple[date, date] | None:
        """From which day on the next session can be, and on which it is best; None while nothing was done."""
        if self.last_at is None:
            return None
        last = local_date(self.last_at, zone)
        return last + timedelta(days=self.stage.least_days), last + timedelta(days=self.stage.best_days)


def steps(stages: Sequence[Stage], visits: Sequence[Done], *, since: datetime | None) -> list[Step]:
    """Each visit counts for the first stage that wants it; none counts twice, and no stage holds more than it plans.

    Stages of a series choose first: what was done for a series belongs to it.
    """
    left = sorted((one for one in visits if since is not None and one.at >= since), key=lambda one: one.at)
    taken: dict[int, list[Done]] = {}
    order = sorted(range(len(stages)), key=lambda place: (stages[place].series is None, place))
    for place in order:
        stage = stages[place]
        wanted = [one for one in left if _counts(one, stage)][: stage.sessions]
        taken[place] = wanted
        for one in wanted:
            left.remove(one)
    return [Step(stage, place + 1, tuple(taken[place])) for place, stage in enumerate(stages)]


def next_step(found: Sequence[Step]) -> Step | None:
    """The first stage that is not complete."""
    return next((one for one in found if not one.is_complete), None)


def _counts(visit: Done, stage: Stage) -> bool:
    return stage.series in visit.series if stage.series else visit.service == stage.service
