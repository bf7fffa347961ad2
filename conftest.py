"""The harness is for every app's tests: see tests/harness.py."""

pytest_plugins = ["tests.harness", "tests.promise_marks"]
