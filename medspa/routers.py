"""Which database and which kind of schema a model's table lives in."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import Model

VAULT = "vault"
OWNER = "owner"


class HouseRouter:
    """The vault app lives in the vault's instance; all else in the main one, by kind of schema.

    Migrations run as the owner: shared apps in `public`, clinic apps in a clinic's schema.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return VAULT if model._meta.app_label == VAULT else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        return (one._meta.app_label == VAULT) == (other._meta.app_label == VAULT)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if db == VAULT or app_label == VAULT:
            return db == VAULT and app_label == VAULT
        connection: Any = connections[db]
        public = connection.schema_name == "public"
        names = settings.SHARED_APPS if public else settings.TENANT_APPS
        config = apps.get_app_config(app_label)
        return config.name in names or f"{config.__module__}.{type(config).__name__}" in names
