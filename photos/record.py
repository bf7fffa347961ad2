"""What photos offer for a patient's record: their tab, and each sitting as an entry of the timeline."""

from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import may
from patients.record import Entry, Looking, Tab
from photos.models import PhotoSet, Stage

PHOTOS: Final = Tab("photos", _("Photos"), "photos:record", "photos.view")


def entries(looking: Looking, most: int) -> list[Entry]:
    if not may(looking.user, "photos.view"):
        return []
    live = Count("photos", filter=Q(photos__archived_at=None))
    rows = PhotoSet.objects.filter(person=looking.person).select_related("service").annotate(count=live)
    href = reverse("photos:record", args=[looking.person.uid])
    return [
        Entry(
            at=one.taken_at,
            kind="photos",
            title=ngettext("%(count)d photo", "%(count)d photos", one.count) % {"count": one.count},
            text=" · ".join(
                filter(None, [str(Stage(one.stage).label), one.service.name if one.service else ""])
            ),
            href=f"{href}#set-{one.uid}",
            icon="image",
        )
        for one in rows.filter(count__gt=0).order_by("-taken_at")[:most]
    ]
