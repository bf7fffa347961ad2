"""The platform's admin site: Django's, behind our sign-in, with nothing that writes past our actions."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.access import may
from accounts.pages import staff_page

VIEW = "platform.view"


class PlatformSite(AdminSite):
    """Only a platform role with its second factor shown gets in; who does is decided in accounts, not by `is_staff`."""

    site_title = _("medspa platform")
    site_header = _("medspa platform")
    index_title = _("Platform")
    site_url = None
    enable_nav_sidebar = False
    final_catch_all_view = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, VIEW)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the site: a good session of a platform role, and never a stored copy."""
        return staff_page(VIEW)(view if cacheable else never_cache(view))

    def get_urls(self) -> list[Any]:
        """The index and the registered pages. Sign-in and sign-out are accounts' own."""
        found: list[URLPattern | URLResolver] = [path("", self.admin_view(self.index), name="index")]
        for model, page in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            found.append(path(prefix, include(page.urls)))
        return found

    def sections(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Title and address of every page that this person may open, for the bar above."""
        listed = [
            (str(getattr(page, "label", "")), reverse(f"admin:{_name(model)}_changelist"))
            for model, page in self._registry.items()
            if page.has_module_permission(request)
        ]
        return [*listed, (str(_("Plans")), reverse("support_plans"))]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By app nobody would look for anything; `sections` is our list."""
        return []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "sections": self.sections(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"subtitle": None, **(extra_context or {})})


def _name(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


site = PlatformSite(name="admin")
