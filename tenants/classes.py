"""Table classes: what each database role may do to each table, read from the models themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from core.tables import Holder, Retention, TableClass


@dataclass(frozen=True)
class Declaration:
    """What one table is, who its rows are about, and how long they are kept."""

    table: str
    table_class: TableClass
    holder: Holder
    retention: Retention


def declaration_of(model: type[Model]) -> Declaration | None:
    """The model's own words, or the settings' for tables of other packages; None if nobody declared it."""
    table = model._meta.db_table
    # A many-to-many table follows the model that made it; the stubs know only of True and False.
    source = cast(type[Model], model._meta.auto_created or model)
    foreign = settings.FOREIGN_TABLES.get(source._meta.label)
    if foreign:
        return Declaration(table, TableClass(foreign[0]), Holder(foreign[1]), Retention(foreign[2]))
    words = [source.__dict__.get(name) for name in ("table_class", "holder", "retention")]
    if not (
        isinstance(words[0], TableClass) and isinstance(words[1], Holder) and isinstance(words[2], Retention)
    ):
        return None
    return Declaration(table, words[0], words[1], words[2])


def models_in(app_names: list[str]) -> Iterator[type[Model]]:
    """Every model with a table of its own, of the named apps, through tables included."""
    for config in apps.get_app_configs():
        if config.name in app_names or f"{config.__module__}.{type(config).__name__}" in app_names:
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed and not model._meta.proxy:
                    yield model


def declared(app_names: list[str]) -> list[Declaration]:
    found = [declaration_of(model) for model in models_in(app_names)]
    return sorted((one for one in found if one), key=lambda one: one.table)


def clinic_tables() -> list[Declaration]:
    """The tables of a clinic's schema."""
    own = Declaration("django_migrations", TableClass.DERIVED, Holder.NOBODY, Retention.WHILE_NEEDED)
    return [*declared(settings.TENANT_APPS), own]


def public_tables() -> list[Declaration]:
    """The tables of the public schema; the vault app's are elsewhere."""
    return [one for one in declared(settings.SHARED_APPS) if not one.table.startswith("vault_")]
