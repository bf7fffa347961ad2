"""The list of promises, and which tests prove them."""

import json
import re
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from medspa.environment import BASE_DIR

LIST = Path(__file__).with_name("promises.toml")
RESULTS = BASE_DIR / "var" / "promises.json"  # written by the test run
_MARK = re.compile(r"mark\.promise\(([^)]*)\)")
_NAME = re.compile(r"P\d+")


@dataclass
class Promise:
    """`kept` is True when every test marked with it passed in the last run, None when they were not run."""

    id: str
    app: str
    text: str
    tests: list[str] = field(default_factory=list)
    kept: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def load(results: Path = RESULTS) -> list[Promise]:
    """Every promise with its tests: from the last run's results, else from the marks in the sources."""
    with LIST.open("rb") as file:
        promises = {key: Promise(key, **value) for key, value in tomllib.load(file).items()}
    outcomes = json.loads(results.read_text()) if results.exists() else {}
    for key, tests in outcomes.items():
        if key in promises:
            promises[key].tests = sorted(tests)
            promises[key].kept = all(outcome == "passed" for outcome in tests.values())
    for key, files in marked_files().items():
        if key in promises and not promises[key].tests:
            promises[key].tests = files
    return list(promises.values())


def marked_files() -> dict[str, list[str]]:
    """The test files that carry a mark, for promises whose tests have not been run here."""
    found: dict[str, list[str]] = {}
    for path in sorted(BASE_DIR.glob("*/tests/**/test_*.py")) + sorted(BASE_DIR.glob("tests/**/test_*.py")):
        for key in sorted({name for mark in _MARK.findall(path.read_text()) for name in _NAME.findall(mark)}):
            found.setdefault(key, []).append(str(path.relative_to(BASE_DIR)))
    return found
