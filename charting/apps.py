from django.apps import AppConfig


class ChartingConfig(AppConfig):
    name = "charting"

    def ready(self) -> None:
        from charting import listeners

        listeners.connect()
