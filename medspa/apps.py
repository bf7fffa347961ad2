import sentry_sdk
from django.apps import AppConfig
from django.conf import settings


class MedspaConfig(AppConfig):
    """Holds the commands that compose several apps; listed before django_tenants so that they win."""

    name = "medspa"

    def ready(self) -> None:
        from medspa import checks  # noqa: F401  registers the deploy checks
        from medspa.logs import before_send

        if settings.SENTRY_DSN:
            sentry_sdk.init(
                dsn=settings.SENTRY_DSN,
                before_send=before_send,  # type: ignore[arg-type]  # their Event is a dict
                send_default_pii=False,
                include_local_variables=False,
                max_request_body_size="never",
                max_breadcrumbs=0,
            )
