"""Checks of the deployment and of the models: the vault stands apart, and each tag means one field."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections

from vault.fields import sealed_fields
from vault.models import VAULT

MAIN = "default"


def separate_servers(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E001: a base backup of the main server must not carry the keys."""
    if not databases or not {MAIN, VAULT} <= set(databases):
        return []
    try:
        same = system_identifier(MAIN) == system_identifier(VAULT)
    except DatabaseError as error:
        return [Error(f"The servers could not be compared: {type(error).__name__}.", id="vault.E003")]
    if not same:
        return []
    return [
        Error(
            "The vault lies on the same PostgreSQL server as the main database.",
            hint="Give VAULT_DATABASE_URL a server of its own: a server's backups carry all it holds.",
            id="vault.E001",
        )
    ]


def system_identifier(alias: str) -> int:
    """The number a PostgreSQL server was given when it was initialised; replicas share it."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        identifier: int = cursor.fetchone()[0]
    return identifier


def tags_used_once(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E004: two fields with one tag could swap their tokens unseen."""
    users: dict[str, list[str]] = {}
    for model in apps.get_models():
        for field in sealed_fields(model):
            users.setdefault(field.tag, []).append(f"{model._meta.label}.{field.name}")
    return [
        Error(f"The tag {tag} is used by {' and '.join(names)}.", id="vault.E004")
        for tag, names in users.items()
        if len(names) > 1
    ]
