"""What scheduling offers for a patient's record: the visits, as entries of the timeline."""

from django.urls import reverse

from accounts.access import may
from patients.record import Entry, Looking
from scheduling.coming import newest_visits


def entries(looking: Looking, most: int) -> list[Entry]:
    """Who opens the record sees the visits in it; the read of the record is in the trail already."""
    if not may(looking.user, "appointments.view"):
        return []
    return [
        Entry(
            at=visit.starts_at,
            kind="visit",
            title=visit.service.name,
            text=visit.provider.name,
            href=reverse("desk:visit", args=[visit.uid]),
            icon="calendar",
            badges=((visit.get_status_display(), "", "circle-dashed"),),
        )
        for visit in newest_visits(looking.person, most)
    ]
