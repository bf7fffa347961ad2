"""Whether a calendar still is what somebody saw: two small queries, no name, nothing for the trail."""

import hashlib
from datetime import date, datetime, timedelta

from core.clock import days_span, local, utc_dates
from practice.models import Location
from scheduling.models import Appointment, Day
from scheduling.models.appointments import PRESENT

BUCKET = 5  # minutes after which a day shows something else by itself: who is late, what is over


def version_of(location: Location, first: date, count: int, *, at: datetime) -> str:
    """Another word whenever the days could look otherwise.

    The days' own versions count whatever takes or frees time and every change of working hours. Steps of a visit's
    day take no time and no lock, so the states are read themselves.
    """
    last = first + timedelta(days=count - 1)
    span = days_span(first, last, location.zone)
    days = list(Day.objects.filter(date__in=utc_dates(span)).order_by("date").values_list("date", "version"))
    rows = Appointment.objects.starting(span).filter(location=location).order_by("pk")
    states = list(rows.values_list("pk", "status", "revision"))
    now = local(at, location.zone)
    shown: list[object] = [now.date()]
    if first <= now.date() <= last:
        minutes = 1 if any(status in PRESENT for _pk, status, _revision in states) else BUCKET
        shown.append((now.hour * 60 + now.minute) // minutes)
    text = repr((location.pk, days, states, shown))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
