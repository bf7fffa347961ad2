"""Start-up checks: every table is declared, every clinic stays in its budget of tables."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tenants.classes import declaration_of, models_in

MOST_TABLES = 120


@register()
def every_table_is_declared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    names = [*settings.SHARED_APPS, *settings.TENANT_APPS]
    return [
        Error(
            f"{model._meta.label} declares no table_class, holder and retention.",
            hint="Set all three on the class (core.tables), or name a foreign table in FOREIGN_TABLES.",
            id="tenants.E001",
        )
        for model in models_in(names)
        if declaration_of(model) is None
    ]


@register()
def clinic_stays_small(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    count = sum(1 for _ in models_in(settings.TENANT_APPS))
    if count > MOST_TABLES:
        return [Error(f"A clinic has {count} tables; the budget is {MOST_TABLES}.", id="tenants.E002")]
    return []
