"""Adverse events as somebody may see them: those of their own patients, and all for who answers for all."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Anybody, may, require
from accounts.actors import actor_for
from accounts.models import User
from audit.trail import note_list
from charting.models import AdverseEvent, Severity
from charting.models.events import EventQuerySet
from core.reading import once
from patients import care
from patients.care import ANSWER_FOR_ALL
from patients.models import CareRelation, Person
from patients.record import Alert, Entry, Looking
from vault.fields import warm_rows

MOST = 200


def seen_by(user: User) -> EventQuerySet:
    rows = AdverseEvent.objects.select_related("person", "provider", "appointment__service")
    if user.role in ANSWER_FOR_ALL:
        return rows
    own = CareRelation.objects.filter(user=user).values("person")
    return rows.filter(Q(provider__user=user) | Q(person__in=own))


def listed(user: Anybody, *, closed: bool) -> list[AdverseEvent]:
    """What waits, the most urgent first; or what is closed, the latest first. The list goes into the trail."""
    staff = require(user, "chart.view")
    rows = seen_by(staff)
    chosen = (
        rows.filter(state="closed").order_by("-closed_at")
        if closed
        else rows.waiting().order_by("state", "due_at")
    )
    found = sorted(chosen[:MOST], key=lambda one: one.state != "open") if not closed else list(chosen[:MOST])
    warm_rows([one.person for one in found])
    shown = [one.person.uid for one in found]
    note_list("adverse_event.listed", by=actor_for(staff), kind="patients.person", shown=shown)
    return found


def events_of(person: Person) -> list[AdverseEvent]:
    """Of one record, the latest first; the reader has opened the record already."""
    rows = AdverseEvent.objects.filter(person=person).select_related("appointment__service")
    return list(rows.order_by("-reported_at")[:MOST])


def count_waiting(user: Anybody) -> int:
    """For the badge in the rail: reports that nobody has assessed yet."""
    staff = require(user, "chart.view")
    return seen_by(staff).filter(state="open").count()


def alerts(looking: Looking) -> list[Alert]:
    """Above every page of the record, as long as one is not closed."""
    if not _is_open(looking):
        return []
    waiting = [one for one in _of_record(looking.person) if one.state != "closed"]
    return [_alert(one, looking.at) for one in sorted(waiting, key=lambda one: one.due_at)]


@once
def _of_record(person: Person) -> list[AdverseEvent]:
    """The latest first; both the head and the timeline need them."""
    return list(AdverseEvent.objects.filter(person=person).order_by("-reported_at")[:MOST])


def entries(looking: Looking, most: int) -> list[Entry]:
    """The reports, in the timeline."""
    if not _is_open(looking):
        return []
    rows = _of_record(looking.person)[:most]
    return [
        Entry(
            at=one.reported_at,
            kind="adverse_event",
            title=_("Reaction reported"),
            text=Severity(one.grade).label,
            href=reverse("charting:event", args=[one.uid]),
            icon="triangle-alert",
            badges=((one.get_state_display(), "" if one.state == "closed" else "warning", "flag"),),
        )
        for one in rows
    ]


def _is_open(looking: Looking) -> bool:
    """The alert stands above pages that more people may open than the record: it asks for the care team itself."""
    return may(looking.user, "chart.view") and care.is_open(looking.user, looking.person, at=looking.at)


def _alert(event: AdverseEvent, at: datetime) -> Alert:
    late = _("not assessed in time") if event.is_late(at) else event.get_state_display()
    return Alert(_("Reaction reported: %(grade)s") % {"grade": Severity(event.grade).label}, late, tone="bad")
