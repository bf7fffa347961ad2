"""What consents offers for a patient's record at the desk: the tab, what is missing today, and the timeline."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may
from consents import coming, queries
from consents.models import FormKind, Signature
from core.clock import local_date
from patients.record import Alert, Entry, Looking, Tab
from practice.profile import clinic_zone

FORMS: Final = Tab("forms", gettext_lazy("Forms"), "consents:forms", "consents.view")


def alerts(looking: Looking) -> list[Alert]:
    """Demanded forms that are missing for a visit today."""
    if not may(looking.user, "consents.view"):
        return []
    zone = clinic_zone()
    today = local_date(looking.at, zone)
    visits = [
        each
        for each in coming.coming_visits(looking.person, looking.at)
        if local_date(each.starts_at, zone) == today
    ]
    missing = (
        queries.missing_for(looking.person, [each.service for each in visits], looking.at) if visits else []
    )
    if not missing:
        return []
    titles = ", ".join(each.form.name for each in missing)
    return [Alert(_("Not signed for today’s visit"), titles, "care", "file-pen")]


def entries(looking: Looking, most: int) -> list[Entry]:
    if not may(looking.user, "consents.view"):
        return []
    rows = queries.signatures_of(looking.person)[:most]
    return [entry for one in rows for entry in _entries(one)]


def _entries(one: Signature) -> list[Entry]:
    href = reverse("consents:signature", args=[one.uid])
    title, kind = one.version.form.name, "consent"
    verb = _("Acknowledged") if one.version.form.kind == FormKind.NPP else _("Signed")
    found = [Entry(one.signed_at, kind, title, f"{verb}, {one.get_channel_display()}", href, "file-check")]
    if one.ended is not None:
        ended = one.ended
        text = f"{ended.get_kind_display()}, {ended.get_how_display()}"
        found.append(Entry(ended.at, kind, title, text, href, "file-text"))
    return found
