"""Settings: drafts by a model on or off, and the ledger of what was asked."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from ai import choices, model, queries
from ai.models import Of
from core.clock import now
from core.http import see_other
from practice.profile import clinic_zone
from practice.shell import settings_page


@require_GET
@staff_page("ai.manage")
def ai(request: HttpRequest) -> HttpResponse:
    rows, before = queries.ledger(before=_moment(request.GET.get("before", "")))
    context = {
        "on": choices.clinic_allows(),
        "configured": model.is_configured(),
        "rows": rows,
        "before": before.isoformat() if before else "",
        "zone": clinic_zone(),
    }
    return settings_page(request, "ai", "desk/settings/ai.html", context)


@require_POST
@staff_page("ai.manage")
def switch(request: HttpRequest) -> HttpResponse:
    allowed = request.POST.get("allowed") == "1"
    choices.choose(Of.CLINIC, None, allowed=allowed, by=actor_of(request), at=now())
    messages.success(request, _("AI drafts are on.") if allowed else _("AI drafts are off."))
    return see_other(request, reverse("desk:ai"))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
