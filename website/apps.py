from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "website"

    def ready(self) -> None:
        from website import opening, registry  # noqa: F401  the registry adds our pages to the admin

        opening.connect()
