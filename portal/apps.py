from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import api_schema  # noqa: F401  tells drf-spectacular of the patients' way to sign in
