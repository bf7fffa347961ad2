"""Deploy checks: what must not be so when real clinics use it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def production_is_serious(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SITE_SCHEME != "https":
        found.append(Error("SITE_SCHEME must be https.", id="medspa.E001"))
    if settings.SANDBOX_URL:
        found.append(Error("SANDBOX_URL is set: messages would go nowhere.", id="medspa.E002"))
    if not settings.PUBLIC_RATE_LIMIT:
        found.append(Error("PUBLIC_RATE_LIMIT=0 is for load tests.", id="medspa.E003"))
    if settings.PROCESS == "web" and "owner" in settings.DATABASES:
        found.append(Error("The web process holds the owner's database login.", id="medspa.E004"))
    return found
