"""The platform's own trail, to be read. A clinic's is in its own schema and not shown here."""

import json
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import ActorKind
from audit.models import Event
from audit.trail import DETAIL_TAG
from support.pages import Page
from support.site import site
from vault.errors import VaultError
from vault.sealing import open_bytes


@admin.register(Event, site=site)
class Trail(Page):
    label = _("Trail")
    permission = "platform.audit"
    list_display = ("at", "actor", "verb", "object_type", "object_id")
    list_filter = ("actor_kind", "object_type", "verb", "at")
    search_fields = ("=object_id", "=actor_id", "=verb")
    ordering = ("-at", "-id")
    fields = readonly_fields = (
        "at",
        "actor",
        "verb",
        "object_type",
        "object_id",
        "what",
        "request_id",
        "id",
    )

    def title_of(self, row: Any) -> str:
        return str(row.verb)

    @admin.display(description=_("who"))
    def actor(self, event: Event) -> str:
        if event.actor_kind == ActorKind.STAFF:
            name = User.objects.filter(pk=event.actor_id).values_list("display_name", flat=True).first()
            return name or event.actor_id
        return f"{event.actor_kind}: {event.actor_id}"

    @admin.display(description=_("details"))
    def what(self, event: Event) -> str:
        """Sealed at rest under the platform's key."""
        if event.detail is None:
            return ""
        try:
            told = json.loads(open_bytes(bytes(event.detail), tag=DETAIL_TAG, row=event.pk))
        except VaultError:
            return str(_("cannot be opened any more"))
        return "; ".join(f"{name}: {value}" for name, value in told.items())
