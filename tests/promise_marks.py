"""Remembers which promises each test proves, and what became of it, for `manage.py promises`."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parent.parent / "var" / "promises.json"
_outcomes: dict[str, dict[str, str]] = defaultdict(dict)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("promise"):
            item.user_properties += [("promise", name) for name in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "call" and report.outcome == "passed":
        return
    for name, value in report.user_properties:
        if name == "promise":
            _outcomes[str(value)][report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not _outcomes:
        return
    RESULTS.parent.mkdir(exist_ok=True)
    # A whole run forgets tests that are gone; one of a few tests adds to what is known.
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() and not _is_whole(session.config) else {}
    for promise, tests in _outcomes.items():
        kept.setdefault(promise, {}).update(tests)
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True))


def _is_whole(config: pytest.Config) -> bool:
    return config.args_source != pytest.Config.ArgsSource.ARGS and not config.option.keyword
