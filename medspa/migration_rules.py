"""What a migration may not do while yesterday's code still runs: expand first, contract a release later.

Migrations named in `released_migrations.txt` have been deployed and are not looked at again. A later one that takes
something away says so: `contract = "why nothing uses it any more"` on its Migration class.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader

from medspa.floors import FLOORS

RELEASED = Path(__file__).with_name("released_migrations.txt")
OURS = frozenset().union(*FLOORS)
TAKES_AWAY = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)


def our_migrations(loader: MigrationLoader) -> dict[str, Migration]:
    labels = {config.label for config in apps.get_app_configs() if config.name in OURS}
    disk = loader.disk_migrations or {}
    return {f"{app}.{name}": disk[app, name] for app, name in sorted(disk) if app in labels}


def released() -> set[str]:
    return set(RELEASED.read_text().split())


def problems() -> list[str]:
    """Everything in migrations that were not deployed yet that the code before them could not live with."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = released()
    found = []
    for name, migration in our_migrations(loader).items():
        if name not in known and not getattr(migration, "contract", ""):
            found += [f"{name}: {why}" for why in dangers(migration, loader)]
    return found


def dangers(migration: Migration, loader: MigrationLoader) -> Iterator[str]:
    state = loader.project_state((migration.app_label, migration.name), at_end=False)
    made = set()
    for operation in migration.operations:
        model = getattr(operation, "model_name", "").lower()
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name.lower())
        elif model not in made:
            before = state.models.get((migration.app_label, model))
            yield from _danger(operation, before)
        operation.state_forwards(migration.app_label, state)


def _danger(operation: Any, before: Any) -> Iterator[str]:
    if isinstance(operation, TAKES_AWAY):
        yield f"{operation.describe()}: code that still runs uses it"
    elif isinstance(operation, ops.AddField) and not _filled(operation.field):
        yield f"{operation.describe()}: code that still runs leaves it out; give it null=True or db_default"
    elif isinstance(operation, ops.AlterField) and before is not None:
        yield from _altered(operation, before.fields[operation.name])
    elif isinstance(operation, ops.RunSQL):
        yield "RunSQL: say by `contract` why code that still runs can live with it"


def _altered(operation: ops.AlterField, old: "models.Field[Any, Any]") -> Iterator[str]:
    new = operation.field
    if old.null and not new.null:
        yield f"{operation.describe()}: code that still runs writes NULL"
    if type(old).__name__ != type(new).__name__ and old.db_type(connection) != new.db_type(connection):
        yield f"{operation.describe()}: another type"
    if (old.max_length or 0) > (new.max_length or old.max_length or 0):
        yield f"{operation.describe()}: shorter than what code that still runs writes"


def _filled(field: "models.Field[Any, Any]") -> bool:
    """Whether an INSERT that does not know the column succeeds."""
    return field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED
