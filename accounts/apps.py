from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import api_schema  # noqa: F401  tells drf-spectacular of our two ways to sign in
