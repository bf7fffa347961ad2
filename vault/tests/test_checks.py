"""The vault must stand apart, and each tag must mean one field."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import Tags
from django.core.checks.registry import registry
from django.db import OperationalError

from core.tables import Holder, Retention, TableClass
from vault import checks
from vault.models import ClinicKey, KekUse, SubjectKey
from vault.tests.notes import Note

BOTH = ["default", "vault"]


@pytest.mark.django_db(databases=BOTH)
def test_two_servers_differ():
    assert checks.system_identifier("default") != checks.system_identifier("vault")
    assert checks.separate_servers(databases=BOTH) == []


def test_one_server_for_both_is_an_error(monkeypatch):
    monkeypatch.setattr(checks, "system_identifier", lambda alias: 7)
    assert [error.id for error in checks.separate_servers(databases=BOTH)] == ["vault.E001"]


def test_a_server_that_does_not_answer(monkeypatch):
    def refuse(alias):
        raise OperationalError("password=secret")

    monkeypatch.setattr(checks, "system_identifier", refuse)
    (error,) = checks.separate_servers(databases=BOTH)
    assert error.id == "vault.E003"
    assert "secret" not in str(error)


@pytest.mark.parametrize("databases", [None, [], ["default"], ["vault"]])
def test_only_when_both_are_checked(databases, monkeypatch):
    monkeypatch.setattr(checks, "system_identifier", lambda alias: 7)
    assert checks.separate_servers(databases=databases) == []


def test_registered_for_deployment():
    deployment: set[Any] = set(registry.deployment_checks)
    always: set[Any] = set(registry.registered_checks)
    assert {checks.separate_servers} <= deployment
    assert {checks.tags_used_once} <= always
    assert Tags.database in next(each for each in deployment if each == checks.separate_servers).tags


def test_each_tag_is_used_once(monkeypatch):
    assert checks.tags_used_once() == []
    monkeypatch.setattr(checks, "apps", SimpleNamespace(get_models=lambda: [Note, Note]))
    assert {error.id for error in checks.tags_used_once()} == {"vault.E004"}


def test_every_model_says_what_it_is():
    for model in (ClinicKey, SubjectKey, KekUse):
        assert isinstance(model.table_class, TableClass)
        assert isinstance(model.holder, Holder)
        assert isinstance(model.retention, Retention)
    assert set(apps.get_app_config("vault").get_models()) == {ClinicKey, SubjectKey, KekUse}
