"""A history in words: one line as a page shows it, the lines in their groups, and the alerts above a record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from charting.history import facts
from charting.history.codes import BY_KEY
from charting.history.facts import ROMAN, Fact
from charting.models import HistoryEntry, HistoryKind, HistoryStatus, Nature
from core.problems import Text
from core.words import full_date

GROUPS: Final = (
    (HistoryKind.ALLERGY, "triangle-alert"),
    (HistoryKind.MEDICATION, "pill"),
    (HistoryKind.CONDITION, "heart-pulse"),
    (HistoryKind.SKIN_TYPE, "sun"),
    (HistoryKind.PATCH_TEST, "flask-conical"),
)
TITLES: Final[dict[str, Text]] = {
    HistoryKind.ALLERGY: _lazy("Allergies"),
    HistoryKind.MEDICATION: _lazy("Medications"),
    HistoryKind.CONDITION: _lazy("Conditions and contraindications"),
    HistoryKind.SKIN_TYPE: _lazy("Skin type"),
    HistoryKind.PATCH_TEST: _lazy("Patch tests"),
}

HEADINGS: Final[dict[str, Text]] = {
    HistoryKind.ALLERGY: _lazy("Add an allergy"),
    HistoryKind.NO_ALLERGIES: _lazy("No known allergies"),
    HistoryKind.MEDICATION: _lazy("Add a medication"),
    HistoryKind.CONDITION: _lazy("Add a condition or contraindication"),
    HistoryKind.SKIN_TYPE: _lazy("Note the skin type"),
    HistoryKind.PATCH_TEST: _lazy("Note a patch test"),
}


@dataclass(frozen=True)
class Line:
    """One line of the history as it stands."""

    uid: UUID
    number: int
    kind: str
    status: str
    status_word: str
    label: str
    detail: str
    note: str
    ended: str
    noted_at: datetime
    noted_by: str
    against: str
    fact: Fact

    @property
    def is_active(self) -> bool:
        return self.status == HistoryStatus.ACTIVE


def line(entry: HistoryEntry) -> Line:
    fact = facts.of_body(entry.body)
    nature, last = fact.speaks_against()
    against = str(dict(Nature.choices).get(nature, ""))
    if against and last:
        against = _("%(what)s, until %(day)s") % {"what": against, "day": full_date(last)}
    return Line(
        uid=entry.line,
        number=entry.number,
        kind=entry.kind,
        status=entry.status,
        status_word=entry.get_status_display(),
        label=label_of(entry.kind, fact),
        detail=" · ".join(str(part) for part in _details(entry.kind, fact) if part),
        note=fact.note,
        ended=fact.ended,
        noted_at=entry.noted_at,
        noted_by=entry.noted_by,
        against=against if entry.kind in (HistoryKind.MEDICATION, HistoryKind.CONDITION) else "",
        fact=fact,
    )


def label_of(kind: str, fact: Fact) -> str:
    if kind == HistoryKind.NO_ALLERGIES:
        return _("No known allergies")
    if kind == HistoryKind.SKIN_TYPE:
        return _("Fitzpatrick %(type)s") % {"type": ROMAN[fact.skin_type]}
    if kind == HistoryKind.PATCH_TEST:
        return str(facts.word_of("against", fact.against))
    return fact.label


def _details(kind: str, fact: Fact) -> list[Text]:
    since = _("since %(when)s") % {"when": _when(fact.since)} if fact.since else ""
    until = _("until %(when)s") % {"when": _when(fact.until)} if fact.until else ""
    parts: dict[str, list[Text]] = {
        HistoryKind.ALLERGY: [fact.reaction, _severity(fact), since, _code(fact)],
        HistoryKind.MEDICATION: [fact.dose, since, until, _code(fact)],
        HistoryKind.CONDITION: [since, until, _code(fact)],
        HistoryKind.PATCH_TEST: [facts.word_of("result", fact.result), _when(fact.tested_on)],
    }
    return parts.get(kind, [])


def _severity(fact: Fact) -> Text:
    return facts.word_of("severity", fact.severity) if fact.severity else ""


def _code(fact: Fact) -> str:
    coding = BY_KEY.get(fact.code)
    return f"{coding.system_name} {coding.code}" if coding else ""


def _when(text: str) -> str:
    day = facts.whole_date(text)
    return full_date(day) if day else text


@dataclass(frozen=True)
class Group:
    """The lines of one kind: those that stand, and those that ended."""

    kind: str
    title: str
    icon: str
    standing: list[Line]
    ended: list[Line]


def groups(entries: Iterable[HistoryEntry]) -> list[Group]:
    """In the order of GROUPS. "No known allergies" stands among the allergies."""
    lines = [line(entry) for entry in entries]
    found = []
    for kind, icon in GROUPS:
        kinds = {kind, HistoryKind.NO_ALLERGIES} if kind == HistoryKind.ALLERGY else {kind}
        own = sorted((one for one in lines if one.kind in kinds), key=lambda one: one.noted_at, reverse=True)
        standing = [one for one in own if one.is_active]
        ended = [one for one in own if not one.is_active]
        found.append(Group(kind, str(TITLES[kind]), icon, standing, ended))
    return found


def is_open(entry: HistoryEntry, nature: str, *, on: date) -> bool:
    """Whether the line speaks against a treatment of that sort on that day."""
    coded = entry.kind in (HistoryKind.MEDICATION, HistoryKind.CONDITION)
    return coded and facts.contraindicates(facts.of_body(entry.body), nature, on=on)
