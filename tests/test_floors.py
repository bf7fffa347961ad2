"""The plan of the house, held against imports (by the linter's contracts) and the model graph (here)."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from medspa.floors import APART, FLOORS, floor_of

ROOT = Path(__file__).resolve().parent.parent
OURS = frozenset().union(*FLOORS)


def test_the_linter_and_the_plan_say_the_same():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = config["contracts"][0]["layers"]
    assert [frozenset(layer.split(" | ")) for layer in reversed(layers)] == list(FLOORS)
    assert set(config["root_packages"]) == OURS | APART


def test_every_package_stands_on_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == OURS | APART


def test_a_whole_run_leaves_no_tests_out():
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["testpaths"]
    assert sorted(paths) == sorted({path.parent.name for path in ROOT.glob("*/tests")} | {"tests"})


def test_foreign_keys_point_down():
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_config.name not in OURS:
            continue
        here = floor_of(model._meta.app_config.name)
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and field.related_model
            if not target or field.auto_created or target == "self":
                continue
            package = target._meta.app_config.name
            if package in OURS and package != model._meta.app_config.name:
                assert floor_of(package) < here, (
                    f"{model._meta.label}.{field.name} points at {target._meta.label}"
                )


def test_audit_holds_no_foreign_key():
    for model in apps.get_app_config("audit").get_models():
        assert not [field for field in model._meta.get_fields() if field.is_relation]


@pytest.mark.parametrize("package", sorted(OURS))
def test_each_package_says_what_it_owns(package):
    text = (ROOT / package / "__init__.py").read_text()
    assert text.startswith('"""'), f"{package}/__init__.py begins with what it owns and what it must never do"
