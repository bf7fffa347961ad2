"""Registers the vault and its checks."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        from vault import checks

        register(checks.tags_used_once, Tags.models)
        register(checks.separate_servers, Tags.database, deploy=True)
