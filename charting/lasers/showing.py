"""A series and its sessions in words, for the desk and for the patient."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from charting.lasers import kirby_desai, memory
from charting.lasers.memory import ROMAN
from charting.lasers.parameters import COOLING, ENDPOINTS, FIGURES, INKS
from charting.models import LaserSeries, LaserSession
from core.clock import local_date
from core.problems import Text
from patients.models import Person
from practice.profile import clinic_zone
from vault.fields import warm_rows


@dataclass(frozen=True)
class Row:
    """One figure of all sessions side by side; `differs` where it is another than the session before."""

    label: Text
    cells: list[tuple[Text, bool]]


@dataclass(frozen=True)
class Course:
    """How far a series has come."""

    series: LaserSeries
    sessions: list[LaserSession]
    done: int
    planned: int
    last: LaserSession | None
    earliest: date | None  # of the next session
    latest: date | None
    book_on: date
    estimate: int | None
    skin: str

    @property
    def left(self) -> int:
        return max(0, self.planned - self.done)

    @property
    def next_number(self) -> int:
        return self.done + 1

    @property
    def is_active(self) -> bool:
        return self.series.status == "active"

    @property
    def bookable(self) -> bool:
        return self.is_active and self.left > 0


@dataclass(frozen=True)
class Compared:
    sessions: list[LaserSession] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def courses(person: Person, *, at: datetime) -> list[Course]:
    """All series of the person, the newest first."""
    rows = list(LaserSeries.objects.filter(person=person).select_related("service", "person").order_by("-id"))
    warm_rows(rows)
    sessions: dict[int, list[LaserSession]] = {one.pk: [] for one in rows}
    for session in memory.sessions_of(rows):
        sessions[session.series_id].append(session)
    return [course(one, at=at, sessions=sessions[one.pk]) for one in rows]


def course(series: LaserSeries, *, at: datetime, sessions: list[LaserSession] | None = None) -> Course:
    known = memory.recall(series, None, at=at, known=sessions)
    zone = clinic_zone()
    today = local_date(at, zone)
    last_day = local_date(known.last.at, zone) if known.last else None
    window = series.interval.window(last_day) if last_day else (None, None)
    return Course(
        series=series,
        sessions=known.sessions,
        done=known.done,
        planned=series.planned,
        last=known.last,
        earliest=window[0],
        latest=window[1],
        book_on=series.interval.next_day(last_day, today=today) if last_day else today,
        estimate=known.estimate,
        skin=ROMAN[known.skin or 0],
    )


def compare(sessions: list[LaserSession]) -> Compared:
    """The sessions as columns; what changed from one to the next is marked."""
    rows = [Row(_("Device"), _cells([one.device.name for one in sessions]))]
    for name, figure in FIGURES.items():
        rows.append(Row(figure.label, _cells([one.parameters.told(name) for one in sessions])))
    words: list[tuple[Text, list[Text]]] = [
        (_("Endpoint"), [dict(ENDPOINTS).get(one.parameters.endpoint, "") for one in sessions]),
        (_("Ink treated"), [", ".join(inks(one)) for one in sessions]),
        (_("Cooling"), [_cooling(one) for one in sessions]),
    ]
    rows += [Row(label, _cells(said)) for label, said in words]
    return Compared(sessions, [row for row in rows if any(text for text, _differs in row.cells)])


def inks(session: LaserSession) -> list[str]:
    return [str(word) for key, word in INKS if key in session.parameters.inks]


def facts(series: LaserSeries) -> list[tuple[str, Text, int]]:
    """What the estimate was added up from: the question, the answer, its points."""
    tattoo = series.tattoo
    if tattoo is None:
        return []
    answers = tattoo.as_json()
    return [
        (name, kirby_desai.words(name, answer), kirby_desai.points(name, answer))
        for name, answer in answers.items()
    ]


def _cooling(session: LaserSession) -> Text:
    return dict(COOLING).get(session.parameters.cooling, "") if session.parameters.cooling else ""


def _cells(texts: "list[Text] | list[str]") -> list[tuple[Text, bool]]:
    told = [str(text) for text in texts]
    return [(text, place > 0 and text != told[place - 1]) for place, text in enumerate(told)]
