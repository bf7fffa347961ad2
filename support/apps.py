from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "support"
    default = True
    verbose_name = _("Domains of their own")

    def ready(self) -> None:
        from support import registry  # noqa: F401  registers every page of the admin


class PlatformAdminConfig(SimpleAdminConfig):
    """Django's admin, with our site in place of its own, and nothing registered but what we name."""

    default_site = "support.site.PlatformSite"
