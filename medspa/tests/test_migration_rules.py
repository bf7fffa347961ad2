"""Expand first, contract a release later: a migration that would break running code is named."""

import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from medspa import migration_rules
from tenants.models import Clinic, SchemaTemplate


def test_no_migration_breaks_the_code_before_it():
    assert migration_rules.problems() == []


def test_a_released_migration_is_still_there():
    there = migration_rules.our_migrations(MigrationLoader(None, ignore_no_migrations=True))
    assert migration_rules.released() <= set(there), "a deployed migration was renamed or removed"


def field(**options: object) -> models.Field:
    return models.CharField(max_length=20, **options)


BREAKING = {
    "a field goes": migrations.RemoveField("Domain", "host"),
    "a table goes": migrations.DeleteModel("Domain"),
    "a field is renamed": migrations.RenameField("Domain", "host", "name"),
    "a table is renamed": migrations.RenameModel("Domain", "Host"),
    "a field that must be filled": migrations.AddField("Domain", "zone", field(default="UTC")),
    "a field gets shorter": migrations.AlterField("Domain", "host", models.CharField(max_length=50)),
    "a field gets another type": migrations.AlterField("Domain", "host", models.IntegerField()),
    "SQL": migrations.RunSQL("SELECT 1"),
}
HARMLESS = {
    "a field that may be empty": migrations.AddField("Domain", "zone", field(null=True)),
    "a field that the database fills": migrations.AddField("Domain", "zone", field(db_default="UTC")),
    "a longer field": migrations.AlterField("Domain", "host", models.CharField(max_length=300)),
    "a new table": migrations.CreateModel("Zone", [("id", models.BigAutoField(primary_key=True))]),
}


def dangers(*operations: object) -> list[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    last = max(name for app, name in loader.disk_migrations if app == "tenants")
    migration = type("Migration", (migrations.Migration,), {"operations": list(operations)})(
        "9999_next", "tenants"
    )
    migration.dependencies = [("tenants", last)]
    state = loader.project_state(("tenants", last))
    loader.project_state = lambda *args, **options: state
    return list(migration_rules.dangers(migration, loader))


@pytest.mark.parametrize("operation", BREAKING.values(), ids=BREAKING)
def test_breaking(operation):
    assert len(dangers(operation)) >= 1


@pytest.mark.parametrize("operation", HARMLESS.values(), ids=HARMLESS)
def test_harmless(operation):
    assert dangers(operation) == []


def test_a_table_that_is_new_may_be_shaped_at_will():
    new = migrations.CreateModel("Zone", [("id", models.BigAutoField(primary_key=True))])
    assert dangers(new, migrations.AddField("Zone", "name", field(default="x"))) == []


@pytest.mark.own_clinic
def test_migrate_finds_who_is_behind_and_renders_the_template_anew(new_clinic, monkeypatch):
    """Another digest stands for another release: template and clinics follow; after it there is nothing to do."""
    clinic = new_clinic(cast=False).clinic
    before = SchemaTemplate.objects.using("owner").get()
    monkeypatch.setattr("tenants.template.migrations_digest", lambda: "f" * 64)
    out = StringIO()
    call_command("migrate", stdout=out)
    assert f"Clinic {clinic.slug}" in out.getvalue()
    after = SchemaTemplate.objects.using("owner").get()
    assert (after.digest, after.sql) == ("f" * 64, before.sql)
    assert Clinic.objects.using("owner").get(pk=clinic.pk).migrations == "f" * 64
    began, out = time.monotonic(), StringIO()
    call_command("migrate", stdout=out)
    assert out.getvalue().strip() == "Up to date."
    assert time.monotonic() - began < 1
    monkeypatch.undo()
    call_command("migrate", verbosity=0)
