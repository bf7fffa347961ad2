"""One statement of a medical history: read from what was given, every failure at once, and what it speaks against."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from charting.history.codes import BY_KEY
from charting.models import HistoryKind, Nature
from charting.months import months_after
from core.problems import Failure, Invalid, Text, failure
from core.text import TextProblem, clean_text

PARTIAL_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
EARLIEST: Final = 1900
SEVERITIES: Final = {"mild": _("Mild"), "moderate": _("Moderate"), "severe": _("Severe")}
SKIN_TYPES: Final = {
    "1": _("I · always burns, never tans"),
    "2": _("II · burns easily, tans a little"),
    "3": _("III · burns sometimes, tans evenly"),
    "4": _("IV · burns little, tans easily"),
    "5": _("V · rarely burns, tans deeply"),
    "6": _("VI · never burns"),
}
ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
RESULTS: Final = {"clear": _("No reaction"), "reaction": _("Reaction")}
LENGTHS: Final = {"text": 160, "reaction": 160, "dose": 120, "note": 500}
# Which parts a statement of each kind has, in the order of its form; the first is what it cannot do without.
PARTS: Final[dict[str, tuple[str, ...]]] = {
    HistoryKind.ALLERGY: ("text", "code", "reaction", "severity", "since", "note"),
    HistoryKind.NO_ALLERGIES: ("note",),
    HistoryKind.MEDICATION: ("text", "code", "dose", "since", "until", "note"),
    HistoryKind.CONDITION: ("text", "code", "against", "since", "until", "note"),
    HistoryKind.SKIN_TYPE: ("skin_type", "note"),
    HistoryKind.PATCH_TEST: ("against", "tested_on", "result", "note"),
}
CHOICES: Final[dict[str, frozenset[str]]] = {
    "severity": frozenset(SEVERITIES),
    "skin_type": frozenset(SKIN_TYPES),
    "result": frozenset(RESULTS),
    "against": frozenset(Nature.values),
}
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    HistoryKind.SKIN_TYPE: ("skin_type",),
    HistoryKind.PATCH_TEST: ("against", "tested_on", "result"),
}


@dataclass(frozen=True)
class Fact:
    """What one version of a line says. Dates as ISO text: a patient may know only the year."""

    text: str = ""
    code: str = ""
    reaction: str = ""
    severity: str = ""
    since: str = ""
    until: str = ""
    dose: str = ""
    against: str = ""
    skin_type: str = ""
    tested_on: str = ""
    result: str = ""
    note: str = ""
    ended: str = ""  # why the line was ended

    def as_body(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def label(self) -> str:
        return self.text or (str(BY_KEY[self.code].label) if self.code in BY_KEY else "")

    def ends_on(self) -> date | None:
        """The last day of a medication or condition, where the patient or the provider gave one."""
        return date.fromisoformat(self.until) if self.until else None

    def speaks_against(self) -> tuple[str, date | None]:
        """The sort of treatment, and the last day on which it still does; no day: as long as the line stands."""
        coding = BY_KEY.get(self.code)
        nature = self.against or (coding.against if coding else "")
        last = self.ends_on()
        if coding is not None and last is not None:
            last = months_after(last, coding.wait_months)
        return nature, last


def of_body(body: Mapping[str, Any]) -> Fact:
    """A version as it was stored; what a later release does not know is left aside."""
    known = Fact.__dataclass_fields__
    return Fact(**{name: str(value) for name, value in body.items() if name in known})


def contraindicates(fact: Fact, nature: str, *, on: date) -> bool:
    """Whether it speaks against a treatment of that sort on that day."""
    against, last = fact.speaks_against()
    if not against or (last is not None and on > last):
        return False
    return Nature.ANY in (against, nature) or against == nature


def read(kind: str, given: Mapping[str, Any], *, today: date) -> Fact:
    """The statement; Invalid with everything that is wrong."""
    failures: list[Failure] = []
    values = {name: _text(name, given.get(name), failures) for name in PARTS[kind]}
    fact = Fact(**values)
    if "text" in PARTS[kind] and not fact.text:
        fact = replace(fact, text=fact.label)
    _refuse_missing(kind, fact, failures)
    _refuse_unknown(kind, fact, failures)
    _refuse_odd_dates(fact, today, failures)
    if failures:
        raise Invalid(errors=failures)
    return fact


def _text(name: str, value: Any, failures: list[Failure]) -> str:
    if value is None:
        return ""
    try:
        return clean_text(str(value), LENGTHS.get(name, 40), multiline=name == "note")
    except TextProblem as problem:
        failures.append(failure(name, problem.code, problem.message))
        return ""


def _refuse_missing(kind: str, fact: Fact, failures: list[Failure]) -> None:
    told = {one["field"] for one in failures}
    if "text" in PARTS[kind] and not fact.text and "text" not in told:
        failures.append(failure("text", "required", _("Choose one of the list, or write what it is.")))
    for name in NEEDED.get(kind, ()):
        if not getattr(fact, name):
            failures.append(failure(name, "required", _("Give this too: without it the entry says nothing.")))


def _refuse_unknown(kind: str, fact: Fact, failures: list[Failure]) -> None:
    for name, known in CHOICES.items():
        if getattr(fact, name) and getattr(fact, name) not in known:
            failures.append(failure(name, "invalid_choice", _("Choose one of the list.")))
    if fact.code and (fact.code not in BY_KEY or BY_KEY[fact.code].kind != kind):
        failures.append(failure("code", "invalid_choice", _("Choose one of the list.")))


def _refuse_odd_dates(fact: Fact, today: date, failures: list[Failure]) -> None:
    since = partial_date(fact.since)
    if fact.since and since is None:
        failures.append(failure("since", "invalid", _("Write a year, or a date like 2019-04-23.")))
    elif since and since > today:
        failures.append(failure("since", "future", _("This lies in the future.")))
    for name in ("until", "tested_on"):
        value = getattr(fact, name)
        if value and whole_date(value) is None:
            failures.append(failure(name, "invalid", _("Write a date like 2027-04-23.")))
    until, tested = whole_date(fact.until), whole_date(fact.tested_on)
    if since and until and until < since:
        failures.append(failure("until", "order", _("It cannot end before it began.")))
    if tested and tested > today:
        failures.append(failure("tested_on", "future", _("This lies in the future.")))


def partial_date(text: str) -> date | None:
    """The first day of a year, a month, or the day itself; None for what is no date."""
    found = PARTIAL_DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return date(year, month, day) if year >= EARLIEST else None
    except ValueError:
        return None


def whole_date(text: str) -> date | None:
    return partial_date(text) if len(text) == len("2027-04-23") else None


def word_of(name: str, value: str) -> Text:
    """A coded value as people read it."""
    words: dict[str, Mapping[str, Any]] = {
        "severity": SEVERITIES,
        "skin_type": SKIN_TYPES,
        "result": RESULTS,
        "against": dict(Nature.choices),
    }
    return words[name].get(value, value) if name in words else value
