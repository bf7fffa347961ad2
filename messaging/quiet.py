"""Quiet hours: when a person may be written to unasked, by the recipient's own clock and state. Pure.

The figures are in quiet_hours.toml. Where a number's area code spans several zones, or its state and the clinic's
differ, a moment must be allowed by all of them.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from phonenumbers.tzdata import TIMEZONE_DATA

from core.clock import local_date, resolve_local
from core.spans import as_utc

TABLE: Final = Path(__file__).with_name("quiet_hours.toml")
FURTHEST: Final = timedelta(days=8)  # every rule opens on at least one weekday
# Toll-free and personal numbers list half the hemisphere: they say nothing of where anybody is.
MOST_ZONES: Final = 6
DAYS: Final = ("weekday",) * 5 + ("saturday", "sunday")


@dataclass(frozen=True)
class Rule:
    """The open hours of each day of the week, Monday first; None for a day on which nothing is sent."""

    hours: tuple[tuple[int, int] | None, ...]

    def window(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        hours = self.hours[day.weekday()]
        if hours is None:
            return None
        opens, closes = hours
        return resolve_local(day, time(opens), zone), _end(day, closes, zone)


def _end(day: date, hour: int, zone: ZoneInfo) -> datetime:
    if hour == 24:
        return resolve_local(day + timedelta(days=1), time.min, zone)
    return resolve_local(day, time(hour), zone)


@dataclass(frozen=True)
class Table:
    federal: Rule
    unknown: Rule
    states: dict[str, Rule]
    state_of_area: dict[str, str]
    most_a_day: int

    def rule(self, region: str) -> Rule:
        """The rule of a state: its own, or the federal one where it has none; strict where it is no known state."""
        if region in self.states:
            return self.states[region]
        return self.federal if region in self.known else self.unknown

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.state_of_area.values())


def _rule(row: dict[str, list[int]]) -> Rule:
    return Rule(tuple((row[day][0], row[day][1]) if row[day] else None for day in DAYS))


@cache
def table() -> Table:
    raw: dict[str, Any] = tomllib.loads(TABLE.read_text())
    return Table(
        federal=_rule(raw["federal"]),
        unknown=_rule(raw["unknown"]),
        states={state: _rule(row) for state, row in raw["states"].items()},
        state_of_area={code: state for state, codes in raw["area_codes"].items() for code in codes.split()},
        most_a_day=raw["most_a_day"],
    )


def allowed_at(moment: datetime, *, zone: str | Iterable[str], region: str | Iterable[str]) -> datetime:
    """The first moment, not before `moment`, that all zones and all states allow."""
    zones = [ZoneInfo(name) for name in _several(zone)] or [ZoneInfo("UTC")]
    rules = {table().rule(name) for name in _several(region)} or {table().unknown}
    at = as_utc(moment)
    latest = at + FURTHEST
    while at < latest:
        later = max(_opening(at, rule, zone) for rule in rules for zone in zones)
        if later == at:
            return at
        at = later
    # Zones too far apart to share an hour: the first one named is the person's own.
    return max(_opening(as_utc(moment), rule, zones[0]) for rule in rules)


def recipient(
    number: str, *, zone: str = "", region: str = "", home_zone: str = ""
) -> tuple[list[str], list[str]]:
    """Zones and states to respect for a number: what is known of the person, else what its area code says."""
    zones = [zone] if zone else zones_of(number) or ([home_zone] if home_zone else [])
    states = {state for state in (region, state_of(number)) if state}
    return zones, sorted(states)


def zones_of(number: str) -> list[str]:
    """Every zone of the number's area code; none when it belongs to no place."""
    digits = number.removeprefix("+")
    if digits.startswith("1"):
        zones = _area_zones(digits[:4])
    else:
        prefixes = (digits[:length] for length in range(len(digits), 0, -1))
        zones = next((set(TIMEZONE_DATA[each]) for each in prefixes if each in TIMEZONE_DATA), set())
    return sorted(zones) if len(zones) <= MOST_ZONES else []


@cache
def _area_zones(area: str) -> set[str]:
    return {zone for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(area) for zone in zones}


def state_of(number: str) -> str:
    """The state of a North American number's area code; empty when it is not in the table."""
    return table().state_of_area.get(number[2:5], "") if number.startswith("+1") else ""


def _opening(at: datetime, rule: Rule, zone: ZoneInfo) -> datetime:
    """`at` itself within open hours, else the next opening."""
    day = local_date(at, zone)
    for ahead in range(9):
        window = rule.window(day + timedelta(days=ahead), zone)
        if window and at < window[1]:
            return max(at, window[0])
    raise ValueError("a rule must open on one day of the week")


def _several(names: str | Iterable[str]) -> list[str]:
    return ([names] if names else []) if isinstance(names, str) else [name for name in names if name]
